//! A device that is `RevokedAll` has no `unlock_with_biometric`.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::{BiometricAssertion, RevokedAll};

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, RevokedAll>,
    assertion: &BiometricAssertion,
    request: &RequestContext,
) {
    let _ = device.unlock_with_biometric(assertion, request).await;
}

fn main() {}
