//! A device that is `RevokedAll` has no `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::Device;
use pinlatch::host::Host;
use pinlatch::session::RevokedAll;

async fn illegal<H: Host>(device: Device<'_, H, RevokedAll>, request: &RequestContext) {
    let _ = device.acknowledge(request).await;
}

fn main() {}
