//! A device that is `PinExhausted` has no `unlock_with_pin`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::Pin;
use pinlatch::session::PinExhausted;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, PinExhausted>, entry: &Pin, request: &RequestContext) {
    let _ = device.unlock_with_pin(entry, request).await;
}

fn main() {}
