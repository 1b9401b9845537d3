//! Hosts of two releases that share one store: commands in words that both understand.

use std::time::Duration;

use pinlatch::record::StoredVersion;
use pinlatch_next::record::StoredVersion as NextVersion;

/// One command of a person or of the administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Act {
    SignIn,
    SignInAnew,
    CreatePin,
    Lock,
    Unlock,
    Mistype,
    Exhaust,
    UnlockByFace,
    EnableFace,
    Check,
    ChangePin,
    Acknowledge,
    Status,
    LogOut,
    LogOutEverywhere,
    Invite,
    WithdrawInvitation,
    RevokeAll,
    DeliverEvents,
}

/// What a phone keeps, as text, and whose it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) owner: usize,
    pub(crate) token: Option<String>,
    pub(crate) session: Option<String>,
    /// The device's id, for the test kit's phone.
    pub(crate) id: Option<String>,
    /// The invitation that was sent to this phone last.
    pub(crate) invitation: Option<String>,
}

/// What came of a command: a word of what was answered, or the code of the refusal.
pub(crate) type Answer = Result<String, String>;

/// A release, in memory: its parts, and a new process of it for each command.
pub(crate) trait Release {
    /// A process of this release with this seed runs one command.
    fn act(&self, act: Act, kept: &mut Kept, seed: u64) -> Answer;
    fn bytes(&self, owner: usize) -> Option<Vec<u8>>;
    fn put(&self, owner: usize, bytes: Option<Vec<u8>>);
    /// Every event that this release has told, with its number.
    fn told(&self, owner: usize) -> Vec<(u64, String)>;
    fn wait(&self, span: Duration);
    fn set_journal_down(&self, down: bool);
    /// The account as text, whatever version it is stored in.
    fn account(&self, owner: usize) -> Option<String>;
}

macro_rules! release {
    ($name:ident, $core:ident, $kit:ident, $version:ty) => {
        pub(crate) struct $name {
            world: $kit::World,
            actor: $kit::InBrowser,
            people: Vec<$core::id::PersonId>,
            writes: $version,
        }

        impl $name {
            /// With so many employees, and an administrator.
            pub(crate) fn of(people: usize, writes: $version) -> Self {
                let world = $kit::World::new();
                let actor = world.administrator($kit::ACME);
                let people = (0..people).map(|_| world.employee()).collect();
                Self { world, actor, people, writes }
            }

            /// The same release, told to write another version from now on.
            pub(crate) const fn write(&mut self, version: $version) {
                self.writes = version;
            }

            pub(crate) fn people(&self) -> &[$core::id::PersonId] {
                &self.people
            }

            fn key(&self, owner: usize) -> $core::host::Key {
                $core::host::Key::account(self.people[owner])
            }
        }

        impl Release for $name {
            fn act(&self, act: Act, kept: &mut Kept, seed: u64) -> Answer {
                use $core::secret::{DeviceToken, InvitationToken, SessionToken};
                use $core::session::Modality::Face;
                use $kit::{ANOTHER_PIN, PIN};

                let process = self.world.restarted(seed).writes_version(self.writes).build();
                let owner = self.people[kept.owner];
                let mut phone = process.phone(owner);
                phone.token = kept.token.as_deref().and_then(|text| DeviceToken::parse(text).ok());
                phone.session = kept.session.as_deref().and_then(|text| SessionToken::parse(text).ok());
                phone.id = kept.id.as_deref().and_then(|text| text.parse().ok());
                let sent = kept.invitation.as_deref().and_then(|text| InvitationToken::parse(text).ok());
                let expires = $core::time::Timestamp::from_unix_millis(0);
                let sent = sent.map(|token| $core::account::IssuedInvitation { token, expires });
                let (browser, company) = (self.actor.session(), self.actor.company);
                let gate = process.gate.blocking();
                let word = |done: Result<(), $core::gate::GateError>| done.map_err(|error| error.code());
                let answer = match act {
                    Act::SignIn | Act::SignInAnew => {
                        if act == Act::SignInAnew {
                            phone.token = None;
                        }
                        kept.invitation = None;
                        match &sent {
                            Some(invitation) => phone.sign_in_with_invitation(invitation),
                            None => phone.sign_in(),
                        }
                    }
                    Act::CreatePin => phone.create_pin(PIN),
                    Act::Lock => phone.lock(),
                    Act::Unlock => phone.unlock(PIN),
                    Act::Mistype => phone.mistype(1),
                    Act::Exhaust => phone.mistype(5),
                    Act::UnlockByFace => phone.unlock_by(Face),
                    Act::EnableFace => phone.enable(Face),
                    Act::Check => phone.check().map(drop),
                    Act::ChangePin => {
                        phone.change_pin(PIN, ANOTHER_PIN).and_then(|()| phone.change_pin(ANOTHER_PIN, PIN))
                    }
                    Act::Acknowledge => phone.acknowledge(),
                    Act::LogOut => phone.log_out(),
                    Act::LogOutEverywhere => phone.log_out_everywhere(),
                    Act::Invite => word(gate.invite(&browser, company, owner).map(|invitation| {
                        kept.invitation = Some(invitation.token.expose().to_owned());
                    })),
                    Act::WithdrawInvitation => word(gate.withdraw_invitation(&browser, company, owner)),
                    Act::RevokeAll => word(gate.revoke_all(&browser, company, owner)),
                    Act::DeliverEvents => word(gate.deliver_events(owner).map(drop)),
                    Act::Status => {
                        let view =
                            phone.token.as_ref().map(|token| gate.device_view(token, &$kit::UNMODIFIED));
                        let view = view.transpose().map_err(|error| error.code());
                        return view.map(|view| format!("{view:?}")).map_err(|code| format!("{code:?}"));
                    }
                };
                kept.token = phone.token.map(|token| token.expose().to_owned());
                kept.session = phone.session.map(|session| session.expose().to_owned());
                kept.id = phone.id.map(|id| id.to_string());
                answer.map(|()| "done".to_owned()).map_err(|code| format!("{code:?}"))
            }

            fn bytes(&self, owner: usize) -> Option<Vec<u8>> {
                self.world.store.bytes(&self.key(owner))
            }

            fn put(&self, owner: usize, bytes: Option<Vec<u8>>) {
                self.world.store.overwrite(&self.key(owner), bytes);
            }

            fn told(&self, owner: usize) -> Vec<(u64, String)> {
                let events = self.world.journal.events(self.people[owner]);
                assert_eq!(self.world.journal.contradictions(), 0);
                events.iter().map(|event| (event.sequence, format!("{event:?}"))).collect()
            }

            fn wait(&self, span: Duration) {
                self.world.wait(span);
            }

            fn set_journal_down(&self, down: bool) {
                self.world.journal.set_down(down);
            }

            fn account(&self, owner: usize) -> Option<String> {
                self.world.account(self.people[owner]).map(|account| format!("{account:?}"))
            }
        }
    };
}

release!(Today, pinlatch, pinlatch_testkit, StoredVersion);
release!(Next, pinlatch_next, pinlatch_testkit_next, NextVersion);
