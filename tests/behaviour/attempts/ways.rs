//! Every way in which a guess can stay without a verdict, driven by the pure functions.

use pinlatch::access::{BrowserSession, administrator};
use pinlatch::account::{
    Account, AuthenticationStart, DeviceIntegrity, DeviceLabel, Policy, RequestContext, SignIn,
    StrongAuthentication,
};
use pinlatch::host::Clock;
use pinlatch::id::{DeviceId, StartId};
use pinlatch::people::{AuthenticationMethod, Role};
use pinlatch::pin::Settlement;
use pinlatch::refusal::{Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_testkit::{ACME, PIN, UNMODIFIED, WRONG_PIN, World, days, hours, minutes};

use super::driver::Driver;
use crate::given::*;

/// What the guess is for, and in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    OpenTheLock,
    OpenAnew,
    ChangeThePin,
}

impl Purpose {
    pub(crate) const ALL: [Self; 3] = [Self::OpenTheLock, Self::OpenAnew, Self::ChangeThePin];

    /// Whether the app is open when the guess is charged.
    pub(crate) fn is_open(self) -> bool {
        self != Self::OpenTheLock
    }
}

/// The session that is open before the guess, where one is; and the one that the guess would open.
pub(crate) const OPEN: u8 = 9;
pub(crate) const GUESSED: u8 = 10;

/// The attempt that is watched.
const ATTEMPT: u128 = 77;

/// One guess, and everything around it.
pub(crate) struct Play<'w> {
    pub(crate) driver: Driver<'w>,
    pub(crate) account: Account,
    pub(crate) purpose: Purpose,
}

pub(crate) fn policy() -> Policy {
    Policy::builder().idle_lock(hours(1)).absolute_lifetime(days(30)).build().unwrap()
}

impl<'w> Play<'w> {
    /// A phone with a face enabled, locked or open.
    pub(crate) fn of(world: &'w World, purpose: Purpose) -> Self {
        let phone = world.open_phone(world.employee()).unwrap();
        phone.enable(Modality::Face).unwrap();
        phone.lock().unwrap();
        let (driver, account) = Driver::of(world, &phone);
        let mut play = Self { driver, account, purpose };
        if purpose.is_open() {
            play.driver.unlock(&mut play.account, PIN, 1, OPEN).unwrap();
        }
        play
    }

    /// Charges and compares the guess.
    pub(crate) fn guess(&mut self, entry: &str) -> Settlement {
        let Self { driver, account, purpose } = self;
        let charge = match purpose {
            Purpose::OpenTheLock | Purpose::OpenAnew => driver.charge(account, entry, ATTEMPT).unwrap(),
            Purpose::ChangeThePin => {
                let change = driver.change(ATTEMPT, entry);
                driver.charge_change(account, &driver.session(OPEN), &change).unwrap().unwrap()
            }
        };
        driver.compare(charge)
    }

    pub(crate) fn settle(&mut self, settlement: &Settlement) -> Result<(), Refusal> {
        let Self { driver, account, purpose } = self;
        match purpose {
            Purpose::OpenTheLock | Purpose::OpenAnew => driver.settle(account, settlement, GUESSED),
            Purpose::ChangeThePin => driver.settle_change(account, settlement),
        }
    }

