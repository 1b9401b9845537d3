//! A device that is `Locked` has `lock`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::Locked;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Locked>,
    request: &RequestContext,
) -> Result<DeviceHandle<'g, H, Locked>, NotDone<'g, H>> {
    device.lock(request).await
}
