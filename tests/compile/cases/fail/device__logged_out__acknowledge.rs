//! A device that is `LoggedOut` has no `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::LoggedOut;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, LoggedOut>, request: &RequestContext) {
    let _ = device.acknowledge(request).await;
}

fn main() {}
