//! A device token alone does not `enable_biometric`: that takes the open app, and so the session.
use pinlatch::account::RequestContext;
use pinlatch::gate::DeviceHandle;
use pinlatch::host::Host;
use pinlatch::session::{Authenticated, Baseline, Modality};

async fn illegal<H: Host>(
    device: DeviceHandle<'_, H, Authenticated>,
    modality: Modality,
    baseline: Baseline,
    request: &RequestContext,
) {
    let _ = device.enable_biometric(modality, baseline, request).await;
}

fn main() {}
