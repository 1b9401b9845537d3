//! A device that is `LoggedOut` has `log_out`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{AnyDevice, DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::LoggedOut;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, LoggedOut>,
    request: &RequestContext,
) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
    device.log_out(request).await
}
