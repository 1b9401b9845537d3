//! A device that is `RevokedAll` has no `create_pin`.
use pinlatch::account::{PinEntries, RequestContext};
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::PersonalWords;
use pinlatch::session::RevokedAll;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, RevokedAll>,
    entries: &PinEntries,
    words: &PersonalWords,
    request: &RequestContext,
) {
    let _ = device.create_pin(entries, words, request).await;
}

fn main() {}
