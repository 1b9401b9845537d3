//! What a host sets.

use core::num::NonZeroU16;
use std::time::Duration;

use pinlatch::access::{AccessPolicy, HostFunction, LeaverAccess, OwnDataUse, UsersWithoutEmployment};
use pinlatch::account::{DEVICE_LIMIT_MAX, OUTBOX_LIMIT_MAX, Policy, PolicyBuilder, ReinvitationScope};
use pinlatch::people::{ChargeableService, Reach, Right, Role, Roles};
use pinlatch::pin::{HashParams, PinLength, PinPolicy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, any};
use proptest::prop_oneof;
use proptest::strategy::{BoxedStrategy, Strategy};

use super::{custom_function, one_of, right};

pub(crate) const OWN_DATA_USES: [OwnDataUse; 3] =
    [OwnDataUse::ByProfileOnly, OwnDataUse::Read, OwnDataUse::ReadAndEdit];
pub(crate) const USERS_WITHOUT_EMPLOYMENT: [UsersWithoutEmployment; 2] =
    [UsersWithoutEmployment::Allow, UsersWithoutEmployment::Refuse];
pub(crate) const REINVITATION_SCOPES: [ReinvitationScope; 2] =
    [ReinvitationScope::Everyone, ReinvitationScope::InvitedIdentitiesOnly];

pub(crate) fn host_function() -> BoxedStrategy<HostFunction> {
    let parts = (custom_function(), option::of(one_of(ChargeableService::ALL)), one_of(&OWN_DATA_USES));
    parts.prop_map(|(function, service, own_data)| HostFunction { function, service, own_data }).boxed()
}

pub(crate) fn leaver_access() -> BoxedStrategy<LeaverAccess> {
    let parts = (any::<NonZeroU16>(), vec(right(), 0..5));
    parts
        .prop_filter_map("a right to users and roles", |(days, rights)| {
            let own = rights.into_iter().map(|right: Right| Right { reach: Reach::OwnData, ..right });
            LeaverAccess::new(days, own.collect()).ok()
        })
        .boxed()
}

pub(crate) fn access_policy() -> BoxedStrategy<AccessPolicy> {
    let inviting = [Role::UserAdministrator, Role::AccountingOfficeAdministrator];
    let roles = prop_oneof![
        Just(Roles::of(&inviting)),
        Just(Roles::of(&inviting[..1])),
        Just(Roles::of(&inviting[1..]))
    ];
    let parts =
        (one_of(&USERS_WITHOUT_EMPLOYMENT), roles, option::of(leaver_access()), vec(host_function(), 0..5));
    parts
        .prop_map(|(answer, roles, leaver, functions)| {
            let policy = AccessPolicy::default().with_users_without_employment(answer);
            let policy = policy.with_leaver_access(leaver).with_inviting_roles(roles).unwrap();
            functions.into_iter().try_fold(policy, AccessPolicy::with_function).unwrap()
        })
        .boxed()
}

pub(crate) fn pin_length() -> BoxedStrategy<PinLength> {
    (PinLength::MIN..=PinLength::MAX).prop_map(|digits| PinLength::new(digits).unwrap()).boxed()
}

pub(crate) fn pin_policy() -> BoxedStrategy<PinPolicy> {
    pin_length().prop_map(|length| PinPolicy::default().with_length(length)).boxed()
}

pub(crate) fn hash_params() -> BoxedStrategy<HashParams> {
    let parts = (HashParams::MIN_MEMORY_KIB..=HashParams::MAX_MEMORY_KIB, 1..=HashParams::MAX_PASSES);
    parts.prop_filter_map("too weak", |(memory, passes)| HashParams::new(memory, passes).ok()).boxed()
}

/// A span of whole milliseconds, at least one.
fn span() -> BoxedStrategy<Duration> {
    prop_oneof![1..10_000_u64, 1..100_000_000_u64, 1..=u64::MAX].prop_map(Duration::from_millis).boxed()
}

pub(crate) fn policy() -> BoxedStrategy<Policy> {
    let windows = (span(), span(), span(), span(), (1..=3_600_000_u64).prop_map(Duration::from_millis));
    let optional = (option::of(span()), option::of(span()));
    let limits = (1..=DEVICE_LIMIT_MAX, 1..=OUTBOX_LIMIT_MAX, one_of(&REINVITATION_SCOPES));
    let parts = (access_policy(), pin_policy(), hash_params());
    (windows, optional, limits, parts)
        .prop_filter_map("no policy", |(windows, optional, limits, parts)| {
            let (invitation, pin, authentication, answer, skew) = windows;
            let builder = Policy::builder().invitation_lifetime(invitation).pin_window(pin);
            let builder = builder.authentication_window(authentication).answer_window(answer).skew(skew);
            let builder = optional.0.into_iter().fold(builder, PolicyBuilder::idle_lock);
            let builder = optional.1.into_iter().fold(builder, PolicyBuilder::absolute_lifetime);
            let builder = builder.device_limit(limits.0).outbox_limit(limits.1).reinvitation(limits.2);
            builder.access(parts.0).pin(parts.1).hash_params(parts.2).build().ok()
        })
        .boxed()
}
