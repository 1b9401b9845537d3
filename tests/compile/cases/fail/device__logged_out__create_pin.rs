//! A device that is `LoggedOut` has no `create_pin`.
use pinlatch::account::{PinEntries, RequestContext};
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::PersonalWords;
use pinlatch::session::LoggedOut;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, LoggedOut>,
    entries: &PinEntries,
    words: &PersonalWords,
    request: &RequestContext,
) {
    let _ = device.create_pin(entries, words, request).await;
}

fn main() {}
