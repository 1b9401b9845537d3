//! A device that is `Authenticated` has `with_session`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone, OpenDevice};
use pinlatch::host::Host;
use pinlatch::secret::SessionToken;
use pinlatch::session::Authenticated;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    session: &SessionToken,
    request: &RequestContext,
) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
    device.with_session(session, request).await
}
