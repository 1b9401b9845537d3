//! A device that is `PinPending` has `create_pin`.
use pinlatch::account::{PinEntries, RequestContext};
use pinlatch::gate::{DeviceHandle, NotDone, OpenDevice};
use pinlatch::host::Host;
use pinlatch::pin::PersonalWords;
use pinlatch::session::PinPending;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, PinPending>,
    entries: &PinEntries,
    words: &PersonalWords,
    request: &RequestContext,
) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
    device.create_pin(entries, words, request).await
}
