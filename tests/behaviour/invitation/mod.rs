//! Invitations: for a foreign user, and back in after a log-out from all devices.

mod accept;
mod issue;
