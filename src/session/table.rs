//! The transition table, once, as data. The diagram and the table in the module's documentation
//! are generated from it, and [`AnySession`](super::AnySession) takes its refusals from it.

use alloc::string::String;
use core::fmt::Write as _;

use super::state::SessionState::{
    self, Authenticated, Locked, LoggedOut, PinExhausted, PinPending, RevokedAll,
};
use crate::refusal::RefusalCode as Code;

/// A command to a device session, or something that happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Strong authentication succeeded.
    Authenticate,
    /// The new PIN was entered twice.
    CreatePin,
    /// A function of the app is used.
    Use,
    /// Lock.
    Lock,
    /// The right PIN.
    UnlockWithRightPin,
    /// A wrong PIN, the first to the fourth in a row.
    UnlockWithWrongPin,
    /// The fifth wrong PIN in a row.
    UnlockWithFifthWrongPin,
    /// A recognised face or fingerprint.
    UnlockWithBiometric,
    /// "OK" to the message about too many wrong PINs.
    Acknowledge,
    /// Log out.
    LogOut,
    /// Log out from all devices, chosen on this device.
    LogOutEverywhere,
    /// Logged out from all devices by another device or an administrator.
    RevokedElsewhere,
    /// The device was found rooted or jailbroken.
    DeviceModified,
}

/// What a command does in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// The session moves to that state.
    To(SessionState),
    /// Success without a transition.
    Unchanged,
    /// Refused with that code.
    Refused(Code),
    /// Does not exist on the typed session; refused with that code where the state is only known
    /// at run time.
    Absent(Code),
    /// With a valid invitation to that state; otherwise refused with that code.
    Invited(SessionState, Code),
}

const STAYS_OPEN: Cell = Cell::To(Authenticated);
const STAYS_LOCKED: Cell = Cell::To(Locked);

/// Every command in every state. The columns are [`SessionState::ALL`].
pub const TABLE: [(Command, [Cell; 6]); 13] = {
    use Cell::{Absent, Invited, Refused, To, Unchanged};
    use Code as C;
    const OUT: Cell = Absent(C::AuthenticationRequired);
    const PIN: Cell = Absent(C::PinRequired);
    const GONE: Cell = Absent(C::PinExhausted);
    const VOID: Cell = Absent(C::ReinvitationRequired);
    const AGAIN: Cell = To(PinPending);
    const HAS_ONE: Cell = Absent(C::PinExists);
    const IDLE: Cell = Absent(C::NothingToAcknowledge);
    const REINVITE: Cell = Invited(PinPending, C::ReinvitationRequired);
    [
        (
            Command::Authenticate,
            [To(PinPending), AGAIN, AGAIN, AGAIN, Refused(C::AcknowledgementRequired), REINVITE],
        ),
        (Command::CreatePin, [OUT, To(Authenticated), HAS_ONE, HAS_ONE, GONE, VOID]),
        (
            Command::Use,
            [
                Refused(C::AuthenticationRequired),
                Refused(C::PinRequired),
                Unchanged,
                Refused(C::Locked),
                Refused(C::PinExhausted),
                Refused(C::ReinvitationRequired),
            ],
        ),
        (Command::Lock, [OUT, Refused(C::PinRequired), To(Locked), Unchanged, GONE, VOID]),
        (Command::UnlockWithRightPin, [OUT, PIN, To(Authenticated), To(Authenticated), GONE, VOID]),
        (Command::UnlockWithWrongPin, [OUT, PIN, STAYS_OPEN, STAYS_LOCKED, GONE, VOID]),
        (Command::UnlockWithFifthWrongPin, [OUT, PIN, To(PinExhausted), To(PinExhausted), GONE, VOID]),
        (Command::UnlockWithBiometric, [OUT, PIN, To(Authenticated), To(Authenticated), GONE, VOID]),
        (Command::Acknowledge, [IDLE, IDLE, IDLE, IDLE, To(LoggedOut), IDLE]),
        (Command::LogOut, [Unchanged, To(LoggedOut), To(LoggedOut), To(LoggedOut), To(LoggedOut), Unchanged]),
        (Command::LogOutEverywhere, [OUT, PIN, To(RevokedAll), Absent(C::Locked), GONE, Unchanged]),
        (
            Command::RevokedElsewhere,
            [To(RevokedAll), To(RevokedAll), To(RevokedAll), To(RevokedAll), To(RevokedAll), Unchanged],
        ),
        (
            Command::DeviceModified,
            [Unchanged, To(LoggedOut), To(LoggedOut), To(LoggedOut), To(LoggedOut), Unchanged],
        ),
    ]
};

/// What the table says of a command in a state.
#[must_use]
pub fn cell(command: Command, state: SessionState) -> Cell {
    let row = TABLE.iter().find(|(known, _)| *known == command).map(|(_, row)| row);
    let found = row.and_then(|row| SessionState::ALL.iter().zip(row).find(|(known, _)| **known == state));
    found.map_or(Cell::Absent(Code::AuthenticationRequired), |(_, cell)| *cell)
}

/// The code with which a command is refused in a state that has no such transition.
pub(super) fn refusal(command: Command, state: SessionState) -> Code {
    match cell(command, state) {
        Cell::Refused(code) | Cell::Absent(code) | Cell::Invited(_, code) => code,
        // Unreachable as long as `AnySession` agrees with the table, which a test checks cell by cell.
        Cell::To(_) | Cell::Unchanged => Code::AuthenticationRequired,
    }
}

impl Command {
    /// The command in words, as in the diagram.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::CreatePin => "create PIN",
            Self::Use => "use a function",
            Self::Lock => "lock",
            Self::UnlockWithRightPin => "right PIN",
            Self::UnlockWithWrongPin => "wrong PIN 1-4",
            Self::UnlockWithFifthWrongPin => "wrong PIN 5",
            Self::UnlockWithBiometric => "face or fingerprint",
            Self::Acknowledge => "acknowledge (OK)",
            Self::LogOut => "log out",
            Self::LogOutEverywhere => "log out from all devices",
            Self::RevokedElsewhere => "revoked elsewhere",
            Self::DeviceModified => "device turns modified",
        }
    }
}

/// The state machine as a Mermaid diagram.
#[must_use]
pub fn mermaid() -> String {
    let mut out = String::from("stateDiagram-v2\n    [*] --> LoggedOut\n");
    for (command, row) in &TABLE {
        for (from, cell) in SessionState::ALL.iter().zip(row) {
            let (to, note) = match cell {
                Cell::To(to) => (to, ""),
                Cell::Invited(to, _) => (to, ", with a valid invitation"),
                Cell::Unchanged | Cell::Refused(_) | Cell::Absent(_) => continue,
            };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "    {from} --> {to}: {}{note}", command.words());
        }
    }
    out
}

/// The whole table in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| command |");
    for state in SessionState::ALL {
        let _ = write!(out, " `{state}` |");
    }
    out.push_str("\n|---|---|---|---|---|---|---|\n");
    for (command, row) in &TABLE {
        let _ = write!(out, "| {} |", command.words());
        for cell in row {
            let _ = match cell {
                Cell::To(to) => write!(out, " → `{to}` |"),
                Cell::Unchanged => write!(out, " unchanged |"),
                Cell::Refused(code) => write!(out, " refused `{code}` |"),
                Cell::Absent(code) => write!(out, " – (`{code}`) |"),
                Cell::Invited(to, code) => {
                    write!(out, " with an invitation → `{to}`; else refused `{code}` |")
                }
            };
        }
        out.push('\n');
    }
    out
}
