//! A device that is `Locked` has `unlock_with_biometric`.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone, OpenDevice};
use pinlatch::host::Host;
use pinlatch::session::{BiometricAssertion, Locked};

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Locked>,
    assertion: &BiometricAssertion,
    request: &RequestContext,
) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
    device.unlock_with_biometric(assertion, request).await
}
