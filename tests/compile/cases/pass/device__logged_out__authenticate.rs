//! A device that is `LoggedOut` has `authenticate`.
use pinlatch::account::{DeviceLabel, RequestContext, StrongAuthentication};
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::{LoggedOut, PinPending};

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, LoggedOut>,
    evidence: StrongAuthentication,
    label: DeviceLabel,
    request: &RequestContext,
) -> Result<DeviceHandle<'g, H, PinPending>, NotDone<'g, H>> {
    device.authenticate(evidence, label, None, request).await
}
