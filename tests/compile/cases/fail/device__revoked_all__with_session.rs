//! A device that is `RevokedAll` has no `with_session`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::secret::SessionToken;
use pinlatch::session::RevokedAll;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, RevokedAll>,
    session: &SessionToken,
    request: &RequestContext,
) {
    let _ = device.with_session(session, request).await;
}

fn main() {}
