//! E40 for every type that is read: what was written reads back, and what somebody has tampered with is an
//! error, or what a constructor would give.

use std::collections::BTreeSet;
use std::fmt::Debug;

use pinlatch::access::*;
use pinlatch::account::{DeviceIntegrity, EndReason, Standing};
use pinlatch::gate::FailedAuthentication;
use pinlatch::id::*;
use pinlatch::people::{AuthenticationMethod, ChargeableService, Role};
use pinlatch::pin::PepperId;
use pinlatch::record::StoredVersion;
use pinlatch::refusal::{Audience, Cause, Language, RefusalCode, RefusalKind};
use pinlatch::session::SessionState;
use pinlatch::time::Moment;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::drawn::{self, id, one_of};
use crate::given::{compact, for_some, from_compact, from_json, json, reads_back};
use crate::hostile::{Damage, Kind, Tree, damage, damaged};
use crate::{inventory, kept};

/// A type that is written and read.
trait Both: Serialize + DeserializeOwned + PartialEq + Debug {}

impl<T: Serialize + DeserializeOwned + PartialEq + Debug> Both for T {}

/// Something that holds of every type, seen on values drawn from all that there are.
trait Property {
    /// Of an input: `is_kept` says whether a value is one that a constructor gives.
    fn of<T: Both>(&mut self, drawn: impl Strategy<Value = T>, is_kept: fn(&T) -> bool);

    /// Of a report, which may say more than is known today.
    fn of_report<T: Both>(&mut self, drawn: impl Strategy<Value = T>, is_kept: fn(&T) -> bool) {
        self.of(drawn, is_kept);
    }
}

fn ids_and_times(holds: &mut impl Property) {
    holds.of(id(PersonId::from_u128), kept::whatever);
    holds.of(id(CompanyId::from_u128), kept::whatever);
    holds.of(id(DeviceId::from_u128), kept::whatever);
    holds.of(id(CredentialId::from_u128), kept::whatever);
    holds.of(id(AttemptId::from_u128), kept::whatever);
    holds.of(id(WriteId::from_u128), kept::whatever);
    holds.of(id(HistoryId::from_u128), kept::whatever);
    holds.of(id(StartId::from_u128), kept::whatever);
    holds.of(id(RequestId::from_u128), kept::whatever);
    holds.of(drawn::event_id(), kept::whatever);
    holds.of(drawn::generation(), kept::whatever);
    holds.of(any::<u32>().prop_map(PepperId::from_number), kept::whatever);
    holds.of(drawn::timestamp(), kept::whatever);
    let moment = |millis: u128| from_json::<Moment>(&format!("\"{millis}\"")).unwrap();
    holds.of(any::<u128>().prop_map(moment), kept::whatever);
    holds.of(drawn::date(), kept::date);
    holds.of(drawn::validity(), kept::validity);
    holds.of(drawn::local_dates(), kept::local_dates);
    holds.of(drawn::label(), kept::label);
    holds.of(drawn::note(), kept::note);
}

fn people(holds: &mut impl Property) {
    holds.of(one_of(AuthenticationMethod::ALL), kept::whatever);
    holds.of(one_of(ChargeableService::ALL), kept::whatever);
    holds.of(one_of(Role::ALL), kept::whatever);
    holds.of(one_of(Action::ALL), kept::whatever);
    holds.of(one_of(Reach::ALL), kept::whatever);
    holds.of(drawn::credentials(), kept::whatever);
    holds.of(drawn::services(), kept::whatever);
    holds.of(drawn::roles(), kept::whatever);
    holds.of(drawn::custom_function(), kept::custom_function);
    holds.of(drawn::function(), kept::function);
    holds.of(vec(drawn::function(), 0..5).prop_map(|all| Functions::of(&all)), kept::functions);
    holds.of(drawn::right(), kept::right);
    holds.of(drawn::rights(), kept::rights);
    holds.of(drawn::custom_profile(), kept::custom_profile);
    holds.of(drawn::profile(), kept::profile);
    holds.of(drawn::selection(), kept::whatever);
    holds.of(drawn::employment(), kept::employment);
    holds.of(drawn::user_access(), kept::user_access);
    holds.of(drawn::person(), kept::person);
    holds.of(drawn::request(), |request| kept::function(&request.function));
}

