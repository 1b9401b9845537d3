//! An upgrade rolling over hosts of two releases, forward and back, over one store (E32). The older release is
//! `pinlatch` as it is, told to write version 2 of the stored form, which is the newest that it knows; the newer one is
//! the same sources with a version 3 beside it, which is there for these tests only.

mod fleet;
mod hosts;
mod interrupted;

use std::collections::BTreeSet;
use std::time::Duration;

use fleet::{Fleet, Host, Random};
use hosts::{Act, Next, Release, Today};
use pinlatch::record::{RecordError, StoredVersion};
use pinlatch_next::record::StoredVersion as NextVersion;

/// Commands in each step of the upgrade.
const COMMANDS: usize = 150;

#[test]
fn the_two_releases_know_what_they_are_said_to_know() {
    assert_eq!(StoredVersion::READ, [StoredVersion::V1, StoredVersion::V2]);
    assert_eq!(StoredVersion::WRITTEN, StoredVersion::V1, "until told otherwise");
    assert_eq!(NextVersion::READ, [NextVersion::V1, NextVersion::V2, NextVersion::V3]);
    assert_eq!(NextVersion::WRITTEN, NextVersion::V2, "until told otherwise");
    assert_eq!(NextVersion::READ.iter().map(|version| version.number()).collect::<Vec<_>>(), [1, 2, 3]);
}

/// Every command is also given to a release that was never upgraded: whatever the fleet answers, it has to be
/// the same, and so are the accounts and the audit trail in the end.
#[test]
fn e32_i11_an_upgrade_rolls_forward_and_back_and_loses_nothing() {
    let mut answers = BTreeSet::new();
    for seed in 0..8 {
        let mut fleet = Fleet::new(seed);
        let plays = [
            // The older release alone, then beside the newer one, which writes what the older one reads.
            ("before", vec![Host::Today], false),
            ("rolling out", vec![Host::Today, Host::Next(NextVersion::V2)], false),
            ("rolled out", vec![Host::Next(NextVersion::V2)], false),
            // Told to write version 3, one host after the other.
            ("switching", vec![Host::Next(NextVersion::V2), Host::Next(NextVersion::V3)], false),
            ("switched", vec![Host::Next(NextVersion::V3)], false),
            // A host of the older release was forgotten: it says "try later" and touches nothing.
            ("a straggler", vec![Host::Today, Host::Next(NextVersion::V3)], true),
            // And back.
            ("switching back", vec![Host::Next(NextVersion::V3), Host::Next(NextVersion::V2)], false),
            ("switched back", vec![Host::Next(NextVersion::V2)], false),
        ];
        for (step, hosts, has_straggler) in plays {
            let sent_away = fleet.live(COMMANDS, &hosts);
            assert_eq!(
                sent_away > 0,
                has_straggler,
                "{step} of seed {seed}: {sent_away} were told to try later"
            );
        }
        fleet.rewrite_in_version_2();
        let sent_away = fleet.live(COMMANDS, &[Host::Today, Host::Next(NextVersion::V2)]);
        assert_eq!(sent_away, 0, "rolling back, seed {seed}");
        assert_eq!(fleet.live(COMMANDS, &[Host::Today]), 0, "back, seed {seed}");
        fleet.compare();
        answers.append(&mut fleet.answers);
    }
    for act in fleet::ACTS.into_iter().filter(|act| !matches!(act, Act::Mistype | Act::Exhaust | Act::Status))
    {
        assert!(answers.contains(&(act, "done".into())), "{act:?} never succeeded");
    }
    for (act, code) in [(Act::Mistype, "IncorrectPin"), (Act::Exhaust, "PinExhausted")] {
        assert!(answers.contains(&(act, code.into())), "{code} was never answered");
    }
}

