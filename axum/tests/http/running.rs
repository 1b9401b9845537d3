//! What runs beside the requests: delivery and numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use pinlatch::account::{DeviceIntegrity, Event, RefusalEvent, RequestContext};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Journal, Key};
use pinlatch::pin::{Pepper, PepperId, PepperRing};
use pinlatch::record::has_waiting_events;
use pinlatch::secret::DeviceToken;
use pinlatch_axum::asked::{Asked, FromPhone, KnownDevice};
use pinlatch_axum::running::{BoundedPool, deliver};
use pinlatch_axum::{App, phone};
use pinlatch_testkit::{
    ACME, CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, PIN, SeededRandomness, WRONG_PIN,
    person, today,
};
use reqwest::Method;

use super::numbers::Numbers;
use super::served::{Served, gate};

#[tokio::test]
async fn events_that_wait_are_delivered_without_another_change() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let phone = served.open_phone(anna).await;
    served.journal.set_down(true);
    phone.lock().await.done();
    let waits = || has_waiting_events(&served.store.bytes(&Key::account(anna)).unwrap()).unwrap();
    assert!(waits());
    let delivery = tokio::spawn(deliver(served.app.clone(), Vec::new(), Duration::from_millis(2)));
    // Rounds go by, and the journal takes nothing.
    until(|| served.journal.asked() >= 10).await;
    assert!(waits());
    served.journal.set_down(false);
    until(|| !waits()).await;
    delivery.abort();
    let last = served.journal.events(anna).pop().unwrap();
    assert!(matches!(last.change, pinlatch::session::Change::Locked(_)));
}

/// After a restart nobody was touched: the host lists everybody.
#[tokio::test]
async fn what_waited_before_a_restart_is_delivered_if_the_host_lists_it() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let phone = served.open_phone(anna).await;
    served.journal.set_down(true);
    phone.lock().await.done();
    served.journal.set_down(false);
    let restarted: pinlatch_axum::App<_> = served.gate.clone().into();
    let delivery = tokio::spawn(deliver(restarted, vec![anna], Duration::from_secs(3_600)));
    until(|| !has_waiting_events(&served.store.bytes(&Key::account(anna)).unwrap()).unwrap()).await;
    delivery.abort();
}

/// However many the host lists, and whatever the journal does about one of them.
#[tokio::test]
async fn everybody_whom_the_host_lists_is_delivered() {
    let served = Served::start().await;
    let (anna, bert) = (served.employee().await, served.employee().await);
    let phones = [served.open_phone(anna).await, served.open_phone(bert).await];
    served.journal.set_down(true);
    for phone in &phones {
        phone.lock().await.done();
    }
    let journal = PanicsOnce(AtomicBool::new(true), Arc::clone(&served.journal));
    served.journal.set_down(false);
    let app = beside(&served, journal);
    let strangers = (0..100_000).map(|number| person(1_000_000 + number));
    let everybody = [anna].into_iter().chain(strangers).chain([bert]).collect();
    let delivery = tokio::spawn(deliver(app, everybody, Duration::from_millis(2)));
    let waits = |person| has_waiting_events(&served.store.bytes(&Key::account(person)).unwrap()).unwrap();
    until(|| !waits(anna) && !waits(bert)).await;
    delivery.abort();
}

/// The account was changed before the journal panicked.
#[tokio::test]
async fn what_a_journal_panicked_at_is_delivered_without_another_change() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let phone = served.open_phone(anna).await;
    let app = beside(&served, PanicsOnce(AtomicBool::new(true), Arc::clone(&served.journal)));
    let token = DeviceToken::parse(phone.device.as_deref().unwrap()).unwrap();
    let (parts, ()) = axum::http::Request::new(()).into_parts();
    let from = FromPhone {
        asked: Asked::from_parts(&parts, &app),
        context: RequestContext::new(DeviceIntegrity::Unmodified),
    };
    let problem = phone::lock(State(app.clone()), KnownDevice(token), from).await.unwrap_err();
    assert_eq!(problem.body().code, "Unavailable");
    let waits = || has_waiting_events(&served.store.bytes(&Key::account(anna)).unwrap()).unwrap();
    assert!(waits());
    let delivery = tokio::spawn(deliver(app, Vec::new(), Duration::from_millis(2)));
    until(|| !waits()).await;
    delivery.abort();
}

