//! Lives to be lived: who there is, under which policy, and what is done, drawn by proptest.

use pinlatch::account::DeviceIntegrity;
use pinlatch::people::{Action, AuthenticationMethod, Function, Role};
use pinlatch::session::Modality;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

use crate::people::{Access, Company, Day, Human, Job, PageChange, Period, Rights, Service};
use crate::reference::{DAY, MINUTE, Model, Rules};
use crate::rights::Law;

pub(crate) const GOOD_PINS: [&str; 3] = ["284917", "530648", "902756"];
pub(crate) const WEAK_PINS: [&str; 5] = ["123456", "777777", "472472", "123321", "258741"];
pub(crate) const ODD_PINS: [&str; 2] = ["2849", "284917530648"];

pub(crate) const TODAY: Day = Day::of(2026, 11, 22);
/// 2026-11-22T12:00:00Z in unix milliseconds.
pub(crate) const NOON: u64 = 1_795_348_800_000;

const LONGEST: usize = 60;

/// The id that a phone gives an entry of its own, so that it can be sent again (D27).
pub(crate) type RequestNumber = Option<u8>;

/// For whom an authentication is begun.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whom {
    Nobody,
    Device(usize),
    Invitation(usize),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct SignIn {
    pub(crate) phone: usize,
    pub(crate) start: usize,
    /// For whom the bank or the identity provider has answered.
    pub(crate) person: usize,
    pub(crate) method: AuthenticationMethod,
    pub(crate) known: Option<usize>,
    pub(crate) invitation: Option<usize>,
    pub(crate) request: RequestNumber,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Want {
    pub(crate) company: Company,
    pub(crate) action: Action,
    pub(crate) function: Function,
    pub(crate) owner: usize,
}

/// Who acts for a company, in the browser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Acting {
    pub(crate) person: usize,
    pub(crate) company: Company,
}

/// One command, with everything chosen. Tokens, invitations and devices go by the number under
/// which they were issued.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Command {
    Begin {
        whom: Whom,
    },
    FailAuthentication {
        start: usize,
        cancelled: bool,
    },
    Authenticate(SignIn),
    CreatePin {
        phone: usize,
        token: usize,
        first: &'static str,
        second: &'static str,
    },
    Lock {
        token: usize,
    },
    Unlock {
        phone: usize,
        token: usize,
        pin: &'static str,
        request: RequestNumber,
    },
    UnlockBiometric {
        phone: usize,
        token: usize,
        modality: Modality,
        recognised: bool,
        faces: Option<u8>,
    },
    EnableBiometric {
        phone: usize,
        session: usize,
        modality: Modality,
    },
    DisableBiometric {
        session: usize,
        modality: Modality,
    },
    ChangePin {
        phone: usize,
        session: usize,
        current: &'static str,
        new: &'static str,
        again: &'static str,
        request: RequestNumber,
    },
    Acknowledge {
        token: usize,
    },
    LogOut {
        token: usize,
    },
    ReportIntegrity {
        phone: usize,
        token: usize,
    },
    View {
        token: usize,
    },
    /// With a span: opened by PIN within it.
    Check {
        phone: usize,
        session: usize,
        want: Option<Want>,
        by_pin: Option<u64>,
    },
    OfferFunctions {
        phone: usize,
        session: usize,
        company: Company,
    },
    ListDevices {
        phone: usize,
        session: usize,
    },
    Rename {
        phone: usize,
        session: usize,
        device: usize,
        label: &'static str,
    },
    LogOutDevice {
        session: usize,
        device: usize,
    },
    LogOutEverywhere {
        session: usize,
    },
    AskBrowser {
        person: usize,
    },
    Invite {
        by: Acting,
        person: usize,
    },
    Withdraw {
        by: Acting,
        person: usize,
    },
    RevokeAll {
        by: Acting,
        person: usize,
    },
    LogOutDeviceOf {
        by: Acting,
        person: usize,
        device: usize,
    },
    Overview {
        by: Acting,
        person: usize,
    },
    Page {
        by: Acting,
        person: usize,
        change: PageChange,
    },
    TryDeadTokens,
    Reassess {
        person: usize,
    },
    Erase {
        person: usize,
    },
    TurnIntegrity {
        phone: usize,
        integrity: DeviceIntegrity,
    },
    NewFaces {
        phone: usize,
    },
    PassDays(u16),
    /// The clock is right, and so much later.
    PassTime(u64),
    /// The clock is wrong, or knows no time.
    MistakeClock(Option<u64>),
    SetJournal {
        up: bool,
    },
    SetHasher {
        up: bool,
    },
    SetDirectory {
        up: bool,
    },
    SetKnown {
        person: usize,
        known: bool,
    },
    Restart,
}

