//! A device that is `RevokedAll` has no `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::RevokedAll;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, RevokedAll>, request: &RequestContext) {
    let _ = device.acknowledge(request).await;
}

fn main() {}
