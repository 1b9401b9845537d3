//! A device that is `Authenticated` has `unlock_with_biometric`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone, OpenDevice};
use pinlatch::host::Host;
use pinlatch::session::{Authenticated, BiometricAssertion};

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    assertion: &BiometricAssertion,
    request: &RequestContext,
) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
    device.unlock_with_biometric(assertion, request).await
}
