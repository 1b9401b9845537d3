//! A device that is `Locked` has `lock`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{Device, NotDone};
use pinlatch::host::Host;
use pinlatch::session::Locked;

async fn legal<'g, H: Host>(
    device: Device<'g, H, Locked>,
    request: &RequestContext,
) -> Result<Device<'g, H, Locked>, NotDone<'g, H>> {
    device.lock(request).await
}