impl Command {
    /// The name of its kind.
    pub(crate) fn kind(&self) -> String {
        let text = format!("{self:?}");
        text.split([' ', '(']).next().unwrap_or_default().to_owned()
    }
}

/// A throw of many dice at once: each roll uses up a part of the number.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let sides = sides as u64;
        let rolled = self.0 % sides;
        self.0 /= sides;
        rolled as usize
    }

    /// One time in so many.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == times - 1
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

/// Which policies a life is lived under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// The product's own.
    Default,
    /// With windows, small limits, and every choice that a host has.
    Tight,
}

/// A life, as numbers; what they mean depends on where it has led so far.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) setting: Setting,
    pub(crate) policy: u64,
    pub(crate) people: Vec<u64>,
    pub(crate) moves: Vec<u64>,
}

pub(crate) fn lives(setting: Setting) -> impl Strategy<Value = Life> {
    let numbers = (any::<u64>(), vec(any::<u64>(), 3..=4), vec(any::<u64>(), 20..=LONGEST));
    numbers.prop_map(move |(policy, people, moves)| Life { setting, policy, people, moves })
}

impl Life {
    pub(crate) fn begin(&self) -> Model {
        let last = self.people.len() - 1;
        let mut people: Vec<Human> = self.people.iter().map(|number| anybody(Dice(*number))).collect();
        people[last].accesses.retain(|access| access.company != 0);
        people[last].accesses.push(access(0, Rights::Nothing, vec![Role::UserAdministrator]));
        Model::new(self.rules(), TODAY, NOON, people, &[0, 0, 0, 1, last])
    }

    fn rules(&self) -> Rules {
        let mut dice = Dice(self.policy);
        let default = Rules {
            limit: 5,
            pin_window: 15 * MINUTE,
            invitation_lifetime: DAY,
            authentication_window: 15 * MINUTE,
            answer_window: MINUTE,
            skew: 2 * MINUTE,
            idle: None,
            lifetime: None,
            outbox: 64,
            devices: 16,
            invited_only: false,
            law: Law { users_without_employment: true, office_invites: false, leaver_days: 0 },
            remembers: true,
        };
        match self.setting {
            Setting::Default => default,
            Setting::Tight => Rules {
                idle: dice.pick(&[None, Some(10 * MINUTE), Some(2 * DAY)]),
                lifetime: dice.pick(&[None, Some(3 * DAY)]),
                authentication_window: dice.pick(&[15 * MINUTE, 3 * MINUTE]),
                answer_window: dice.pick(&[MINUTE, 5 * MINUTE]),
                skew: dice.pick(&[2 * MINUTE, 10_000]),
                outbox: dice.pick(&[64, 6]),
                devices: dice.pick(&[16, 2, 1]),
                invited_only: dice.once_in(2),
                law: Law {
                    users_without_employment: !dice.once_in(3),
                    office_invites: dice.once_in(3),
                    leaver_days: dice.pick(&[0, 0, 5, 30]),
                },
                remembers: dice.once_in(2),
                ..default
            },
        }
    }
}

fn access(company: Company, rights: Rights, roles: Vec<Role>) -> Access {
    Access { company, period: Period::since(Day::of(2025, 1, 1)), rights, roles }
}

/// Mostly an employee of the first company; now and then a user, of two companies, or nobody yet.
fn anybody(mut dice: Dice) -> Human {
    let (bank, mobile) = (!dice.once_in(3), dice.once_in(4));
    let mut jobs = Vec::new();
    let employers = dice.pick(&[&[0][..], &[0], &[0], &[0, 1], &[1], &[0, 0], &[]]);
    for company in employers {
        let first = dice.pick(&[Day::of(2025, 1, 1), Day::of(2025, 1, 1), Day::of(2026, 11, 24)]);
        let last = dice.pick(&[None, None, Some(Day::of(2026, 12, 2)), Some(Day::of(2026, 11, 21))]);
        let last = last.filter(|last| *last >= first);
        let service = |open| if open { Service::Open } else { Service::NotSelected };
        let (travel, salaries) = dice.pick(&[(true, true), (true, false), (false, true), (false, false)]);
        let period = Period { first, last };
        jobs.push(Job { company: *company, period, travel: service(travel), salaries: service(salaries) });
    }
    let mut accesses = Vec::new();
    for company in [0, 1] {
        if dice.once_in(3) {
            let rights = dice.pick(&[Rights::Employee, Rights::Nothing, Rights::Manager]);
            let role = dice.pick(&[None, Some(Role::ALL[0]), Some(Role::ALL[1]), Some(Role::ALL[2])]);
            accesses.push(access(company, rights, role.into_iter().collect()));
        }
    }
    Human { bank, mobile, jobs, accesses, known: true, incomplete_until: None }
}