fn policies(holds: &mut impl Property) {
    holds.of(one_of(&drawn::OWN_DATA_USES), kept::whatever);
    holds.of(one_of(&drawn::USERS_WITHOUT_EMPLOYMENT), kept::whatever);
    holds.of(one_of(&drawn::REINVITATION_SCOPES), kept::whatever);
    holds.of(one_of(StoredVersion::READ), kept::whatever);
    holds.of(drawn::host_function(), kept::host_function);
    holds.of(drawn::leaver_access(), kept::leaver_access);
    holds.of(drawn::access_policy(), kept::access_policy);
    holds.of(drawn::pin_length(), kept::pin_length);
    holds.of(drawn::pin_policy(), kept::pin_policy);
    holds.of(drawn::hash_params(), kept::hash_params);
    holds.of(drawn::policy(), kept::policy);
    holds.of(drawn::start(), kept::whatever);
}

fn answers(holds: &mut impl Property) {
    holds.of(one_of(EndReason::ALL), kept::whatever);
    let integrity = [DeviceIntegrity::Unmodified, DeviceIntegrity::Modified, DeviceIntegrity::Unknown];
    holds.of(one_of(integrity.to_vec().leak()), kept::whatever);
    holds.of(one_of(&[FailedAuthentication::Failed, FailedAuthentication::Cancelled]), kept::whatever);
    holds.of(one_of(&[Channel::MobileApp, Channel::Browser]), kept::whatever);
    holds.of(one_of(&[Basis::Employee, Basis::Leaver, Basis::User]), kept::whatever);
    holds.of(one_of(&[Presence::Stands, Presence::Between, Presence::Gone]), kept::whatever);
    holds.of(one_of(&[Rule::EmployeeWithService, Rule::OwnDataOnly, Rule::NotOneself]), kept::whatever);
    holds.of(one_of(&[Standing::Good, Standing::RevokedAll]), kept::whatever);
    holds.of(one_of(&SessionState::ALL), kept::whatever);
    holds.of(one_of(&drawn::MODALITIES), kept::whatever);
    holds.of(drawn::opened_by(), kept::whatever);
    holds.of(drawn::last_opened(), kept::whatever);
    holds.of(one_of(RefusalCode::ALL), kept::whatever);
    holds.of(one_of(&[RefusalKind::Retry, RefusalKind::AskAdministrator]), kept::whatever);
    holds.of(one_of(&[Cause::AsCoded, Cause::UnknownPerson, Cause::ClockUnknown]), kept::whatever);
    holds.of(one_of(&[Audience::Person, Audience::Administrator]), kept::whatever);
    holds.of(one_of(&[Language::English, Language::Finnish]), kept::whatever);
    holds.of(drawn::next_step(), kept::next_step);
}

fn events(holds: &mut impl Property) {
    holds.of(one_of(&drawn::LOCK_CAUSES), kept::whatever);
    holds.of_report(drawn::log_out_cause(), kept::whatever);
    holds.of_report(drawn::revoked_by(), kept::whatever);
    holds.of_report(drawn::change(), kept::change);
    holds.of_report(drawn::event(), kept::event);
    holds.of(drawn::choice(), kept::whatever);
    holds.of(drawn::people_change(), kept::people_change);
    holds.of_report(drawn::people_event(), kept::people_event);
    holds.of_report(drawn::people_entry(), kept::people_entry);
}

/// In JSON and in compact bytes.
struct ReadsBack;

impl Property for ReadsBack {
    fn of<T: Both>(&mut self, drawn: impl Strategy<Value = T>, is_kept: fn(&T) -> bool) {
        for_some(drawn, |value| {
            reads_back(&value);
            prop_assert!(is_kept(&value), "the test draws what no constructor gives: {value:?}");
            Ok(())
        });
    }
}

#[test]
fn e40_ids_and_times_read_back_in_every_form() {
    ids_and_times(&mut ReadsBack);
}

#[test]
fn e40_people_read_back_in_every_form() {
    people(&mut ReadsBack);
}

#[test]
fn e40_policies_read_back_in_every_form() {
    policies(&mut ReadsBack);
}

