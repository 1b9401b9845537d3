//! The host says that it verified the browser session (R36).
use pinlatch::access::BrowserSession;
use pinlatch::id::PersonId;

fn legal(person: PersonId) -> BrowserSession {
    BrowserSession::verified_by_host(person)
}
