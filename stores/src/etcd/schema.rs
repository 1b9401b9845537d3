//! The keys under a prefix: recognised as ours, brought to the newest schema.

use etcd_client::{Compare, CompareOp, KeyValue, Txn, TxnOp, TxnOpResponse};

use super::error::EtcdError;
use super::records::Keys;
use super::settings::{Risk, Status};

/// Under this key is the number of the schema, as text. No key of a record looks like it.
const KEY: &str = "schema";

/// The schema that this version makes, and the newest that it reads.
const NEWEST: u64 = 1;

/// Refuses a member whose state breaks a promise, and a prefix that is not ours; marks one without any keys.
pub(super) async fn open(keys: &Keys, accepted: &[Risk]) -> Result<(), EtcdError> {
    let link = &keys.link;
    let status = link.ask(link.deadline(), |mut client| async move { Status::of(&mut client).await }).await?;
    status.map_err(EtcdError::refused)?.check(accepted)?;
    match claim(keys).await {
        // Nobody knows whether it was marked. The next try finds out.
        Err(error) if error.is_without_answer() => claim(keys).await,
        claimed => claimed,
    }
}

/// Reads the mark. Without one, in one transaction: if there is no key under the prefix, puts it; else reads it. Of many that
/// open at once one marks, and the others read. The mark by itself first: to see whether there is any key, etcd reads all of
/// them, values too, and answers nobody meanwhile, which takes half a minute with a million people.
async fn claim(keys: &Keys) -> Result<(), EtcdError> {
    let link = &keys.link;
    let read = |found: Option<KeyValue>| found.and_then(|mark| mark.value_str().ok()?.parse().ok());
    let mark = keys.of(KEY);
    let found = link.ask(link.deadline(), |mut client| async move { client.get(mark, None).await }).await?;
    let found = found.map_err(EtcdError::refused)?.take_kvs().into_iter().next();
    if found.is_some() {
        return judge(read(found));
    }
    let nothing_there = Compare::create_revision(keys.of(""), CompareOp::Equal, 0).with_prefix();
    let mark = TxnOp::put(keys.of(KEY), NEWEST.to_string(), None);
    let claim = Txn::new().when([nothing_there]).and_then([mark]).or_else([TxnOp::get(keys.of(KEY), None)]);
    let answer = link.ask(link.deadline(), |mut client| async move { client.txn(claim).await }).await?;
    let answer = answer.map_err(EtcdError::refused)?;
    if answer.succeeded() {
        return Ok(());
    }
    let found = match answer.op_responses().into_iter().next() {
        Some(TxnOpResponse::Get(mut found)) => found.take_kvs().into_iter().next(),
        _ => None,
    };
    judge(read(found))
}

fn judge(number: Option<u64>) -> Result<(), EtcdError> {
    match number {
        Some(1..=NEWEST) => Ok(()),
        Some(found) => Err(EtcdError::NewerSchema { found, known: NEWEST }),
        None => Err(EtcdError::AnotherProgram),
    }
}