type Beside = HostParts<
    Blocking<Arc<MemoryStore>>,
    Arc<ManualClock>,
    Blocking<MemoryDirectory>,
    PanicsOnce,
    BoundedPool,
    SeededRandomness,
>;

/// Another process on the same store, with a journal of its own.
fn beside(served: &Served, journal: PanicsOnce) -> App<Beside> {
    let host = HostParts {
        store: Blocking(Arc::clone(&served.store)),
        clock: Arc::clone(&served.clock),
        directory: Blocking(MemoryDirectory::on(today())),
        journal,
        offload: BoundedPool::with_slots(1.try_into().unwrap()),
        randomness: SeededRandomness::new(1),
    };
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&[7; 32]).unwrap());
    let gate = Gate::builder(host).peppers(peppers).hasher(served.hasher.clone()).build().unwrap();
    App::from(Arc::new(gate))
}

/// Panics at the first that it is handed, and takes it the next time.
struct PanicsOnce(AtomicBool, Arc<CollectingJournal>);

impl Journal for PanicsOnce {
    type Error = <Blocking<Arc<CollectingJournal>> as Journal>::Error;

    async fn record(&self, events: &[Event]) -> Result<(), Self::Error> {
        assert!(!self.0.swap(false, Ordering::Relaxed), "told to");
        Blocking(Arc::clone(&self.1)).record(events).await
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), Self::Error> {
        Blocking(Arc::clone(&self.1)).refused(refusal).await
    }
}

/// Looks again and again; gives up after twenty seconds.
async fn until(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("in time");
}

/// On this thread alone, so that other tests' numbers are not among them.
fn on_this_thread<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story)
}

#[test]
fn the_numbers_of_a_story() {
    let recorder = Numbers::default();
    metrics::with_local_recorder(&recorder, || {
        on_this_thread(async {
            let served = Served::start().await;
            let anna = served.employee().await;
            let mut phone = served.open_phone(anna).await;
            phone.lock().await.done();
            phone.unlock(PIN).await.done();
            for _ in 0..5 {
                phone.unlock(WRONG_PIN).await;
            }
            let other = served.open_phone(anna).await;
            other.touch("/log-out-everywhere").await.done();
            let kaisa = served.administrator().await;
            let bert = served.employee().await;
            let revoke = format!("/admin/companies/{ACME}/people/{bert}/log-out-everywhere");
            served.browse(kaisa, Method::POST, &revoke, None).await.done();
            served.store.lose_next_reply();
            served.open_phone(served.employee().await).await;
        });
    });
    let counted = recorder.all();
    let expected = [
        ("pinlatch_sign_ins_total", 3),
        ("pinlatch_unlocks_total by=pin outcome=opened", 1),
        ("pinlatch_unlocks_total by=pin outcome=IncorrectPin", 4),
        ("pinlatch_unlocks_total by=pin outcome=PinExhausted", 1),
        ("pinlatch_exhaustions_total", 1),
        ("pinlatch_revocations_total by=person", 1),
        ("pinlatch_revocations_total by=administrator", 1),
        ("pinlatch_refusals_total code=IncorrectPin", 4),
        ("pinlatch_commands_under_way", 0),
        ("pinlatch_hash_queue", 0),
        ("pinlatch_store_swaps_total answer=unknown", 1),
    ];
    for (name, value) in expected {
        assert_eq!(counted.get(name), Some(&value), "{name} in {counted:#?}");
    }
}

#[tokio::test]
async fn a_failed_part_is_unavailable_and_says_when_to_come_back() {
    let served = Served::start_with(gate(1, None), |app| app).await;
    let mut phone = served.open_phone(served.employee().await).await;
    served.store.set_down(true);
    let reply = phone.unlock(PIN).await.refused("Unavailable");
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("30")));
    assert!(!reply.body.to_string().contains("store"));
}
