//! A device that is `Authenticated` has `unlock_with_pin`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone, OpenDevice};
use pinlatch::host::Host;
use pinlatch::pin::Pin;
use pinlatch::session::Authenticated;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    entry: &Pin,
    request: &RequestContext,
) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
    device.unlock_with_pin(entry, request).await
}
