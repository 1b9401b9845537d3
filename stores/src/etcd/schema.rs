//! The keys under a prefix: recognised as ours, brought to the newest schema.

use etcd_client::{Compare, CompareOp, Txn, TxnOp, TxnOpResponse};

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

/// In one transaction: if there is no key under the prefix, puts the mark; else reads it. Of many that open at
/// once one marks, and the others read.
async fn claim(keys: &Keys) -> Result<(), EtcdError> {
    let nothing_there = Compare::create_revision(keys.of(""), CompareOp::Equal, 0).with_prefix();
    let mark = TxnOp::put(keys.of(KEY), NEWEST.to_string(), None);
    let claim = Txn::new().when([nothing_there]).and_then([mark]).or_else([TxnOp::get(keys.of(KEY), None)]);
    let link = &keys.link;
    let answer = link.ask(link.deadline(), |mut client| async move { client.txn(claim).await }).await?;
    let answer = answer.map_err(EtcdError::refused)?;
    if answer.succeeded() {
        return Ok(());
    }
    let found = match answer.op_responses().into_iter().next() {
        Some(TxnOpResponse::Get(mut found)) => found.take_kvs().into_iter().next(),
        _ => None,
    };
    let number = found.and_then(|mark| mark.value_str().ok()?.parse().ok());
    match number {
        Some(1..=NEWEST) => Ok(()),
        Some(found) => Err(EtcdError::NewerSchema { found, known: NEWEST }),
        None => Err(EtcdError::AnotherProgram),
    }
}
