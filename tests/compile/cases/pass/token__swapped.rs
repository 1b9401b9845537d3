//! Each opens its own doors.
use pinlatch::account::{Account, Context};
use pinlatch::secret::{DeviceToken, SessionToken};

fn legal(account: &mut Account, session: &SessionToken, device: &DeviceToken, context: &Context<'_>) {
    let _ = account.lock(device, context);
    let _ = account.log_out_everywhere(session, context);
}