    /// Something lowers the account, and is written.
    fn lower(&mut self, act: impl FnOnce(&mut Account, &Driver<'_>)) {
        act(&mut self.account, &self.driver);
        self.driver.written(&mut self.account);
    }

    fn exhaust(&mut self) {
        self.driver.wait(UNTIL_VOID);
        let wrong = |number: u128| self.driver.unlock(&mut self.account, WRONG_PIN, 100 + number, 1);
        let last = (0..5).map(wrong).last().unwrap();
        assert_eq!(last, Err(Code::PinExhausted.into()));
    }

    fn start_over(&mut self) {
        let (driver, account) = (&self.driver, &mut self.account);
        let start = AuthenticationStart::for_nobody(StartId::from_u128(5), driver.now.unwrap());
        let method = AuthenticationMethod::BankCredentials;
        let evidence = StrongAuthentication::verified_by_host(start, account.person(), method);
        let label = DeviceLabel::new("phone").unwrap();
        let sign_in = SignIn { evidence, label, known: Some(&driver.token), invitation: None };
        let token = DeviceToken::from_secret(account.person(), &mut [55; 32]);
        let (facts, context) = (driver.facts(), driver.context());
        account.authenticate(&sign_in, DeviceId::from_u128(5), &token, &facts, &context).unwrap();
        driver.written(account);
    }

    fn revoke(&mut self) {
        self.lower(|account, driver| {
            let otto = access::otto(ACME, Role::UserAdministrator);
            let session = BrowserSession::verified_by_host(otto.id());
            let of_access = driver.policy.access();
            let proof = administrator(Some(&otto), &session, ACME, &driver.dates, of_access).unwrap();
            account.revoke_all(&proof, &driver.facts(), &driver.context()).unwrap();
        });
    }

    /// The face opens the app, with the session token of this number.
    pub(crate) fn show_face(&mut self, session: u8) -> Result<(), Refusal> {
        let (driver, account) = (&self.driver, &mut self.account);
        let baseline = Some(Baseline::of(b"the owner's face"));
        let assertion = BiometricAssertion { modality: Modality::Face, recognised: true, baseline };
        let session: SessionToken = driver.session(session);
        let (facts, context) = (driver.facts(), driver.context());
        let answer = account.unlock_with_biometric(&driver.token, &assertion, &session, &facts, &context);
        driver.led(account, answer)
    }
}

/// Something that leaves a guess without a verdict.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    /// Whether there is such a thing while the app is locked.
    while_locked: bool,
    /// Before the charge.
    pub(crate) before: fn(&mut Play<'_>),
    /// Between the charge and the settlement.
    pub(crate) meanwhile: fn(&mut Play<'_>),
    /// How the settlement is answered.
    pub(crate) answer: Code,
    /// After the settlement: the circumstances are as before.
    pub(crate) after: fn(&mut Play<'_>),
}

impl Way {
    const fn overtaken(name: &'static str, meanwhile: fn(&mut Play<'_>)) -> Self {
        Self::guarded(name, Code::GuessOvertaken, meanwhile, |_| {})
    }

    const fn guarded(
        name: &'static str,
        answer: Code,
        meanwhile: fn(&mut Play<'_>),
        after: fn(&mut Play<'_>),
    ) -> Self {
        Self { name, while_locked: true, before: |_| {}, meanwhile, answer, after }
    }

    /// Nothing comes between.
    pub(crate) fn nothing() -> Self {
        Self::overtaken("nothing", |_| {})
    }

    pub(crate) fn fits(&self, purpose: Purpose) -> bool {
        self.while_locked || purpose.is_open()
    }
}

/// What overtakes a guess (D25).
pub(crate) fn overtaking() -> Vec<Way> {
    let lock = |play: &mut Play<'_>| play.driver.lock(&mut play.account);
    let minute_before_idle = |play: &mut Play<'_>| play.driver.wait(minutes(59));
    vec![
        Way::overtaken("void", |play| play.driver.wait(UNTIL_VOID)),
        Way::overtaken("a PIN accepted", |play| {
            play.driver.unlock(&mut play.account, PIN, 2, 11).unwrap();
        }),
        Way {
            while_locked: false,
            ..Way::overtaken("the PIN changed", |play| {
                let change = play.driver.change(2, PIN);
                let session = play.driver.session(OPEN);
                let charge = play.driver.charge_change(&mut play.account, &session, &change);
                let settlement = play.driver.compare(charge.unwrap().unwrap());
                play.driver.settle_change(&mut play.account, &settlement).unwrap();
            })
        },
        Way { while_locked: false, ..Way::overtaken("locked", lock) },
        Way {
            while_locked: false,
            ..Way::overtaken("locked, and opened by face", |play| {
                play.driver.lock(&mut play.account);
                play.show_face(12).unwrap();
            })
        },
        Way {
            while_locked: false,
            before: minute_before_idle,
            ..Way::overtaken("locked by the idle window", |play| {
                play.driver.wait(minutes(1));
            })
        },
        Way::overtaken("logged out", |play| {
            play.lower(|account, driver| {
                let _out = account.log_out(&driver.token, &driver.context());
            });
        }),
        Way::overtaken("revoked", |play| play.revoke()),
        Way::overtaken("exhausted", |play| play.exhaust()),
        Way::overtaken("started over", |play| play.start_over()),
    ]
}

fn restored(play: &mut Play<'_>) {
    play.driver.request = UNMODIFIED;
    play.driver.person = play.driver.world.directory.get(play.account.person()).unwrap();
    play.driver.policy = policy();
}

/// The guards that may refuse at the settlement.
pub(crate) fn guarding() -> Vec<Way> {
    vec![
        Way::guarded(
            "modified",
            Code::UnsupportedDevice,
            |play| play.driver.request = RequestContext::new(DeviceIntegrity::Modified),
            restored,
        ),
        Way::guarded(
            "unknown integrity",
            Code::DeviceIntegrityUnknown,
            |play| play.driver.request = RequestContext::new(DeviceIntegrity::Unknown),
            restored,
        ),
        Way::guarded(
            "without a service",
            Code::NoChargeableService,
            |play| play.driver.person = only(job(&[]))(play.driver.person.clone()),
            restored,
        ),
        Way::guarded(
            "nowhere",
            Code::NotEligible,
            |play| play.driver.person = nowhere(play.driver.person.clone()),
            restored,
        ),
        Way::guarded(
            "another person's facts",
            Code::NotEligible,
            |play| play.driver.person = access::employee(&[access::Salaries]),
            restored,
        ),
        Way::guarded(
            "no clock",
            Code::ClockUnavailable,
            |play| play.driver.now = None,
            |play| play.driver.now = play.driver.world.clock.now(),
        ),
        Way::guarded(
            "audit trail full",
            Code::AuditTrailFull,
            |play| {
                assert!(!play.account.outbox().is_empty());
                let full = Policy::builder().idle_lock(hours(1)).absolute_lifetime(days(30)).outbox_limit(1);
                play.driver.policy = full.build().unwrap();
            },
            restored,
        ),
        Way {
            before: |play| {
                play.driver.wait(days(30) - minutes(1));
                if play.purpose.is_open() {
                    play.driver.unlock(&mut play.account, PIN, 3, OPEN).unwrap();
                }
            },
            ..Way::guarded(
                "lifetime passed",
                Code::AuthenticationRequired,
                |play| play.driver.wait(minutes(1)),
                |_| {},
            )
        },
    ]
}
