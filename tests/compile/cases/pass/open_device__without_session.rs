//! The session's token is looked for in the record.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, GateError, OpenDevice};
use pinlatch::host::Host;
use pinlatch::secret::SessionToken;
use pinlatch::session::Authenticated;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    session: &SessionToken,
    request: &RequestContext,
) -> Result<OpenDevice<'g, H>, GateError> {
    Ok(device.with_session(session, request).await?)
}
