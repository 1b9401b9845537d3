//! A handle is used up by the command that it was given.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::Authenticated;

async fn illegal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    request: &RequestContext,
) -> Result<(), NotDone<'g, H>> {
    let _locked = device.lock(request).await?;
    let _out = device.log_out(request).await?;
    Ok(())
}

fn main() {}
