//! A device that is `Locked` has `log_out`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{AnyDevice, DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::Locked;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Locked>,
    request: &RequestContext,
) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
    device.log_out(request).await
}
