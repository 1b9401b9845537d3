//! What a host says of people and sets by policy, written out.

use core::num::NonZeroU16;

use pinlatch::access::{AccessPolicy, HostFunction, LeaverAccess, OwnDataUse, UsersWithoutEmployment};
use pinlatch::account::AuthenticationStart;
use pinlatch::id::StartId;
use pinlatch::people::{
    Action, ChargeableService, CredentialsHeld, CustomFunction, CustomProfile, Employment, Function, Person,
    Profile, Reach, Right, Rights, Role, Roles, ServiceSelection, Services, UserAccess, Validity,
};
use pinlatch::pin::{HashParams, PepperId, PinLength, PinPolicy};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, BOLT, day, person};

use crate::given::{json, reads_back};

/// A person with everything that a person can have.
pub(crate) fn somebody() -> Person {
    let read = Right::new(Action::Read, Function::SalaryInformation, Reach::Company);
    let payroll = CustomProfile::new("Payroll", Rights::of(&[read])).unwrap();
    let year = Validity::between(day(2026, 1, 1), day(2026, 12, 31)).unwrap();
    let closed = ServiceSelection::ClosedAfter(day(2026, 2, 28));
    Person::new(person(0xa))
        .with_bank_credentials()
        .with_employment(Employment::new(ACME, year).with_service(ChargeableService::Travel))
        .with_employment(
            Employment::new(BOLT, Validity::from(day(2025, 1, 1)))
                .with_selection(ChargeableService::Salaries, closed),
        )
        .with_user_access(
            UserAccess::new(ACME, year)
                .with_profile(Profile::Custom(payroll))
                .with_role(Role::UserAdministrator)
                .with_role(Role::CompanyAdministrator),
        )
}

/// The person above, as written.
const SOMEBODY: &str = concat!(
    r#"{"id":"00000000-0000-0000-0000-00000000000a","#,
    r#""credentials":{"bank":true,"mobile_certificate":false},"#,
    r#""employments":[{"company":"00000000-0000-0000-0000-000000000001","#,
    r#""validity":{"first":"2026-01-01","last":"2026-12-31"},"travel":"Open","salaries":"NotSelected"},"#,
    r#"{"company":"00000000-0000-0000-0000-000000000002","validity":{"first":"2025-01-01","last":null},"#,
    r#""travel":"NotSelected","salaries":{"ClosedAfter":"2026-02-28"}}],"#,
    r#""user_accesses":[{"company":"00000000-0000-0000-0000-000000000001","#,
    r#""validity":{"first":"2026-01-01","last":"2026-12-31"},"#,
    r#""profile":{"Custom":{"name":"Payroll","rights":["#,
    r#"{"action":"Read","function":"SalaryInformation","reach":"Company"}]}},"#,
    r#""roles":["UserAdministrator","CompanyAdministrator"]}],"incomplete_until":null}"#,
);

pub(crate) fn start() -> AuthenticationStart {
    AuthenticationStart::for_nobody(StartId::from_u128(0xb), Timestamp::from_unix_seconds(1_795_348_800))
}

pub(crate) fn access_policy() -> AccessPolicy {
    let roles = Roles::of(&[Role::UserAdministrator, Role::AccountingOfficeAdministrator]);
    let policy = AccessPolicy::default().with_users_without_employment(UsersWithoutEmployment::Refuse);
    let read = Right::new(Action::Read, Function::SalaryInformation, Reach::OwnData);
    let leaver = LeaverAccess::new(NonZeroU16::new(30).unwrap(), Rights::of(&[read])).unwrap();
    let function = CustomFunction::new("Holidays").unwrap();
    let service = Some(ChargeableService::Travel);
    let holidays = HostFunction { function, service, own_data: OwnDataUse::ReadAndEdit };
    let policy = policy.with_leaver_access(Some(leaver)).with_function(holidays).unwrap();
    policy.with_inviting_roles(roles).unwrap()
}

#[test]
fn a_person_is_written_like_this() {
    assert_eq!(json(&somebody()), SOMEBODY);
    reads_back(&somebody());
    reads_back(&Person::new(person(1)));
}

#[test]
fn the_parts_of_people_are_written_like_this() {
    assert_eq!(json(&Profile::NoRights), r#""NoRights""#);
    assert_eq!(json(&Profile::Employee), r#""Employee""#);
    assert_eq!(json(&Services::of(&[ChargeableService::Salaries])), r#"["Salaries"]"#);
    assert_eq!(json(&Roles::EMPTY), "[]");
    let held = CredentialsHeld { bank: false, mobile_certificate: true };
    assert_eq!(json(&held), r#"{"bank":false,"mobile_certificate":true}"#);
    let custom = Function::Custom(CustomFunction::new("Holidays").unwrap());
    assert_eq!(json(&custom), r#"{"Custom":"Holidays"}"#);
    let all: Rights = Right::all().chain([Right::new(Action::Read, custom, Reach::Company)]).collect();
    reads_back(&all);
    for profile in [Profile::NoRights, Profile::Employee] {
        reads_back(&profile);
    }
}

#[test]
fn policies_are_written_like_this() {
    assert_eq!(
        json(&access_policy()),
        concat!(
            r#"{"users_without_employment":"Refuse","#,
            r#""inviting_roles":["UserAdministrator","AccountingOfficeAdministrator"],"#,
            r#""leaver_access":{"days":30,"rights":["#,
            r#"{"action":"Read","function":"SalaryInformation","reach":"OwnData"}]},"#,
            r#""functions":[{"function":"Holidays","service":"Travel","own_data":"ReadAndEdit"}]}"#
        )
    );
    let policy = PinPolicy::default().with_length(PinLength::new(8).unwrap());
    assert_eq!(json(&policy), r#"{"length":8}"#);
    assert_eq!(json(&HashParams::DEFAULT), r#"{"memory_kib":19456,"passes":2}"#);
    assert_eq!(json(&PepperId::from_number(3)), "3");
    let written = concat!(
        r#"{"id":"00000000-0000-0000-0000-00000000000b","#,
        r#""begun":{"Nobody":{"reading":"2026-11-22T12:00:00.000Z"}}}"#
    );
    assert_eq!(json(&start()), written);
    reads_back(&access_policy());
    reads_back(&policy);
    reads_back(&HashParams::STRONG);
    reads_back(&start());
}
