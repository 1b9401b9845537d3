//! One file a use case. Each is a pure function of the account: it asks the guards, and lets the state
//! change what has to change.

mod acknowledge;
mod attempt;
mod authenticate;
mod begin_authentication;
mod biometrics;
mod change_pin;
mod check;
mod create_pin;
mod device_view;
mod devices;
mod erase;
mod invite;
mod lock;
mod log_out;
mod log_out_everywhere;
mod overview;
mod reassess;
mod rename_device;
mod report_integrity;
mod revoke_all;
mod unlock_with_biometric;
mod unlock_with_pin;
mod withdraw_invitation;
