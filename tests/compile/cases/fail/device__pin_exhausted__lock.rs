//! A device that is `PinExhausted` has no `lock`.
use pinlatch::account::RequestContext;
use pinlatch::gate::Device;
use pinlatch::host::Host;
use pinlatch::session::PinExhausted;

async fn illegal<H: Host>(device: Device<'_, H, PinExhausted>, request: &RequestContext) {
    let _ = device.lock(request).await;
}

fn main() {}
