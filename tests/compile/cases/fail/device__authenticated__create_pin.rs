//! A device that is `Authenticated` has no `create_pin`.
use pinlatch::account::{PinEntries, RequestContext};
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::PersonalWords;
use pinlatch::session::Authenticated;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, Authenticated>,
    entries: &PinEntries,
    words: &PersonalWords,
    request: &RequestContext,
) {
    let _ = device.create_pin(entries, words, request).await;
}

fn main() {}
