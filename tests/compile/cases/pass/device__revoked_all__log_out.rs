//! A device that is `RevokedAll` has `log_out`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{AnyDevice, DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::RevokedAll;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, RevokedAll>,
    request: &RequestContext,
) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
    device.log_out(request).await
}
