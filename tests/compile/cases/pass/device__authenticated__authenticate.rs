//! A device that is `Authenticated` has `authenticate`.
use pinlatch::account::{DeviceLabel, RequestContext, StrongAuthentication};
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::{Authenticated, PinPending};

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    evidence: StrongAuthentication,
    label: DeviceLabel,
    request: &RequestContext,
) -> Result<DeviceHandle<'g, H, PinPending>, NotDone<'g, H>> {
    device.authenticate(evidence, label, None, request).await
}
