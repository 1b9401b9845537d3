//! A session token is no device token, nor the other way round.
use pinlatch::account::{Account, Context};
use pinlatch::secret::{DeviceToken, SessionToken};

fn illegal(account: &mut Account, session: &SessionToken, device: &DeviceToken, context: &Context<'_>) {
    let _ = account.lock(session, context);
    let _ = account.log_out_everywhere(device, context);
}

fn main() {
    let _ = illegal;
}
