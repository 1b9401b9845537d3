//! Each opens its own doors.
use pinlatch::account::{Account, Moment};
use pinlatch::secret::{DeviceToken, SessionToken};

fn legal(account: &mut Account, session: &SessionToken, device: &DeviceToken, moment: &Moment<'_>) {
    let _ = account.lock(device, moment);
    let _ = account.log_out_everywhere(session, moment);
}
