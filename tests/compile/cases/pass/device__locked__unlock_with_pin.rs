//! A device that is `Locked` has `unlock_with_pin`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone, OpenDevice};
use pinlatch::host::Host;
use pinlatch::pin::Pin;
use pinlatch::session::Locked;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Locked>,
    entry: &Pin,
    request: &RequestContext,
) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
    device.unlock_with_pin(entry, request).await
}
