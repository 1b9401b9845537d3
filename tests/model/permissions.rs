//! Random people, owners and profiles: what the crate decides is what the naive reference decides (R22, R23,
//! R25, R36, D10, D12, D29, D31, D32).

use std::collections::BTreeMap;

use pinlatch::access::{self, BrowserSession, Channel, Request, decide, functions_offered};
use pinlatch::people::{Action, Functions, LocalDates, Role};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch_testkit::person;
use proptest::prelude::{any, prop_assert_eq};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::commands::{Dice, TODAY};
use crate::facts::{a_company, access_policy, date, fact, functions};
use crate::people::{Access, Day, Human, Job, Period, Rights, Service};
use crate::rights::{Ask, Law};

const ASKER: u128 = 1;
const OWNER: u128 = 2;

/// Days around today, near and far, and around the ends of a leaver's days.
fn days(dice: &mut Dice) -> Day {
    let far = [Day::of(2024, 2, 29), Day::of(2025, 6, 30), Day::of(2026, 10, 23), Day::of(2026, 10, 22)];
    let near = [Day::of(2026, 11, 16), Day::of(2026, 11, 17), Day::of(2026, 11, 21), TODAY, TODAY.plus(1)];
    dice.pick(&[far.as_slice(), &near].concat())
}

fn period(dice: &mut Dice) -> Period {
    let (first, last) = (days(dice), dice.once_in(2).then_some(()).map(|()| days(dice)));
    Period { first, last: last.filter(|last| *last >= first) }
}

fn service(dice: &mut Dice) -> Service {
    match dice.roll(4) {
        0 => Service::NotSelected,
        1 => Service::Through(days(dice)),
        _ => Service::Open,
    }
}

fn human(number: u128) -> Human {
    let [mut jobs, mut users] = [Dice(number as u64), Dice((number >> 64) as u64)];
    let employments = (0..jobs.roll(4)).map(|_| Job {
        company: jobs.roll(2),
        period: period(&mut jobs),
        travel: service(&mut jobs),
        salaries: service(&mut jobs),
    });
    let employments = employments.collect();
    let mut accesses = Vec::new();
    for company in [0, 1] {
        if users.once_in(2) {
            let period =
                if users.once_in(3) { period(&mut users) } else { Period::since(Day::of(2025, 1, 1)) };
            let mixed = Rights::Mixed(users.roll(1 << 20) as u32);
            let rights = users.pick(&[Rights::Nothing, Rights::Employee, Rights::Manager, mixed, mixed]);
            let role = users.pick(&[None, Some(Role::ALL[0]), Some(Role::ALL[1]), Some(Role::ALL[2])]);
            accesses.push(Access { company, period, rights, roles: role.into_iter().collect() });
        }
    }
    Human { bank: true, mobile: false, jobs: employments, accesses, known: true, incomplete_until: None }
}

fn law(number: u64) -> Law {
    let mut dice = Dice(number);
    Law {
        users_without_employment: !dice.once_in(4),
        office_invites: dice.once_in(3),
        leaver_days: dice.pick(&[0, 5, 31]),
    }
}

type Tally = BTreeMap<Result<(), Code>, u64>;

/// Asks both for everything, and counts the answers.
fn ask_everything(asker: &Human, owner: &Human, law: Law, tally: &mut Tally) -> Result<(), TestCaseError> {
    let (policy, dates) = (access_policy(&law), LocalDates::everywhere(date(TODAY)));
    let [asker_fact, owner_fact] =
        [(ASKER, asker), (OWNER, owner)].map(|(id, human)| fact(person(id), human));
    for company in [0, 1] {
        for channel in [Channel::MobileApp, Channel::Browser] {
            let browser = channel == Channel::Browser;
            let mut offered = Functions::EMPTY;
            for function in functions() {
                for action in Action::ALL.iter().copied() {
                    let ask = Ask { browser, company, action, function };
                    // One's own data, another's, and of somebody whom nobody knows.
                    for (whose, known) in [(ASKER, None), (OWNER, Some(owner)), (OWNER, None)] {
                        let request =
                            Request { company: a_company(company), action, function, owner: person(whose) };
                        let fact = known.map(|_| &owner_fact);
                        let decision = decide(Some(&asker_fact), channel, &request, fact, &dates, &policy);
                        let came = decision.into_result().map(drop).map_err(|refusal| refusal.code());
                        let should = asker.may(ask, whose == ASKER, known, TODAY, law);
                        prop_assert_eq!(came, should, "{:?} {:?} {:?}", request, channel, known.is_some());
                        *tally.entry(should).or_default() += 1;
                    }
                    if asker.offered(ask, TODAY, law) {
                        offered = offered.with(function);
                    }
                }
            }
            let menu = functions_offered(Some(&asker_fact), channel, a_company(company), &dates, &policy);
            prop_assert_eq!(menu, offered, "{:?} of {}", channel, company);
        }
        let session = BrowserSession::verified_by_host(person(ASKER));
        let proof = access::administrator(Some(&asker_fact), &session, a_company(company), &dates, &policy);
        prop_assert_eq!(proof.is_ok(), asker.administers(company, TODAY, law));
        if let Ok(proof) = proof {
            let raise = proof.reaches_to_raise(&owner_fact, &dates, &policy).is_ok();
            prop_assert_eq!(raise, owner.is_reached_to_raise(company, TODAY, law), "to raise");
            let lower = proof.reaches_to_lower(&owner_fact, &dates, &policy).is_ok();
            prop_assert_eq!(lower, owner.is_reached_to_lower(company, TODAY, law), "to lower");
        }
    }
    Ok(())
}

#[test]
fn r22_r23_r25_r36_d12_d29_d31_d32_random_people_are_decided_as_the_rules_say() {
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    let tally = std::cell::RefCell::new(Tally::new());
    let lives = (any::<u128>(), any::<u128>(), any::<u64>());
    let result = runner.run(&lives, |(asker, owner, policy)| {
        let (asker, owner) = (human(asker), human(owner));
        ask_everything(&asker, &owner, law(policy), &mut tally.borrow_mut())
            .map_err(|error| TestCaseError::fail(format!("{error}\n{asker:#?}\n{owner:#?}")))
    });
    let tally = tally.into_inner();
    println!("{tally:?}");
    result.unwrap();
    for answer in [
        Ok(()),
        Err(Code::NotEligible),
        Err(Code::NoChargeableService),
        Err(Code::NotAUser),
        Err(Code::NotAuthorised),
        Err(Code::FunctionNotInServices),
        Err(Code::NotOwnData),
        Err(Code::NoRight),
    ] {
        assert!(tally.get(&answer).is_some_and(|count| *count > 1_000), "{answer:?}");
    }
}
