//! A device that is `Locked` has `authenticate`.
use pinlatch::account::{DeviceLabel, RequestContext, StrongAuthentication};
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::{Locked, PinPending};

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Locked>,
    evidence: StrongAuthentication,
    label: DeviceLabel,
    request: &RequestContext,
) -> Result<DeviceHandle<'g, H, PinPending>, NotDone<'g, H>> {
    device.authenticate(evidence, label, None, request).await
}
