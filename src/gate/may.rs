//! Which states have which command on the typed road: the cells of the table in [`session`](crate::session) that lead
//! somewhere, or change nothing. What the table refuses, or has no cell for, does not compile.

use crate::session::{Authenticated, Locked, LoggedOut, PinExhausted, PinPending, RevokedAll};

macro_rules! may {
    ($($command:ident: $($state:ty)+;)+) => {
        $(
            pub trait $command {}
            $(impl $command for $state {})+
        )+
    };
}

may! {
    Authenticate: LoggedOut PinPending Authenticated Locked RevokedAll;
    CreatePin: PinPending;
    Unlock: Authenticated Locked;
    Lock: Authenticated Locked;
    Acknowledge: PinExhausted;
    LogOut: LoggedOut PinPending Authenticated Locked PinExhausted RevokedAll;
}
