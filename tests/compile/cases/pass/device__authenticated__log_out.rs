//! A device that is `Authenticated` has `log_out`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{AnyDevice, Device, NotDone};
use pinlatch::host::Host;
use pinlatch::session::Authenticated;

async fn legal<'g, H: Host>(
    device: Device<'g, H, Authenticated>,
    request: &RequestContext,
) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
    device.log_out(request).await
}
