//! A device token alone does not `devices`: that takes the open app, and so the session.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::Authenticated;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, Authenticated>, request: &RequestContext) {
    let _ = device.devices(request).await;
}

fn main() {}
