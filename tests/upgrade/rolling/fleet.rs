//! Hosts in random order over one store, beside one release that is never upgraded.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use pinlatch::record::StoredVersion;
use pinlatch_next::record::StoredVersion as NextVersion;

use crate::hosts::{Act, Answer, Kept, Next, Release, Today};

const PEOPLE: usize = 3;
const PHONES: usize = 5;

pub(crate) const ACTS: [Act; 19] = [
    Act::SignIn,
    Act::SignInAnew,
    Act::CreatePin,
    Act::Lock,
    Act::Unlock,
    Act::Mistype,
    Act::Exhaust,
    Act::UnlockByFace,
    Act::EnableFace,
    Act::Check,
    Act::ChangePin,
    Act::Acknowledge,
    Act::Status,
    Act::LogOut,
    Act::LogOutEverywhere,
    Act::Invite,
    Act::WithdrawInvitation,
    Act::RevokeAll,
    Act::DeliverEvents,
];

/// Numbers that are the same for the same seed (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).expect("small")).expect("smaller")
    }

    /// A command: those of daily use often, those that end everything seldom.
    pub(crate) fn act(&mut self) -> Act {
        let daily = [
            Act::SignIn,
            Act::CreatePin,
            Act::Lock,
            Act::Unlock,
            Act::EnableFace,
            Act::UnlockByFace,
            Act::Check,
        ];
        if self.below(3) > 0 {
            return daily[self.below(daily.len())];
        }
        let act = ACTS[self.below(ACTS.len())];
        let ends = matches!(act, Act::RevokeAll | Act::LogOutEverywhere | Act::LogOut);
        if ends && self.below(4) > 0 { Act::Mistype } else { act }
    }
}

impl Kept {
    /// Whether the phone lacks the token or the session to give this command with.
    pub(crate) const fn lacks(&self, act: Act) -> bool {
        use Act::{
            Acknowledge, ChangePin, Check, CreatePin, EnableFace, Exhaust, Lock, LogOut, LogOutEverywhere,
            Mistype, Status, Unlock, UnlockByFace,
        };
        match act {
            CreatePin | Lock | Unlock | Mistype | Exhaust | UnlockByFace | Acknowledge | Status | LogOut => {
                self.token.is_none()
            }
            EnableFace | Check | ChangePin | LogOutEverywhere => self.session.is_none(),
            _ => false,
        }
    }
}

/// A host: its release, and the version that it was told to write.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Host {
    Today,
    Next(NextVersion),
    /// Today's release, told to write version 1: it remembers of no session how it ended.
    Former,
}

pub(crate) struct Fleet {
    seed: u64,
    random: Random,
    today: Today,
    next: Next,
    /// Lives the same life, and is never upgraded.
    never: Today,
    phones: Vec<Kept>,
    phones_of_never: Vec<Kept>,
    /// Whether some host forgets how sessions ended: so that is not compared.
    pub(crate) forgets: bool,
    /// What was answered to which command.
    pub(crate) answers: BTreeSet<(Act, String)>,
}

/// What is said of a device, without why it ended.
fn without_the_end(view: &str) -> String {
    let rest = |view: &str| view.split_once("ended: ").map(|(before, _)| before.to_owned());
    rest(view).unwrap_or_else(|| view.to_owned())
}

impl Fleet {
    pub(crate) fn new(seed: u64) -> Self {
        let phones: Vec<_> =
            (0..PHONES).map(|number| Kept { owner: number % PEOPLE, ..Kept::default() }).collect();
        Self {
            seed,
            random: Random::new(seed),
            today: Today::of(PEOPLE, StoredVersion::V2),
            next: Next::of(PEOPLE, NextVersion::V2),
            never: Today::of(PEOPLE, StoredVersion::V2),
            phones_of_never: phones.clone(),
            phones,
            forgets: false,
            answers: BTreeSet::new(),
        }
    }

    fn all(&self) -> [&dyn Release; 3] {
        [&self.today, &self.next, &self.never]
    }

