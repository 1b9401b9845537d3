//! A device that is `PinPending` has no `unlock_with_pin`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::Pin;
use pinlatch::session::PinPending;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, PinPending>, entry: &Pin, request: &RequestContext) {
    let _ = device.unlock_with_pin(entry, request).await;
}

fn main() {}
