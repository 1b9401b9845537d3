//! A device that is `PinExhausted` has no `unlock_with_biometric`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::{BiometricAssertion, PinExhausted};

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, PinExhausted>,
    assertion: &BiometricAssertion,
    request: &RequestContext,
) {
    let _ = device.unlock_with_biometric(assertion, request).await;
}

fn main() {}