    /// So many commands, each at one of these hosts; answers how often a person was told to try later.
    pub(crate) fn live(&mut self, commands: usize, hosts: &[Host]) -> usize {
        let mut sent_away = 0;
        for _ in 0..commands {
            match self.random.below(12) {
                0 => {
                    let minutes = u64::try_from(self.random.below(30)).expect("small");
                    self.all().iter().for_each(|release| release.wait(Duration::from_secs(60 * minutes)));
                }
                1 => {
                    let down = self.random.below(3) == 0;
                    self.all().iter().for_each(|release| release.set_journal_down(down));
                }
                _ => {}
            }
            let (act, phone, seed) = (self.random.act(), self.random.below(PHONES), self.random.next());
            let first = self.random.below(hosts.len());
            // Who is told to try later does so, at the next host.
            let mut answer = Err("Unavailable".to_owned());
            for number in first..first + hosts.len() {
                answer = self.ask(hosts[number % hosts.len()], act, phone, seed);
                if answer != Err("Unavailable".into()) {
                    break;
                }
                sent_away += 1;
            }
            let expected = self.never.act(act, &mut self.phones_of_never[phone], seed);
            let told = |answer: &Answer| match answer {
                Ok(view) if self.forgets => Ok(without_the_end(view)),
                other => other.clone(),
            };
            assert_eq!(told(&answer), told(&expected), "{act:?} on phone {phone}, seed {}", self.seed);
            let word = answer.unwrap_or_else(|code| code);
            self.answers.insert((act, word));
        }
        sent_away
    }

    fn ask(&mut self, host: Host, act: Act, phone: usize, seed: u64) -> Answer {
        let kept = &mut self.phones[phone];
        let (release, other): (&dyn Release, &dyn Release) = match host {
            Host::Today | Host::Former => {
                let is_former = matches!(host, Host::Former);
                self.today.write(if is_former { StoredVersion::V1 } else { StoredVersion::V2 });
                (&self.today, &self.next)
            }
            Host::Next(version) => {
                self.next.write(version);
                (&self.next, &self.today)
            }
        };
        let owner = kept.owner;
        let (before, phone_before) = (release.bytes(owner), kept.clone());
        let answer = release.act(act, kept, seed);
        if answer == Err("Unavailable".into()) {
            assert_eq!(release.bytes(owner), before, "{act:?} wrote over what it cannot read");
            *kept = phone_before;
        }
        // There is one store, which both releases see.
        other.put(owner, release.bytes(owner));
        answer
    }

    /// What a host does at the end of the way back, for the records of people who stay away.
    pub(crate) fn rewrite_in_version_2(&self) {
        for (owner, person) in (0..PEOPLE).zip(self.next.people()) {
            let Some(bytes) = self.next.bytes(owner) else { continue };
            if pinlatch_next::record::stored_version(&bytes) == Ok(NextVersion::V2) {
                continue;
            }
            let account = pinlatch_next::account::Account::decode(&bytes, *person).expect("readable");
            let rewritten = account.encode_as(NextVersion::V2).expect("small enough");
            self.next.put(owner, Some(rewritten.clone()));
            self.today.put(owner, Some(rewritten));
        }
    }

    /// The accounts are those of the life without an upgrade, and so is what was told, each event under its own number.
    pub(crate) fn compare(&self) {
        for owner in 0..PEOPLE {
            assert_eq!(self.today.bytes(owner), self.never.bytes(owner), "seed {}", self.seed);
            assert_eq!(self.next.account(owner), self.never.account(owner), "seed {}", self.seed);
            self.compare_trails(owner);
        }
    }

    /// The same, but for what version 1 does not say.
    pub(crate) fn compare_but_the_ends(&self) {
        for (owner, person) in (0..PEOPLE).zip(self.today.people()) {
            let version_1 = |release: &Today| {
                let account = pinlatch::account::Account::decode(&release.bytes(owner)?, *person);
                Some(account.expect("readable").encode_as(StoredVersion::V1).expect("small enough"))
            };
            assert_eq!(version_1(&self.today), version_1(&self.never), "seed {}", self.seed);
            self.compare_trails(owner);
        }
    }

    fn compare_trails(&self, owner: usize) {
        let mut told: BTreeMap<u64, String> = BTreeMap::new();
        for (sequence, event) in [self.today.told(owner), self.next.told(owner)].concat() {
            let before = told.insert(sequence, event.clone());
            assert!(before.is_none_or(|before| before == event), "two events have the number {sequence}");
        }
        let expected: BTreeMap<_, _> = self.never.told(owner).into_iter().collect();
        assert_eq!(told, expected, "seed {}", self.seed);
    }
}
