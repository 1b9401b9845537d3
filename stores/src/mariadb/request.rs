//! One request and its answer: a statement, or a transaction of several, in one turn of waiting.

use std::sync::Arc;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row};
use tokio::time::{Instant, timeout_at};

use super::classify::{Step, has_answered, takes_no_writes};
use super::connections::{Pool, Taken, fits};
use super::error::MariaDbError;

/// What is sent in one go. The server stops at the first statement that fails.
#[derive(Clone)]
pub(super) struct Request {
    text: Arc<str>,
    statements: usize,
}

/// Whether an answer is to be used.
type IsGood = fn(&[Row]) -> Result<(), MariaDbError>;

impl Request {
    pub(super) fn one(statement: String) -> Self {
        Self { text: statement.into(), statements: 1 }
    }

    /// `START TRANSACTION`, these, and `COMMIT`: all of them or none.
    pub(super) fn transaction(statements: &[String]) -> Self {
        let text = format!("START TRANSACTION READ WRITE; {}; COMMIT", statements.join("; "));
        Self { text: text.into(), statements: statements.len().saturating_add(2) }
    }

    /// Whether all of its statements were answered, the commit too. A proxy that takes a request of several statements for
    /// one, or ends it early, leaves the last ones out; the rows of a question come with an answer more.
    fn is_answered_by(&self, answer: &Answer) -> bool {
        answer.changed.len() >= self.statements
    }

    fn is_transaction(&self) -> bool {
        self.statements > 1
    }

    /// At which step a request failed, so many statements of which were answered. One statement commits by itself.
    fn step(&self, answered: usize) -> Step {
        if answered.saturating_add(1) < self.statements { Step::BeforeCommit } else { Step::Commit }
    }
}

/// What the server answered.
#[derive(Default)]
pub(super) struct Answer {
    /// How many rows each statement changed.
    changed: Vec<u64>,
    pub(super) rows: Vec<Row>,
}

impl Answer {
    /// How many rows the statement changed, counted from 0, of a transaction after its beginning.
    pub(super) fn changed(&self, statement: usize) -> u64 {
        self.changed.get(statement).copied().unwrap_or_default()
    }
}

/// Why there is no whole answer.
pub(super) enum Ended {
    /// By us: the request did not leave, or it was a question and who answered it is no primary.
    ByUs(MariaDbError),
    /// The server answered with an error, or the connection broke, at this step.
    With(Error, Step),
    /// The client stopped waiting, or some of the statements were not answered.
    Unanswered,
}

impl From<Ended> for MariaDbError {
    /// For questions, and for writes that may be told to have failed although they were done.
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::ByUs(error) => error,
            Ended::With(Error::Server(error), _) => Self::answered(error),
            Ended::With(error, _) => Self::NoAnswer(Some(Box::new(error))),
            Ended::Unanswered => Self::NoAnswer(None),
        }
    }
}

impl Pool {
    /// Sends a write, once.
    pub(super) async fn write(&self, request: &Request) -> Result<Answer, Ended> {
        self.ask(request, self.deadline(), |_| Ok(())).await
    }

    /// Asks a question, and once more on another connection if the first one broke.
    pub(super) async fn read(&self, question: String) -> Result<Vec<Row>, MariaDbError> {
        self.read_if(question, |_| Ok(())).await
    }

    /// The same, where the answer says by itself whether it is to be used. A connection that gave one that is not is closed.
    pub(super) async fn read_if(&self, question: String, is_good: IsGood) -> Result<Vec<Row>, MariaDbError> {
        let request = Request::one(question);
        let deadline = self.deadline();
        let answer = match self.ask(&request, deadline, is_good).await {
            Err(Ended::With(error, _)) if !has_answered(&error) => {
                self.ask(&request, deadline, is_good).await
            }
            first => first,
        };
        Ok(answer?.rows)
    }

    /// What was sent is a task of its own, so that whoever hangs up keeps the place until the server has answered, or until the
    /// deadline: a server that waits for a lock does not notice who hung up, and whoever does that again and again would have
    /// it make a connection each time. It is not told to stop: that would end its wait for a replica, too, and show others a
    /// write that the replica does not have.
    async fn ask(&self, request: &Request, deadline: Instant, is_good: IsGood) -> Result<Answer, Ended> {
        fits(&request.text).map_err(Ended::ByUs)?;
        let taken = self.take(deadline).await.map_err(Ended::ByUs)?;
        let asked = self.spawn(asked(taken, request.clone(), deadline, is_good));
        // It ends without an answer where its runtime does, and not at all where nobody runs that.
        match timeout_at(deadline, asked).await {
            Ok(Ok(answered)) => answered,
            _ => Err(Ended::Unanswered),
        }
    }
}

async fn asked(
    mut taken: Taken,
    request: Request,
    deadline: Instant,
    is_good: IsGood,
) -> Result<Answer, Ended> {
    let Some(conn) = taken.conn() else { return Err(Ended::Unanswered) };
    let mut answer = Answer::default();
    let sent = timeout_at(deadline, send(conn, &request.text, &mut answer)).await;
    match sent {
        Ok(Ok(())) if request.is_answered_by(&answer) => {
            is_good(&answer.rows).map_err(Ended::ByUs)?;
            taken.keep();
            Ok(answer)
        }
        // Its transaction may be open: the connection is closed.
        Ok(Ok(())) => Err(Ended::Unanswered),
        Ok(Err(error)) => {
            // What takes no writes is closed, too: the name may lead to another server by now.
            let is_of_use = has_answered(&error) && !takes_no_writes(&error);
            if is_of_use && rolled_back(conn, &request, deadline).await {
                taken.keep();
            }
            Err(Ended::With(error, request.step(answer.changed.len())))
        }
        Err(_elapsed) => Err(Ended::Unanswered),
    }
}

/// Ends the transaction in which a statement failed; whether the connection is as before.
async fn rolled_back(conn: &mut Conn, request: &Request, deadline: Instant) -> bool {
    !request.is_transaction() || matches!(timeout_at(deadline, conn.query_drop("ROLLBACK")).await, Ok(Ok(())))
}

/// Reads the answers one by one, so that what is in `answer` tells how far the server came.
async fn send(conn: &mut Conn, text: &str, answer: &mut Answer) -> Result<(), Error> {
    let mut result = conn.query_iter(text).await?;
    loop {
        let changed = result.affected_rows();
        if result.is_empty() {
            // The last statement, or the first that failed: the driver tells of its error only now.
            result.drop_result().await?;
            answer.changed.push(changed);
            return Ok(());
        }
        answer.changed.push(changed);
        answer.rows.extend(result.collect::<Row>().await?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_answered_when_its_commit_is() {
        let transaction = Request::transaction(&["UPDATE".to_owned()]);
        let with = |answers| Answer { changed: vec![1; answers], rows: Vec::new() };
        for (answers, is_answered) in [(0, false), (1, false), (2, false), (3, true)] {
            assert_eq!(transaction.is_answered_by(&with(answers)), is_answered, "{answers} of 3");
        }
        let one = Request::one("DELETE".to_owned());
        assert!(!one.is_answered_by(&with(0)) && one.is_answered_by(&with(1)));
    }
}