#[test]
fn e40_answers_read_back_in_every_form() {
    answers(&mut ReadsBack);
}

#[test]
fn e40_events_read_back_in_every_form() {
    events(&mut ReadsBack);
}

/// Whatever is done to what was written: an error, or what a constructor gives.
#[derive(Default)]
struct Hostile {
    accepted: usize,
    refused: usize,
}

impl Hostile {
    fn try_all<T: Both>(
        &mut self,
        drawn: impl Strategy<Value = T>,
        is_kept: fn(&T) -> bool,
        is_report: bool,
    ) {
        let (accepted, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        for_some((drawn, vec(damage(), 1..4)), |(value, all)| {
            let tree = Tree::of(&from_json(&json(&value)).unwrap());
            passes_over_nothing(&tree, all[0], &value, is_report)?;
            let text = damaged(&tree, &all);
            match from_json::<T>(&text) {
                Err(_) => refused.set(refused.get() + 1),
                Ok(read) => {
                    accepted.set(accepted.get() + 1);
                    prop_assert!(is_kept(&read), "no constructor gives {read:?} of {text:.2000}");
                    prop_assert_eq!(&from_json::<T>(&json(&read)).unwrap(), &read);
                    prop_assert_eq!(&from_compact::<T>(&compact(&read)).unwrap(), &read);
                }
            }
            Ok(())
        });
        self.accepted += accepted.get();
        self.refused += refused.get();
    }
}

/// A key that stands twice is never accepted, and one that is not known in a report only, where it changes
/// nothing.
fn passes_over_nothing<T: Both>(
    tree: &Tree,
    damage: Damage,
    value: &T,
    is_report: bool,
) -> Result<(), TestCaseError> {
    for kind in [Kind::Added, Kind::Doubled] {
        let Some(damage) = damage.to_an_object(kind, tree) else { return Ok(()) };
        let text = damaged(tree, &[damage]);
        if let Ok(read) = from_json::<T>(&text) {
            prop_assert!(kind == Kind::Added && is_report, "{kind:?}, and passed over in {text:.2000}");
            prop_assert_eq!(value, &read);
        }
    }
    Ok(())
}

impl Property for Hostile {
    fn of<T: Both>(&mut self, drawn: impl Strategy<Value = T>, is_kept: fn(&T) -> bool) {
        self.try_all(drawn, is_kept, false);
    }

    fn of_report<T: Both>(&mut self, drawn: impl Strategy<Value = T>, is_kept: fn(&T) -> bool) {
        self.try_all(drawn, is_kept, true);
    }
}

fn is_hostile(group: impl Fn(&mut Hostile)) {
    let mut tried = Hostile::default();
    group(&mut tried);
    // Otherwise the texts would be too wild, or too tame, to find anything.
    let Hostile { accepted, refused } = tried;
    assert!(accepted * 50 > refused && refused > accepted, "{accepted} accepted, {refused} refused");
}

#[test]
fn e40_hostile_ids_and_times_are_errors_or_what_a_constructor_gives() {
    is_hostile(ids_and_times);
}

#[test]
fn e40_hostile_people_are_errors_or_what_a_constructor_gives() {
    is_hostile(people);
}

#[test]
fn e40_hostile_policies_are_errors_or_what_a_constructor_gives() {
    is_hostile(policies);
}

#[test]
fn e40_hostile_answers_are_errors_or_what_a_constructor_gives() {
    is_hostile(answers);
}

#[test]
fn e40_hostile_events_are_errors_or_what_a_constructor_gives() {
    is_hostile(events);
}

/// The names of the types that the properties are about.
#[derive(Default)]
struct Names(BTreeSet<&'static str>);

impl Property for Names {
    fn of<T: Both>(&mut self, _: impl Strategy<Value = T>, _: fn(&T) -> bool) {
        let name = std::any::type_name::<T>();
        self.0.insert(name.rsplit("::").next().unwrap_or(name));
    }
}

#[test]
fn e40_every_type_that_is_read_has_both_properties() {
    let mut names = Names::default();
    ids_and_times(&mut names);
    people(&mut names);
    policies(&mut names);
    answers(&mut names);
    events(&mut names);
    assert_eq!(names.0, inventory::READ.iter().copied().collect());
}
