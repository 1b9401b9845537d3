//! The host's policy as serde writes and reads it.

use core::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::policy::{Policy, PolicyBuilder, PolicyError, ReinvitationScope};
use crate::access::AccessPolicy;
use crate::pin::{HashParams, PinPolicy};
use crate::time::whole_millis;

/// A policy field by field, before its limits and windows are known to be allowed.
///
/// Every field has to be there. One that is left out would else be the default's, which is the wider of two
/// readings where a host had set a narrower one (E40).
#[derive(Serialize, Deserialize)]
#[serde(rename = "Policy", deny_unknown_fields)]
struct Form {
    device_limit: u8,
    invitation_lifetime_milliseconds: u64,
    pin_window_milliseconds: u64,
    #[serde(deserialize_with = "said")]
    idle_window_milliseconds: Option<u64>,
    #[serde(deserialize_with = "said")]
    absolute_lifetime_milliseconds: Option<u64>,
    authentication_window_milliseconds: u64,
    answer_window_milliseconds: u64,
    skew_milliseconds: u64,
    outbox_limit: usize,
    reinvitation: ReinvitationScope,
    access: AccessPolicy,
    pin: PinPolicy,
    hash_params: HashParams,
}

/// For an optional window: `null` has to be said, since a window left out would be none at all.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Deserialize::deserialize(deserializer)
}

impl From<&Policy> for Form {
    fn from(policy: &Policy) -> Self {
        Self {
            device_limit: policy.device_limit().get(),
            invitation_lifetime_milliseconds: whole_millis(policy.invitation_lifetime()),
            pin_window_milliseconds: whole_millis(policy.pin_window()),
            idle_window_milliseconds: policy.idle_window().map(whole_millis),
            absolute_lifetime_milliseconds: policy.absolute_lifetime().map(whole_millis),
            authentication_window_milliseconds: whole_millis(policy.authentication_window()),
            answer_window_milliseconds: whole_millis(policy.answer_window()),
            skew_milliseconds: whole_millis(policy.skew()),
            outbox_limit: policy.outbox_limit(),
            reinvitation: policy.reinvitation(),
            access: policy.access().clone(),
            pin: *policy.pin(),
            hash_params: policy.hash_params(),
        }
    }
}

impl TryFrom<Form> for Policy {
    type Error = PolicyError;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let span = Duration::from_millis;
        let windows = Self::builder()
            .invitation_lifetime(span(form.invitation_lifetime_milliseconds))
            .pin_window(span(form.pin_window_milliseconds))
            .authentication_window(span(form.authentication_window_milliseconds))
            .answer_window(span(form.answer_window_milliseconds))
            .skew(span(form.skew_milliseconds));
        let idle = form.idle_window_milliseconds.map(span);
        let windows = idle.into_iter().fold(windows, PolicyBuilder::idle_lock);
        let lifetime = form.absolute_lifetime_milliseconds.map(span);
        let windows = lifetime.into_iter().fold(windows, PolicyBuilder::absolute_lifetime);
        let limits = windows.device_limit(form.device_limit).outbox_limit(form.outbox_limit);
        let parts = limits.access(form.access).pin(form.pin).hash_params(form.hash_params);
        parts.reinvitation(form.reinvitation).build()
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Form::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom) // E40
    }
}
