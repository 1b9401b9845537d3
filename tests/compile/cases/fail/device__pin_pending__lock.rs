//! A device that is `PinPending` has no `lock`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::PinPending;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, PinPending>, request: &RequestContext) {
    let _ = device.lock(request).await;
}

fn main() {}
