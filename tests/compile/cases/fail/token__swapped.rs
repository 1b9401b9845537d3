//! A session token is no device token, nor the other way round.
use pinlatch::account::{Account, Moment};
use pinlatch::secret::{DeviceToken, SessionToken};

fn illegal(account: &mut Account, session: &SessionToken, device: &DeviceToken, moment: &Moment<'_>) {
    let _ = account.lock(session, moment);
    let _ = account.log_out_everywhere(device, moment);
}

fn main() {
    let _ = illegal;
}
