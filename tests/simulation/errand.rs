//! A command on its way: started on one gate instance, with what the host knew when it began.

use std::pin::Pin as Pinned;

use pinlatch::account::{AccountOverview, DeviceIntegrity, DeviceSummary, DeviceView, IssuedInvitation};
use pinlatch::gate::{AuthenticationOffer, GateError, SignedIn};
use pinlatch::id::{DeviceId, EventId};
use pinlatch::people::Functions;
use pinlatch::secret::SessionToken;

use crate::commands::{Command, Whom};
use crate::people::{Day, Human};
use crate::reference::{Account, Answer, Model, Purpose, Settling, Start};

/// What a client gets.
#[derive(Debug)]
pub(crate) enum Got {
    Done,
    Offer(AuthenticationOffer),
    SignedIn(SignedIn),
    Session(SessionToken),
    View(DeviceView),
    Granted(DeviceId),
    Functions(Functions),
    Devices(Vec<DeviceSummary>),
    Overview(AccountOverview),
    Invitation(IssuedInvitation),
}

pub(crate) type Doing = Pinned<Box<dyn Future<Output = Result<Got, GateError>> + Send>>;

/// What the host knew when a command began.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) today: Day,
    pub(crate) people: Vec<Human>,
    /// Whether the directory answered.
    pub(crate) directory: bool,
    /// The phone of the command, its integrity, and the faces enrolled on it.
    pub(crate) phone: Option<(usize, DeviceIntegrity, u8)>,
}

/// What the model says that should come of a command, at one point of its way.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) outcome: Result<Answer, pinlatch::refusal::RefusalCode>,
    /// Whether a write belongs to it.
    pub(crate) writes: bool,
    /// For `Begin`: what was begun.
    pub(crate) begun: Option<Start>,
}

/// One command.
pub(crate) struct Errand {
    pub(crate) command: Command,
    pub(crate) person: usize,
    pub(crate) known: Known,
    /// What the host knew when it looked once more, while the PIN was hashed.
    pub(crate) known_again: Option<Known>,
    /// The account on which the gate decides next: as it was at the latest read, or left by the charge.
    pub(crate) base: Option<Account>,
    /// Whether the journal was up at one of its reads: what it took then is out of the way from then on.
    pub(crate) saw_journal: bool,
    /// At the latest read.
    pub(crate) at_read: Option<Due>,
    /// At the latest of its own writes.
    pub(crate) at_write: Option<Due>,
    /// How many writes of the account there were since.
    pub(crate) buried_under: usize,
    /// Whether its latest write landed after it had read once more, and perhaps decided without it.
    pub(crate) landed_late: bool,
    /// Whether they were once more than the record remembers, so that it did not find a write of its own.
    pub(crate) was_buried: bool,
    /// The last event of the account after that write, but for a clock set back, which may be counted in
    /// another one later.
    pub(crate) last_event: Option<EventId>,
    /// What was charged; it is settled next once the hash is there.
    pub(crate) charged: Option<Settling>,
    pub(crate) hasher_failed: bool,
    /// Whether its random source repeated itself meanwhile, or its journal kept it waiting.
    pub(crate) is_unlucky: bool,
}

impl Errand {
    /// Whether the directory could not be asked, at the beginning or for the settlement.
    pub(crate) fn directory_failed(&self) -> bool {
        let again = self.known_again.as_ref().is_some_and(|known| !known.directory);
        !self.known.directory || again
    }

    pub(crate) const fn begins(&self) -> bool {
        matches!(self.command, Command::Begin { .. })
    }

    /// Whether it enters a PIN that is to be hashed, and for what.
    pub(crate) const fn purpose(&self) -> Option<Purpose> {
        match self.command {
            Command::CreatePin { first, .. } => Some(Purpose::Create { pin: first }),
            Command::Unlock { pin, .. } => Some(Purpose::Unlock { entered: pin }),
            Command::ChangePin { current, new, request, .. } => {
                Some(Purpose::Change { entered: current, new, request })
            }
            _ => None,
        }
    }
}

/// Whose account a command of the app or the browser goes to; none for what happens around.
pub(crate) fn person_of(command: Command, model: &Model) -> Option<usize> {
    Some(match command {
        Command::Begin { whom: Whom::Device(token) } => model.device_tokens[token],
        Command::Begin { whom: Whom::Invitation(number) } => model.invitations[number],
        // Of nobody; as good as anybody.
        Command::Begin { whom: Whom::Nobody } => 0,
        Command::Invite { person, .. }
        | Command::Withdraw { person, .. }
        | Command::LogOutDeviceOf { person, .. }
        | Command::Overview { person, .. }
        | Command::Reassess { person }
        | Command::Erase { person }
        | Command::RevokeAll { person, .. } => person,
        Command::Authenticate(sign_in) => sign_in.person,
        other => match tokens_of(other) {
            (Some(token), _) => model.device_tokens[token],
            (_, Some(session)) => model.session_tokens[session],
            (None, None) => return None,
        },
    })
}

/// The device token and the session token that a command presents, by their numbers.
pub(crate) const fn tokens_of(command: Command) -> (Option<usize>, Option<usize>) {
    match command {
        Command::Authenticate(crate::commands::SignIn { known, .. }) => (known, None),
        Command::Begin { whom: Whom::Device(token) }
        | Command::CreatePin { token, .. }
        | Command::Lock { token }
        | Command::Unlock { token, .. }
        | Command::UnlockBiometric { token, .. }
        | Command::Acknowledge { token }
        | Command::LogOut { token }
        | Command::ReportIntegrity { token, .. }
        | Command::View { token } => (Some(token), None),
        Command::EnableBiometric { session, .. }
        | Command::DisableBiometric { session, .. }
        | Command::ChangePin { session, .. }
        | Command::Check { session, .. }
        | Command::OfferFunctions { session, .. }
        | Command::ListDevices { session, .. }
        | Command::Rename { session, .. }
        | Command::LogOutDevice { session, .. }
        | Command::LogOutEverywhere { session } => (None, Some(session)),
        _ => (None, None),
    }
}

/// The phone whose integrity or faces the command reports.
pub(crate) const fn phone_of(command: Command) -> Option<usize> {
    match command {
        Command::Authenticate(crate::commands::SignIn { phone, .. })
        | Command::CreatePin { phone, .. }
        | Command::Unlock { phone, .. }
        | Command::UnlockBiometric { phone, .. }
        | Command::ReportIntegrity { phone, .. }
        | Command::EnableBiometric { phone, .. }
        | Command::ChangePin { phone, .. }
        | Command::Check { phone, .. }
        | Command::ListDevices { phone, .. }
        | Command::Rename { phone, .. }
        | Command::OfferFunctions { phone, .. } => Some(phone),
        _ => None,
    }
}
