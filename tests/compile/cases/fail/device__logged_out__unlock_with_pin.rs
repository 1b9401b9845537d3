//! A device that is `LoggedOut` has no `unlock_with_pin`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::Pin;
use pinlatch::session::LoggedOut;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, LoggedOut>, entry: &Pin, request: &RequestContext) {
    let _ = device.unlock_with_pin(entry, request).await;
}

fn main() {}
