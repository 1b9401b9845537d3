//! A device that is `Locked` has no `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::Locked;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, Locked>, request: &RequestContext) {
    let _ = device.acknowledge(request).await;
}

fn main() {}
