//! A device that is `LoggedOut` has no `with_session`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::secret::SessionToken;
use pinlatch::session::LoggedOut;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, LoggedOut>,
    session: &SessionToken,
    request: &RequestContext,
) {
    let _ = device.with_session(session, request).await;
}

fn main() {}
