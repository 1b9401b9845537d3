//! Every public type of the crate, and whether serde writes and reads it. A new one does not pass before that
//! is decided here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pinlatch::access::users_and_roles::*;
use pinlatch::access::*;
use pinlatch::account::*;
use pinlatch::gate::*;
use pinlatch::host::*;
use pinlatch::id::*;
use pinlatch::name::*;
use pinlatch::people::*;
use pinlatch::pin::*;
use pinlatch::record::*;
use pinlatch::refusal::*;
use pinlatch::secret::*;
use pinlatch::session::*;
use pinlatch::time::*;
use pinlatch_testkit::TestHost;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::given::{has, lacks};

macro_rules! decided {
    (
        read { $($read:ident,)* }
        written { $($written:ident,)* }
        neither { $($neither:ident $(<$($of:ty),*>)?,)* }
    ) => {
        $(has!($read, Serialize); has!($read, DeserializeOwned);)*
        $(has!($written, Serialize); lacks!($written, DeserializeOwned);)*
        $(lacks!($neither $(<$($of),*>)?, Serialize); lacks!($neither $(<$($of),*>)?, DeserializeOwned);)*

        /// Written and read.
        pub(crate) const READ: &[&str] = &[$(stringify!($read),)*];
        const WRITTEN: &[&str] = &[$(stringify!($written),)*];
        const NEITHER: &[&str] = &[$(stringify!($neither),)*];
    };
}

decided! {
    // What a host says, sets, keeps in a store of its own, or reads back from a journal.
    read {
        // Ids and times.
        PersonId, CompanyId, DeviceId, CredentialId, AttemptId, WriteId, HistoryId, StartId, RequestId, EventId,
        Generation, PepperId, Timestamp, Moment, CalendarDate, Validity, LocalDates, DeviceLabel, Note,
        // People.
        AuthenticationMethod, ChargeableService, Role, Action, Reach, CredentialsHeld, Services, Roles,
        CustomFunction, Function, Functions, Right, Rights, CustomProfile, Profile, ServiceSelection, Employment,
        UserAccess, Person, Request,
        // Policies, and the start of an authentication in the server's own session store.
        OwnDataUse, UsersWithoutEmployment, ReinvitationScope, StoredVersion, HostFunction, LeaverAccess,
        AccessPolicy, PinLength, PinPolicy, HashParams, Policy, AuthenticationStart,
        // The words of answers.
        DeviceIntegrity, FailedAuthentication, Channel, Basis, Presence, Rule, Standing, SessionState, Modality,
        OpenedBy, LastOpened, EndReason, RefusalCode, RefusalKind, Cause, Audience, Language, NextStep,
        // What a journal keeps.
        LockCause, LogOutCause, RevokedBy, Change, Event, EmploymentChoice, PeopleChange, PeopleEvent, PeopleEntry,
    }
    // What is answered. It is not read: the gate makes it, and whoever reads a text or a grant that others wrote
    // would believe it.
    written {
        DeviceView, Ended, DeviceSummary, AccountOverview, OpenInvitation, Grant, Eligibility, IssuedInvitation,
        AuthenticationOffer, PublicRefusal, Details,
    }
    neither {
        // Secrets. A token goes to the client as text, by `expose`.
        DeviceToken, SessionToken, InvitationToken, SignedIn, Digest, Pin, PinEntries, PinChange, PersonalWords,
        Pepper, PepperRing, HashInput, Credential, UnlockAttempt, PinDraw,
        // It says of what form somebody's PIN was.
        Weakness,
        // Digests of faces and fingerprints, and what the device says of them.
        Baseline, Biometrics, BiometricAssertion, Enrolment,
        // The life of a guess: each is made by the one before it, and by nothing else.
        Charge, Permit, Verdict, Settlement, PinClaim, PinPlan, NewCredential, Binding, Attempts, Charged,
        // Proofs and evidence: whoever could read one could forge it.
        Administrator, BrowserSession, StrongAuthentication, SignIn, BeginFor, Admission, Opening,
        RequestContext, Context, Facts, Wanted,
        // Their refusal has a cause, which must not leave the server.
        Refusal, AuditRefusal, RefusalEvent, Decision, Ineligible, GateError, ChangeError<()>,
        // The record and its parts, which have a stored form of their own, and what a store is asked.
        Account, Device, Invitation, PersonRecord, AnySession, Session<Locked>, LoggedOut, PinPending, Authenticated,
        Locked, PinExhausted, RevokedAll, Key, Version, Loaded, Expect, Swap,
        // To be taken apart: the person is stored, the event is recorded.
        Changed, WrittenPerson, Moved<Locked>, Step,
        // The table, for the documentation.
        Command, Cell,
        // Parts of a host.
        Gate<TestHost>, GateBuilder<TestHost>, BlockingGate<TestHost>, AnyDevice<TestHost>,
        DeviceHandle<TestHost, Locked>, OpenDevice<TestHost>, NotDone<TestHost>, HostParts<(), (), (), (), (), ()>,
        StoredDirectory<(), ()>, Blocking<()>, FromRng<()>, SystemClock, SystemRandomness, Inline, Hashing,
        Argon2id, PooledArgon2id, PolicyBuilder,
        // Errors: `Display` says what they say.
        BuildError, CalendarError, FunctionNameError, HasherCheckError, HasherError, HashParamsError,
        InvitingRolesError, LeaverAccessError, NameError, NoteError, OffloadError, ParseEventIdError, ParseIdError,
        ParseTimestampError, PepperError, PersonFull, PersonalWordsError, PinError, PinPolicyError, PolicyError,
        ProfileError, RandomnessError, RecordError, StoredDirectoryError, TokenError, TooManyFunctions,
        TrailError, UnknownPepper,
    }
}

/// The names of the public types in a source, and how many a macro of the crate makes there.
fn declared(source: &str) -> (BTreeSet<&str>, usize) {
    let names = source.lines().filter_map(|line| {
        let line = line.trim_start();
        let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
        rest.split(|c: char| !c.is_alphanumeric() && c != '$').next().filter(|name| !name.starts_with('$'))
    });
    let macros = ["identifier! {", "token! {", "set_of! {", "sorted_set_of! {"];
    (names.collect(), source.lines().filter(|line| macros.contains(line)).count())
}

#[test]
fn of_every_public_type_it_is_decided_whether_serde_writes_and_reads_it() {
    fn collect(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).expect("src can be read") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                collect(&path, text);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    let mut text = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let (names, by_macro) = declared(&text);
    let decided: BTreeSet<&str> = READ.iter().chain(WRITTEN).chain(NEITHER).copied().collect();
    assert_eq!(decided.len(), READ.len() + WRITTEN.len() + NEITHER.len(), "decided twice");
    let open: Vec<_> = names.difference(&decided).collect();
    assert!(open.is_empty(), "does serde write them, does it read them, and why? {open:?}");
    let made: Vec<_> = decided.difference(&names).collect();
    assert_eq!(
        made.len(),
        by_macro,
        "of these some are made by no macro, or one that is made is missing: {made:?}"
    );
}

#[test]
fn public_types_are_found_in_a_source() {
    let source = "pub struct A {\npub(crate) struct B;\n    pub enum C<T> {\nstruct D;\npub struct $name(u8);\ntoken! {\n";
    assert_eq!(declared(source), (BTreeSet::from(["A", "C"]), 1));
}
