//! A device that is `LoggedOut` has no `unlock_with_biometric`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::{BiometricAssertion, LoggedOut};

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, LoggedOut>,
    assertion: &BiometricAssertion,
    request: &RequestContext,
) {
    let _ = device.unlock_with_biometric(assertion, request).await;
}

fn main() {}