/// Hosts of one release that are told one version and the other, in whatever order, over one store.
#[test]
fn e32_i11_versions_1_and_2_are_written_side_by_side_and_nothing_but_why_sessions_ended_is_lost() {
    for seed in 100..108 {
        let mut fleet = Fleet::new(seed);
        fleet.forgets = true;
        for hosts in
            [&[Host::Former][..], &[Host::Former, Host::Today], &[Host::Today], &[Host::Today, Host::Former]]
        {
            assert_eq!(fleet.live(COMMANDS, hosts), 0, "nobody is told to try later, seed {seed}");
        }
        fleet.compare_but_the_ends();
    }
}

#[test]
fn e32_a_host_of_the_older_release_never_touches_a_newer_record_whatever_the_command() {
    let (today, next) = (Today::of(1, StoredVersion::V2), Next::of(1, NextVersion::V3));
    let mut random = Random::new(7);
    for round in 0..40 {
        let mut kept = hosts::Kept::default();
        for _ in 0..random.below(12) {
            let act = random.act();
            let _whatever = next.act(act, &mut kept, random.next());
        }
        let Some(bytes) = next.bytes(0) else { continue };
        let Some(account) = next.account(0) else { panic!("round {round}: unreadable") };
        today.put(0, Some(bytes.clone()));
        for act in fleet::ACTS {
            let before = kept.clone();
            // A phone without a token or session has nothing to ask with.
            let is_silent = before.lacks(act);
            let answer = today.act(act, &mut kept, random.next());
            if !is_silent {
                assert_eq!(answer, Err("Unavailable".into()), "{act:?}");
            }
            kept = before;
            assert_eq!(today.bytes(0).as_ref(), Some(&bytes), "{act:?}");
        }
        assert_eq!(next.account(0), Some(account));
        next.wait(Duration::from_secs(3_600));
    }
}

#[test]
fn e32_people_are_read_in_both_versions_and_written_in_the_one_that_is_told() {
    use pinlatch_next::host::{Blocking, Key, StoredDirectory};
    use pinlatch_next::people::LocalDates;

    let store = std::sync::Arc::new(pinlatch_testkit_next::MemoryStore::new());
    let (anna, today) = (pinlatch_testkit_next::person(1), pinlatch_testkit_next::today());
    let directory = |version| {
        StoredDirectory::new(Blocking(std::sync::Arc::clone(&store)), move |_: &_| {
            LocalDates::everywhere(today)
        })
        .writes_version(version)
    };
    let known_by_today = |bytes: &[u8]| {
        let anna = pinlatch_testkit::person(1);
        pinlatch::people::Person::decode(bytes, anna).map(|person| person.credentials().bank)
    };
    for (version, expected) in [
        (NextVersion::V2, Ok(true)),
        (NextVersion::V3, Err(RecordError::NewerVersion { found: 3 })),
        (NextVersion::V2, Ok(true)),
    ] {
        let directory = directory(version);
        let changed =
            directory.change_now(anna, |person| Ok(person.with_bank_credentials())).expect("written");
        assert_eq!(directory.person_now(anna).expect("readable"), Some(changed));
        assert_eq!(known_by_today(&store.bytes(&Key::person(anna)).expect("stored")), expected);
    }
}

#[test]
fn e32_a_newer_record_is_found_in_a_scan_and_asked_for_what_waits() {
    let next = Next::of(1, NextVersion::V3);
    let mut kept = hosts::Kept::default();
    next.set_journal_down(true);
    for act in [Act::SignIn, Act::CreatePin] {
        next.act(act, &mut kept, 5).expect("signed in");
    }
    let bytes = next.bytes(0).expect("stored");
    assert_eq!(pinlatch_next::record::stored_version(&bytes), Ok(NextVersion::V3));
    assert_eq!(pinlatch_next::record::has_waiting_events(&bytes), Ok(true));
    let newer = RecordError::NewerVersion { found: 3 };
    assert_eq!(pinlatch::record::stored_version(&bytes), Err(newer));
    assert_eq!(pinlatch::record::has_waiting_events(&bytes), Err(newer));
    assert_eq!(pinlatch::record::pepper_in_use(&bytes), Err(newer));
}
