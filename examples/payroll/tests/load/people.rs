//! As many people as phones: added, invited and signed in as an administrator and they themselves do it.

use serde_json::json;

use crate::served::{Browser, KUURA, Served, id};

pub(crate) async fn move_in(host: &Served, phones: usize) -> Vec<Browser> {
    let office = host.browser("office").let_in("kaisa").await;
    let mut moved_in = Vec::new();
    for number in 0..phones {
        let subject = format!("person-{number}");
        let person = json!({
            "name": format!("Person {number}"),
            "telephone": format!("+358 50 {:07}", 4_000_000 + number),
            "birth_date": "1988-02-29",
            "subject": subject,
            "joins_as": "Employee",
            "first_day": "2026-01-01",
            "services": ["Salaries", "Travel"],
        });
        let added = office.post(&format!("/api/companies/{}/people", id(KUURA)), person).await.expect(201);
        let page = added.header("location").unwrap().to_owned();
        office.post(&format!("/api{page}/invitation"), json!({})).await.done();
        let phone = host.browser("a");
        // The only one that was not used yet.
        phone.get(&host.letter("a").await).await.expect(303);
        phone.sign_in_by_account(&subject).await.expect(303);
        let pin = json!({ "pin": pinlatch_testkit::PIN, "confirmation": pinlatch_testkit::PIN });
        phone.post("/api/pin", pin).await.done();
        moved_in.push(phone);
    }
    moved_in
}
