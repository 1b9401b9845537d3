//! A device that is `RevokedAll` has `log_out`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{AnyDevice, Device, NotDone};
use pinlatch::host::Host;
use pinlatch::session::RevokedAll;

async fn legal<'g, H: Host>(
    device: Device<'g, H, RevokedAll>,
    request: &RequestContext,
) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
    device.log_out(request).await
}
