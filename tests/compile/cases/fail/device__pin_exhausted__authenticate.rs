//! A device that is `PinExhausted` has no `authenticate`.
use pinlatch::account::{DeviceLabel, RequestContext, StrongAuthentication};
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::PinExhausted;

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, PinExhausted>,
    evidence: StrongAuthentication,
    label: DeviceLabel,
    request: &RequestContext,
) {
    let _ = device.authenticate(evidence, label, None, request).await;
}

fn main() {}
