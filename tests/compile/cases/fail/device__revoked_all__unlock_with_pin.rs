//! A device that is `RevokedAll` has no `unlock_with_pin`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::Pin;
use pinlatch::session::RevokedAll;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, RevokedAll>, entry: &Pin, request: &RequestContext) {
    let _ = device.unlock_with_pin(entry, request).await;
}

fn main() {}
