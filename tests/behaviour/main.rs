//! What the account does, as a host and its people meet it: one module for each subject. Tests are named
//! by the rule that they show.

mod attempts;
mod biometrics;
mod change_pin;
mod damaged_record;
mod devices;
mod eligibility;
mod erase;
mod eviction;
mod evidence;
mod given;
mod guards;
mod hand_over;
mod host;
mod integrity;
mod invariants;
mod invitation;
mod journal;
mod lock;
mod log_out;
mod lowering;
mod next_steps;
mod people;
mod permissions;
mod pin;
mod random_clocks;
mod refusals;
mod revocation;
mod secrets;
mod session_check;
mod sign_in;
mod starting_over;
mod time;
mod tokens;
mod unusable_record;
mod write_loop;
