//! A device that is `Authenticated` has no `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::Authenticated;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, Authenticated>, request: &RequestContext) {
    let _ = device.acknowledge(request).await;
}

fn main() {}
