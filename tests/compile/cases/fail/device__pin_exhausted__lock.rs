//! A device that is `PinExhausted` has no `lock`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::PinExhausted;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, PinExhausted>, request: &RequestContext) {
    let _ = device.lock(request).await;
}

fn main() {}
