//! What a command gives back goes on.
use pinlatch::account::RequestContext;
use pinlatch::gate::{DeviceHandle, NotDone};
use pinlatch::host::Host;
use pinlatch::session::Authenticated;

async fn legal<'g, H: Host>(
    device: DeviceHandle<'g, H, Authenticated>,
    request: &RequestContext,
) -> Result<(), NotDone<'g, H>> {
    let locked = device.lock(request).await?;
    let _out = locked.log_out(request).await?;
    Ok(())
}
