//! An administrator of the browser version, by sockets: what the tests of phones want done elsewhere.

use serde_json::json;

use super::served::{Browser, Served};

/// Kuura Oy, where everybody but Bo works.
pub(crate) const KUURA: &str = "00000000-0000-0000-0000-000000000001";
pub(crate) const AINO: &str = "00000000-0000-0000-0000-000000000001";

/// Signed in to the browser version through the bank.
pub(crate) async fn signed_in(served: &Served, subject: &str) -> Browser {
    let office = served.browser("office");
    let page = office.form("/sign-in/go", &[]).await.expect(200).text;
    let start = page.find("<a href=\"").unwrap() + "<a href=\"".len();
    let end = start + page[start..].find('"').unwrap();
    let address = page[start..end].replace("&#38;", "&").replace("&amp;", "&");
    let back = office.believed(&address, subject).await;
    office.get(&back).await.expect(303);
    office
}

/// Kaisa invites somebody.
pub(crate) async fn invites(served: &Served, person: &str) {
    let office = signed_in(served, "kaisa").await;
    office.post(&format!("/api/companies/{KUURA}/people/{person}/invitation"), json!({})).await.done();
}
