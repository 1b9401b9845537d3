//! A device that is `LoggedOut` has no `lock`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::LoggedOut;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, LoggedOut>, request: &RequestContext) {
    let _ = device.lock(request).await;
}

fn main() {}
