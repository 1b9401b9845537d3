//! A device that is `PinPending` has `log_out`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{AnyDevice, DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::PinPending;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, PinPending>,
    request: &RequestContext,
) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
    device.log_out(request).await
}
