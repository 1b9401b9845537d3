//! What a member says of itself, and what of that breaks a promise.

use etcd_client::{AlarmAction, AlarmType, Client, Error, StatusResponse};

use super::classify::PERMISSION_DENIED;
use super::error::EtcdError;

crate::risk::risks! {
    /// One risk, accepted by name with [`EtcdOptions::accepting`](super::EtcdOptions::accepting).
    pub enum Risk {
        /// A version that can lose or change entries when a member crashes: 3.5.0 to 3.5.2.
        CorruptingVersion,
    }
}

/// A setting that breaks a promise.
pub type UnsafeSetting = crate::UnsafeSetting<Risk>;

/// The part of a member's status that is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    version: String,
    has_leader: bool,
    is_learner: bool,
    alarms: String,
}

impl From<StatusResponse> for Status {
    fn from(answer: StatusResponse) -> Self {
        Self {
            version: answer.version().to_owned(),
            has_leader: answer.leader() != 0,
            is_learner: answer.is_learner(),
            alarms: answer.errors().join("; "),
        }
    }
}

fn is_denied(error: &Error) -> bool {
    matches!(error, Error::GRpcStatus(said) if i32::from(said.code()) == PERMISSION_DENIED)
}

const fn named(alarm: AlarmType) -> &'static str {
    match alarm {
        AlarmType::None => "",
        AlarmType::Nospace => "alarm:NOSPACE ",
        AlarmType::Corrupt => "alarm:CORRUPT ",
    }
}

impl Status {
    /// What a member says of itself. Newer ones (seen with 3.5.30) tell nobody but `root`, and nobody has to be that: alarms
    /// are asked for apart, none of those versions corrupts, and a learner or a member without a leader does not tell them.
    /// One that tells them to nobody else either is found out by the first operation, and refuses writes with an alarm.
    pub(super) async fn of(client: &mut Client) -> Result<Self, Error> {
        match client.status().await {
            Err(error) if is_denied(&error) => {
                let alarms = match client.alarm(AlarmAction::Get, AlarmType::None, None).await {
                    Ok(found) => found.alarms().iter().map(|found| named(found.alarm())).collect(),
                    Err(error) if is_denied(&error) => String::new(),
                    Err(error) => return Err(error),
                };
                Ok(Self { alarms, has_leader: true, ..Self::default() })
            }
            answer => answer.map(Self::from),
        }
    }

    /// Whether it can answer reads that see every write. A learner cannot, nor can one that is cut off.
    pub(super) const fn is_usable(&self) -> bool {
        self.has_leader && !self.is_learner
    }

    /// What is refused at opening.
    pub(super) fn check(&self, accepted: &[Risk]) -> Result<(), EtcdError> {
        if self.alarms.contains("NOSPACE") {
            return Err(EtcdError::Full(Some(self.alarms.clone().into())));
        }
        self.check_member(accepted)
    }

    /// What is refused on each new connection. A full etcd is not: it can be read.
    pub(super) fn check_member(&self, accepted: &[Risk]) -> Result<(), EtcdError> {
        if self.alarms.contains("CORRUPT") {
            return Err(EtcdError::Unsafe(UnsafeSetting {
                setting: "alarm",
                value: self.alarms.clone(),
                breaks: "the members disagree about what is stored",
                remedy: "find the damaged member, replace it, disarm the alarm",
                risk: None,
            }));
        }
        let corrupts = ["3.5.0", "3.5.1", "3.5.2"].contains(&self.version.as_str());
        if corrupts && !accepted.contains(&Risk::CorruptingVersion) {
            return Err(EtcdError::Unsafe(UnsafeSetting {
                setting: "version",
                value: self.version.clone(),
                breaks: "a member that crashes may come back with other records than the rest",
                remedy: "upgrade",
                risk: Some(Risk::CorruptingVersion),
            }));
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    fn status(version: &str, alarms: &str) -> Status {
        Status { version: version.into(), has_leader: true, is_learner: false, alarms: alarms.into() }
    }

    #[test]
    fn versions_that_corrupt_are_refused_until_that_is_accepted() {
        for version in ["3.5.0", "3.5.1", "3.5.2"] {
            let refused = status(version, "").check(&[]);
            let risk = Some(Risk::CorruptingVersion);
            assert!(matches!(&refused, Err(EtcdError::Unsafe(found)) if found.risk == risk), "{refused:?}");
            status(version, "").check(&[Risk::CorruptingVersion]).unwrap();
        }
        for version in ["3.4.23", "3.5.3", "3.5.20", "3.6.1"] {
            status(version, "").check(&[]).unwrap();
        }
    }

    #[test]
    fn alarms_are_refused_whatever_is_accepted() {
        let full = status("3.4.23", "memberID:1 alarm:NOSPACE ").check(&[]).unwrap_err();
        assert!(matches!(full, EtcdError::Full(Some(_))), "{full:?}");
        status("3.4.23", "memberID:1 alarm:NOSPACE ").check_member(&[]).unwrap();
        let corrupt = status("3.4.23", "memberID:1 alarm:CORRUPT ").check(&[Risk::CorruptingVersion]);
        assert!(matches!(&corrupt, Err(EtcdError::Unsafe(found)) if found.risk.is_none()), "{corrupt:?}");
    }

    #[test]
    fn a_learner_or_a_member_without_a_leader_is_not_used() {
        assert!(status("3.4.23", "").is_usable());
        assert!(!Status { is_learner: true, ..status("3.4.23", "") }.is_usable());
        assert!(!Status { has_leader: false, ..status("3.4.23", "") }.is_usable());
    }
}
