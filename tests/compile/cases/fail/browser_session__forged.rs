//! A browser session is made by its one constructor, and by no session of the app (R36).
use pinlatch::access::BrowserSession;
use pinlatch::id::PersonId;
use pinlatch::secret::SessionToken;

fn illegal(person: PersonId) -> BrowserSession {
    BrowserSession { person }
}

fn of_the_app(session: SessionToken) -> BrowserSession {
    BrowserSession::from(session)
}

fn main() {
    let _ = (illegal, of_the_app, BrowserSession::default);
}
