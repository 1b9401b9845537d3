//! A device that is `PinExhausted` has `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::{LoggedOut, PinExhausted};

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, PinExhausted>,
    request: &RequestContext,
) -> Result<DeviceHandle<'g, H, LoggedOut>, NotDone<'g, H>> {
    device.acknowledge(request).await
}
