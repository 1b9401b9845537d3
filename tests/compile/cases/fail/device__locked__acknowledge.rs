//! A device that is `Locked` has no `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::Device;
use pinlatch::host::Host;
use pinlatch::session::Locked;

async fn illegal<H: Host>(device: Device<'_, H, Locked>, request: &RequestContext) {
    let _ = device.acknowledge(request).await;
}

fn main() {}
