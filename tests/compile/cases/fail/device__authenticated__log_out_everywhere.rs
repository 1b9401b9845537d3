//! A device token alone does not `log_out_everywhere`: that takes the open app, and so the session.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::Authenticated;

async fn illegal<H: Host>(device: DeviceHandle<'_, H, Authenticated>, request: &RequestContext) {
    let _ = device.log_out_everywhere(request).await;
}

fn main() {}
