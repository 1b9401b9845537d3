//! What a constructor refuses is not read either.

use pinlatch::access::{AccessPolicy, LeaverAccess, UsersWithoutEmployment};
use pinlatch::people::{
    CustomProfile, Employment, Function, Person, Profile, Right, Rights, Role, Roles, ServiceSelection,
    UserAccess, Validity,
};
use pinlatch::pin::{HashParams, PinLength, PinPolicy};
use pinlatch_testkit::{company, day, since_last_year};

use crate::given::{compact, from_compact, from_json, json};
use crate::people::somebody;

#[test]
fn e40_a_period_does_not_end_before_it_begins() {
    let period = |text: &str| from_json::<Validity>(text).ok();
    let (first, last) = (day(2020, 1, 1), day(2020, 12, 31));
    assert_eq!(
        period(r#"{"first":"2020-01-01","last":"2020-12-31"}"#),
        Some(Validity::between(first, last).unwrap())
    );
    for open in [r#"{"first":"2020-01-01","last":null}"#, r#"{"first":"2020-01-01"}"#] {
        assert_eq!(period(open), Some(Validity::from(first)), "until further notice");
    }
    for wrong in [
        r#"{"first":"2020-01-01","last":"2019-12-31"}"#,
        r#"{"first":"2020-01-01","Last":"2020-12-31"}"#,
        r#"{"first":"2020-01-01","last":"2020-12-31","last":null}"#,
        r#"{"first":"2020-01-01","last":null,"until":"2020-12-31"}"#,
        r#"{"first":"2020-01-01","last":""}"#,
        r#"{"first":"2020-01-01","last":"2020-2-30"}"#,
        r#"{"first":"2020-01-01","last":[2020,12,31]}"#,
        r#"{"last":"2020-12-31"}"#,
        r#"["2020-01-01"]"#,
        r#"["2020-01-01","2020-12-31",null]"#,
        "{}",
    ] {
        assert_eq!(period(wrong), None, "{wrong}");
    }
    assert!(from_compact::<Validity>(&compact(&(last, Some(first)))).is_err());
}

#[test]
fn e40_a_person_has_one_user_access_in_a_company() {
    let access = |company: u128| {
        let validity = Validity::from(day(2020, 1, 1));
        UserAccess::new(pinlatch_testkit::company(company), validity).with_role(Role::UserAdministrator)
    };
    let person = |accesses: Vec<UserAccess>| {
        let head = r#"{"id":"00000000-0000-0000-0000-00000000000a","credentials":{"bank":true,"mobile_certificate":false},"#;
        from_json::<Person>(&format!(r#"{head}"employments":[],"user_accesses":{}}}"#, json(&accesses)))
    };
    assert_eq!(person(vec![access(1), access(2)]).unwrap().user_accesses(), [access(1), access(2)]);
    assert!(person(vec![access(1), access(2), access(1)]).is_err());
    assert!(person(vec![access(1), UserAccess::new(access(1).company(), access(1).validity())]).is_err());
}

#[test]
fn e40_a_profile_has_a_name_and_no_right_to_administer() {
    let profile = |name: &str, rights: &Rights| {
        let text = format!(r#"{{"Custom":{{"name":{},"rights":{}}}}}"#, json(&name), json(rights));
        (from_json::<Profile>(&text).ok(), CustomProfile::new(name, rights.clone()).ok().map(Profile::Custom))
    };
    let all: Rights = Right::all().collect();
    let payroll: Rights = Right::all().filter(|right| right.function != Function::UsersAndRoles).collect();
    for name in ["Payroll", "", " \t", &"x".repeat(64), &"x".repeat(65), &"ä".repeat(33)] {
        for rights in [&Rights::EMPTY, &payroll, &all] {
            let (read, made) = profile(name, rights);
            assert_eq!(read, made, "{name:?}");
        }
    }
    assert!(profile("Payroll", &payroll).0.is_some());
    assert!(profile("Payroll", &all).0.is_none());
    assert!(profile("", &payroll).0.is_none());
}

#[test]
fn e40_policies_keep_to_their_bounds() {
    for roles in 0..8_u8 {
        let chosen = Role::ALL.iter().copied().enumerate();
        let roles: Roles = chosen.filter(|(bit, _)| roles >> bit & 1 == 1).map(|(_, role)| role).collect();
        let text = format!(
            r#"{{"users_without_employment":"Refuse","inviting_roles":{},"leaver_access":null,"functions":[]}}"#,
            json(&roles)
        );
        let plain = AccessPolicy::default().with_users_without_employment(UsersWithoutEmployment::Refuse);
        let made = plain.with_inviting_roles(roles).ok();
        assert_eq!(from_json::<AccessPolicy>(&text).ok(), made, "{roles:?}");
    }
    for digits in 0..=u8::MAX {
        let made = PinLength::new(digits).ok();
        assert_eq!(from_json::<PinLength>(&digits.to_string()).ok(), made);
        let policy = from_json::<PinPolicy>(&format!(r#"{{"length":{digits}}}"#)).ok();
        assert_eq!(policy, made.map(|length| PinPolicy::default().with_length(length)));
    }
    for memory_kib in [0, 1, 7_167, 7_168, 9_216, 12_288, 19_456, 47_104, 262_144, 262_145, u32::MAX] {
        for passes in [0, 1, 2, 3, 4, 5, 16, 17, u32::MAX] {
            let text = format!(r#"{{"memory_kib":{memory_kib},"passes":{passes}}}"#);
            assert_eq!(from_json::<HashParams>(&text).ok(), HashParams::new(memory_kib, passes).ok());
        }
    }
}

#[test]
fn e40_a_set_has_known_members_each_once() {
    let twice = r#"["UserAdministrator","UserAdministrator"]"#;
    assert_eq!(from_json::<Roles>(twice).unwrap(), Roles::of(&[Role::UserAdministrator]));
    for wrong in [r#"["Administrator"]"#, r#"["useradministrator"]"#, r#""UserAdministrator""#, "7", "null"] {
        assert!(from_json::<Roles>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn e40_a_service_is_closed_on_a_day_or_open_by_name() {
    let closed = ServiceSelection::ClosedAfter(day(2026, 2, 28));
    assert_eq!(from_json::<ServiceSelection>(r#"{"ClosedAfter":"2026-02-28"}"#).unwrap(), closed);
    for wrong in [
        r#"{"ClosedAfter":"2026-02-30"}"#,
        r#"{"ClosedAfter":null}"#,
        r#"{"Open":"2026-02-28"}"#,
        r#"{"Open":null,"ClosedAfter":"2026-02-28"}"#,
        r#""ClosedAfter""#,
        r#""open""#,
        "null",
    ] {
        assert!(from_json::<ServiceSelection>(wrong).is_err(), "{wrong}");
    }
    // An employment that says nothing of a service is not read as one without it.
    let employment = r#"{"company":"00000000-0000-0000-0000-000000000001","validity":{"first":"2026-01-01"},"travel":"Open"}"#;
    assert!(from_json::<Employment>(employment).is_err());
    assert!(from_json::<Employment>(&employment.replace('}', r#","salaries":"Open"}"#)).is_err());
    assert!(
        from_json::<Employment>(&employment.replace(r#""Open"}"#, r#""Open","salaries":"Open"}"#)).is_ok()
    );
}

#[test]
fn e40_d32_a_host_has_each_function_once_by_a_name_that_is_one() {
    let policy = |functions: &str| {
        let text = format!(
            r#"{{"users_without_employment":"Allow","inviting_roles":["UserAdministrator"],"leaver_access":null,"functions":[{functions}]}}"#
        );
        from_json::<AccessPolicy>(&text).is_ok()
    };
    let holidays = r#"{"function":"Holidays","service":"Travel","own_data":"Read"}"#;
    assert!(policy("") && policy(holidays));
    assert!(!policy(&format!("{holidays},{holidays}")), "twice");
    assert!(!policy(&holidays.replace("Holidays", "")));
    assert!(!policy(&holidays.replace("Holidays", "Holi days")));
    assert!(!policy(&holidays.replace(r#""service":"Travel","#, "")), "the service is not said");
}

#[test]
fn e40_d29_a_leaver_has_days_and_rights_to_own_data_only() {
    let leaver = |days: u32, reach: &str| {
        let text = format!(
            r#"{{"days":{days},"rights":[{{"action":"Read","function":"WorkingHours","reach":"{reach}"}}]}}"#
        );
        from_json::<LeaverAccess>(&text).is_ok()
    };
    assert!(leaver(30, "OwnData"));
    assert!(!leaver(30, "Company") && !leaver(0, "OwnData"));
}

#[test]
fn d31_l4_a_stored_person_beyond_the_bounds_is_an_error() {
    let person = |jobs: usize| {
        let employments = vec![Employment::new(company(1), since_last_year()); jobs];
        let text = json(&somebody());
        let (head, rest) = text.split_once(r#""employments":"#).unwrap();
        let (_, tail) = rest.split_once(r#","user_accesses""#).unwrap();
        from_json::<Person>(&format!(r#"{head}"employments":{},"user_accesses"{tail}"#, json(&employments)))
    };
    assert_eq!(person(32).unwrap().employments().len(), 32);
    assert!(person(33).is_err());
}
