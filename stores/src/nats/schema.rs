//! The bucket: made, recognised as ours, brought to the newest schema.

use async_nats::jetstream::context::{CreateStreamError, CreateStreamErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::response::Response;
use async_nats::jetstream::stream::{Config, DiscardPolicy, StorageType};
use async_nats::jetstream::{self, ErrorCode};
use pinlatch::host::Swap;

use super::account::{self, Account, Takes};
use super::connections::Link;
use super::error::NatsError;
use super::records::Bucket;
use super::settings::{self, Described, Risk};
use super::{NatsOptions, classify};

/// Under this key is the number of the schema, as text. No key of a record looks like it.
const KEY: &str = "schema";

/// The schema that this version makes, and the newest that it reads.
const NEWEST: u64 = 1;

/// Finds the bucket or makes it, refuses settings that break a promise, and sees that it is ours.
pub(super) async fn open(link: &Link, name: &str, options: &NatsOptions) -> Result<Bucket, NatsError> {
    let bucket = Bucket::new(link.clone(), name);
    let account = account::describe(link).await?;
    let found = match describe(&bucket).await? {
        Some(found) => found,
        None => make(&bucket, &account, options).await?,
    };
    if found.config.subjects != [bucket.subject(">")] {
        return Err(NatsError::AnotherProgram);
    }
    let server = link.context.client().server_info();
    settings::check(&found, settings::is_alone(&server), &options.accepted)?;
    settings::check_version(&server.version, found.config.num_replicas, &options.accepted)?;
    account.check(found.config.takes(), &options.accepted)?;
    settings::check_payload(link.context.client().max_payload())?;
    claim(&bucket, &found).await?;
    Ok(bucket)
}

/// What the server says of the stream; `None` if there is none.
async fn describe(bucket: &Bucket) -> Result<Option<Described>, NatsError> {
    let subject = format!("STREAM.INFO.{}", bucket.stream_name());
    let link = &bucket.link;
    let asked = link.context.request::<_, _, Response<Described>>(subject, &());
    match link.ask(link.deadline(), asked).await?.map_err(NatsError::refused)? {
        Response::Ok(found) => Ok(Some(found)),
        Response::Err { error } if error.error_code() == ErrorCode::STREAM_NOT_FOUND => Ok(None),
        Response::Err { error } => Err(NatsError::refused(error)),
    }
}

/// Many that make it at once ask for the same, which NATS takes as one; where one asked for something else, the
/// first one's is found.
async fn make(bucket: &Bucket, account: &Account, options: &NatsOptions) -> Result<Described, NatsError> {
    let link = &bucket.link;
    let server = link.context.client().server_info();
    let replicas = settings::replicas(options.replicas, server.cluster.is_some());
    // With a leaf node's remote a single server names a cluster too, after itself. A cluster that has only begun to form
    // says the same of replicas, and must not be taken for one: its records would be on one server.
    let may_be_alone = options.replicas.is_none() && settings::is_alone(&server);
    if !may_be_alone {
        // Before there is a bucket; where one comes about with one replica, it is none of these.
        settings::check_version(&server.version, replicas, &options.accepted)?;
    }
    let made = match create(bucket, account, replicas, &options.accepted).await? {
        Err(error) if may_be_alone && is_alone(&error) => {
            create(bucket, account, 1, &options.accepted).await?
        }
        made => made,
    };
    match describe(bucket).await? {
        Some(found) => Ok(found),
        None => Err(made.map_or_else(NatsError::refused, |()| NatsError::AnotherProgram)),
    }
}

/// Asks for a bucket on so many servers, if the account may keep one without `max_bytes`.
async fn create(
    bucket: &Bucket,
    account: &Account,
    replicas: usize,
    accepted: &[Risk],
) -> Result<Result<(), CreateStreamError>, NatsError> {
    account.check(Takes { is_in_memory: false, replicas, max_bytes: -1 }, accepted)?;
    let link = &bucket.link;
    let config = Config {
        name: bucket.stream_name(),
        subjects: vec![bucket.subject(">")],
        max_messages_per_subject: 1,
        discard: DiscardPolicy::New,
        storage: StorageType::File,
        num_replicas: replicas,
        // What the key-value convention asks for. `allow_direct` is part of it as well, and left out: a direct
        // get is answered by any replica, and may be stale.
        allow_rollup: true,
        deny_delete: true,
        ..Config::default()
    };
    let made = link.ask(link.deadline(), link.context.create_stream(config)).await?;
    Ok(made.map(drop))
}

/// Whether the server has no others to keep replicas.
fn is_alone(error: &CreateStreamError) -> bool {
    let code = ErrorCode::STREAM_REPLICAS_NOT_SUPPORTED;
    matches!(error.kind(), CreateStreamErrorKind::JetStream(said) if said.error_code() == code)
}

/// Reads the schema, or writes it into a bucket that is empty.
async fn claim(bucket: &Bucket, found: &Described) -> Result<(), NatsError> {
    if known(bucket).await? {
        return Ok(());
    }
    if found.state.messages == 0 {
        // Only if nobody has written anything since it was seen empty.
        let mark = PublishMessage::build()
            .payload(NEWEST.to_string().into())
            .expected_last_sequence(found.state.last_seq);
        let link = &bucket.link;
        let sent = bucket.send(link.deadline(), KEY, mark).await?;
        if matches!(classify::swap(sent)?, Swap::Applied(_)) {
            return Ok(());
        }
    }
    // Somebody was faster, or it was never empty. Or the answer was not heard: then it is there now.
    if known(bucket).await? { Ok(()) } else { Err(NatsError::AnotherProgram) }
}

/// Whether the schema is one that this version knows; `false` if there is none.
async fn known(bucket: &Bucket) -> Result<bool, NatsError> {
    let Some(entry) = bucket.last(bucket.link.deadline(), KEY).await? else { return Ok(false) };
    let number = std::str::from_utf8(&entry.payload).ok().and_then(|text| text.parse().ok());
    match number {
        Some(1..=NEWEST) => Ok(true),
        Some(found) => Err(NatsError::NewerSchema { found, known: NEWEST }),
        None => Err(NatsError::AnotherProgram),
    }
}

/// Whether an error of the server's says that there is nothing under a subject.
pub(super) fn says_nothing_there(error: &jetstream::stream::LastRawMessageError) -> bool {
    error.kind() == jetstream::stream::LastRawMessageErrorKind::NoMessageFound
}
