//! Every field of every input is known by exactly one name: what is misspelt, added or left out is an
//! error, and never the wider of two readings.

use pinlatch::access::{AccessPolicy, HostFunction, LeaverAccess, Request};
use pinlatch::account::{AuthenticationStart, LastOpened, Policy};
use pinlatch::people::{
    Action, CredentialsHeld, CustomProfile, Employment, Function, LocalDates, Person, Profile, Right,
    UserAccess, Validity,
};
use pinlatch::pin::{HashParams, PinPolicy};
use pinlatch::session::OpenedBy;
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, person, today};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::given::{from_json, json};
use crate::people::{access_policy, somebody, start};

/// What may be left out: a period without a last day is one until further notice; facts that say nothing of it
/// are complete, which ends more and not less (E23); without access for leavers there is none.
const OPTIONAL: [&str; 3] = ["last", "incomplete_until", "leaver_access"];

/// Every tree that differs from this one in one object, by what `change` makes of it.
fn each_object(tree: &Value, change: &impl Fn(&Map<String, Value>) -> Vec<Value>) -> Vec<Value> {
    match tree {
        Value::Object(fields) => {
            let mut trees = change(fields);
            for (name, inner) in fields {
                trees.extend(each_object(inner, change).into_iter().map(|inner| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), inner);
                    Value::Object(fields)
                }));
            }
            trees
        }
        Value::Array(items) => {
            let in_place = |(place, item): (usize, &Value)| {
                let put = move |item| {
                    let mut items = items.clone();
                    items[place] = item;
                    Value::Array(items)
                };
                each_object(item, change).into_iter().map(put).collect::<Vec<_>>()
            };
            items.iter().enumerate().flat_map(in_place).collect()
        }
        _ => Vec::new(),
    }
}

fn added(fields: &Map<String, Value>) -> Vec<Value> {
    let values = fields.values().next().cloned().into_iter().chain([Value::Null]);
    values
        .map(|value| {
            let mut fields = fields.clone();
            fields.insert("until".into(), value);
            Value::Object(fields)
        })
        .collect()
}

fn misspelt(fields: &Map<String, Value>) -> Vec<Value> {
    let renamed = |name: &String| {
        let upper = name[..1].to_uppercase() + &name[1..];
        let lower = name[..1].to_lowercase() + &name[1..];
        let spellings = [upper, lower, format!("{name} "), format!("{name}s"), name.replace('_', "-")];
        let others = spellings.into_iter().filter(|other| other != name).map(|other| {
            let mut fields = fields.clone();
            let value = fields.remove(name).unwrap();
            fields.insert(other, value);
            Value::Object(fields)
        });
        others.collect::<Vec<_>>()
    };
    fields.keys().flat_map(renamed).collect()
}

fn left_out(fields: &Map<String, Value>) -> Vec<Value> {
    let without = |name: &String| {
        let mut fields = fields.clone();
        fields.remove(name);
        Value::Object(fields)
    };
    fields.keys().filter(|name| !OPTIONAL.contains(&name.as_str())).map(without).collect()
}

#[track_caller]
fn is_strict<T: Serialize + DeserializeOwned + PartialEq>(value: &T) {
    let tree: Value = from_json(&json(value)).unwrap();
    assert!(from_json::<T>(&tree.to_string()).unwrap() == *value);
    for change in [added, misspelt, left_out] {
        let trees = each_object(&tree, &change);
        assert!(!trees.is_empty(), "nothing was tried");
        for wrong in trees {
            assert!(from_json::<T>(&wrong.to_string()).is_err(), "{wrong}");
        }
    }
}

#[test]
fn e40_unknown_fields_of_people_are_errors() {
    let person = somebody();
    is_strict::<Person>(&person);
    is_strict::<CredentialsHeld>(&person.credentials());
    person.employments().iter().for_each(is_strict::<Employment>);
    person.user_accesses().iter().for_each(is_strict::<UserAccess>);
    person.employments().iter().for_each(|employment| is_strict::<Validity>(&employment.validity()));
    let profile = person.user_accesses()[0].profile();
    is_strict::<Profile>(profile);
    let Profile::Custom(custom) = profile else { panic!("{profile:?}") };
    is_strict::<CustomProfile>(custom);
    custom.rights().iter().for_each(|right| is_strict::<Right>(&right));
}

#[test]
fn e40_unknown_fields_of_policies_and_evidence_are_errors() {
    let policy = access_policy();
    is_strict::<AccessPolicy>(&policy);
    policy.functions().iter().for_each(is_strict::<HostFunction>);
    is_strict::<LeaverAccess>(policy.leaver_access().unwrap());
    is_strict::<PinPolicy>(&PinPolicy::default());
    is_strict::<HashParams>(&HashParams::DEFAULT);
    is_strict::<AuthenticationStart>(&start());
    is_strict::<Policy>(&Policy::builder().access(policy).build().unwrap());
}

#[test]
fn e40_unknown_fields_of_dates_and_requests_are_errors() {
    is_strict::<LocalDates>(&LocalDates::everywhere(today()).with(ACME, today()));
    let function = Function::WorkingHours;
    is_strict::<Request>(&Request { company: ACME, action: Action::Read, function, owner: person(1) });
    let at = Timestamp::from_unix_seconds(1_795_348_800);
    is_strict::<LastOpened>(&LastOpened { at, by: OpenedBy::Pin });
}

#[test]
fn the_wrong_trees_are_the_ones_that_are_meant() {
    let tree: Value = from_json(r#"{"first":1,"inner":[{"last":2}]}"#).unwrap();
    let texts =
        |change: fn(&_) -> _| each_object(&tree, &change).iter().map(Value::to_string).collect::<Vec<_>>();
    let wrong = texts(added);
    assert_eq!(wrong.len(), 4);
    assert!(wrong.contains(&r#"{"first":1,"inner":[{"last":2}],"until":1}"#.into()));
    assert!(wrong.contains(&r#"{"first":1,"inner":[{"last":2,"until":null}]}"#.into()));
    let wrong = texts(misspelt);
    assert_eq!(wrong.len(), 9);
    assert!(wrong.contains(&r#"{"first":1,"inner":[{"Last":2}]}"#.into()));
    assert_eq!(texts(left_out), [r#"{"inner":[{"last":2}]}"#, r#"{"first":1}"#]);
}
