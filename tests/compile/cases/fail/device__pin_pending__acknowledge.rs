//! A device that is `PinPending` has no `acknowledge`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::PinPending;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, PinPending>, request: &RequestContext) {
    let _ = device.acknowledge(request).await;
}

fn main() {}
