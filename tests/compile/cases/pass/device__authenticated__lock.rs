//! A device that is `Authenticated` has `lock`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::{Authenticated, Locked};

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    request: &RequestContext,
) -> Result<DeviceHandle<'g, H, Locked>, NotDone<'g, H>> {
    device.lock(request).await
}
