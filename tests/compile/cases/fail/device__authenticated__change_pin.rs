//! A device token alone does not `change_pin`: that takes the open app, and so the session.
use pinlatch::account::{PinEntries, RequestContext};
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::pin::{PersonalWords, Pin};
use pinlatch::session::Authenticated;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, Authenticated>,
    current: &Pin,
    new: &PinEntries,
    words: &PersonalWords,
    request: &RequestContext,
) {
    let _ = device.change_pin(current, new, words, request).await;
}

fn main() {}
