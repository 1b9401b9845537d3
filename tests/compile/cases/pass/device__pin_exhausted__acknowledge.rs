//! A device that is `PinExhausted` has `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{Device, NotDone};
use pinlatch::host::Host;
use pinlatch::session::{LoggedOut, PinExhausted};

async fn legal<'g, H: Host>(
    device: Device<'g, H, PinExhausted>,
    request: &RequestContext,
) -> Result<Device<'g, H, LoggedOut>, NotDone<'g, H>> {
    device.acknowledge(request).await
}
