//! Clients that hang up, and hosts that stop.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use axum::extract::{FromRequestParts, State as Given};
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Journal};
use pinlatch::pin::{HashInput, HasherError, Pepper, PepperId, PepperRing, PinHasher};
use pinlatch_axum::asked::{Body, FromPhone, MaybeDevice};
use pinlatch_axum::parts::ready::{EveryDeviceUnmodified, TestBank};
use pinlatch_axum::running::BoundedPool;
use pinlatch_axum::{App, phone};
use pinlatch_testkit::{
    ManualClock, MemoryDirectory, MemoryStore, PIN, QuickHasher, SeededRandomness, WRONG_PIN, today,
};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::served::{Served, gate};

/// A hasher that waits to be let on.
#[derive(Clone, Default)]
struct Held(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    holds: bool,
    inside: usize,
}

impl Held {
    fn hold(&self, holds: bool) {
        self.0.0.lock().unwrap().holds = holds;
        self.0.1.notify_all();
    }

    fn wait_until_inside(&self, wanted: usize) {
        let state = self.0.0.lock().unwrap();
        let _inside = self.0.1.wait_while(state, |state| state.inside < wanted).unwrap();
    }
}

/// Lets everybody on at the end of a test, a failed one included: a runtime waits for its blocking threads.
struct AtTheEnd(Held);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        self.0.hold(false);
    }
}

impl PinHasher for Held {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        let mut state = self.0.0.lock().unwrap();
        state.inside += 1;
        self.0.1.notify_all();
        drop(self.0.1.wait_while(state, |state| state.holds).unwrap());
        QuickHasher::new().hash(input, out)
    }
}

async fn post_and_hang_up(served: &Served, device: &str, pin: &str, held: &Held, inside: usize) {
    let body = format!(r#"{{"pin":"{pin}"}}"#);
    let request = format!(
        "POST /app/unlock HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nPinlatch-Device: {device}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let watching = held.clone();
    tokio::task::spawn_blocking(move || watching.wait_until_inside(inside)).await.unwrap();
    drop(stream);
}

/// Without a task of its own the attempt would stay charged, and five of them would shut the person out for minutes.
#[tokio::test]
async fn a_client_that_hangs_up_costs_nothing_but_its_guess() {
    let held = Held::default();
    let parts = gate(1, Some(Box::new(held.clone())));
    let served = Served::start_with(parts, |app| app.showing_tries_left(true)).await;
    let mut phone = served.open_phone(served.employee().await).await; // one hash
    phone.lock().await.done();
    held.hold(true);
    let _let_on = AtTheEnd(held.clone());
    let device = phone.device.clone().unwrap();
    for turn in 0..3 {
        post_and_hang_up(&served, &device, WRONG_PIN, &held, 2 + turn).await;
    }
    assert_eq!(served.app.settling().under_way(), 3);
    held.hold(false);
    served.app.settling().settled().await;
    assert_eq!(
        phone.get("/device").await.done().body["tries_left"],
        2,
        "each was answered to nobody, and counted"
    );
    phone.unlock(PIN).await.done();
}

/// A journal that waits to be let on before it takes a refusal.
struct HeldJournal(Arc<Semaphore>, Arc<AtomicUsize>);

impl Journal for HeldJournal {
    type Error = std::convert::Infallible;

    async fn record(&self, _: &[Event]) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn refused(&self, _: &RefusalEvent) -> Result<(), Self::Error> {
        let _let_on = self.0.acquire().await.unwrap();
        self.1.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::test]
async fn the_audit_trail_learns_of_a_sign_in_that_was_given_up_with_the_connection() {
    let (lets_on, taken) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let host = HostParts {
        store: Blocking(MemoryStore::new()),
        clock: ManualClock::default(),
        directory: Blocking(MemoryDirectory::on(today())),
        journal: HeldJournal(Arc::clone(&lets_on), Arc::clone(&taken)),
        offload: BoundedPool::with_slots(1.try_into().unwrap()),
        randomness: SeededRandomness::new(1),
    };
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&[7; 32]).unwrap());
    let gate = Gate::builder(host).peppers(peppers).hasher(QuickHasher::new()).build().unwrap();
    let app = App::builder(Arc::new(gate)).verifying(TestBank).attesting(EveryDeviceUnmodified).build();
    let from = || async {
        let (mut parts, ()) = axum::http::Request::new(()).into_parts();
        let Ok(from) = FromPhone::from_request_parts(&mut parts, &app).await;
        from
    };
    let begin = Body(phone::Begin { invitation: None });
    let begun =
        phone::begin_sign_in(Given(app.clone()), MaybeDevice(None), from().await, begin).await.unwrap();
    let cancel = Body(phone::Cancel { flow: begun.0.flow });
    let mut cancelling = Box::pin(phone::cancel_sign_in(Given(app.clone()), from().await, cancel));
    let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
    assert!(cancelling.as_mut().poll(context).is_pending());
    drop(cancelling); // as axum does when a client hangs up
    assert_eq!(taken.load(Ordering::Relaxed), 0);
    lets_on.add_permits(1);
    app.settling().settled().await;
    assert_eq!(taken.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_shutdown_waits_for_what_was_begun() {
    let held = Held::default();
    let served = Served::start_with(gate(1, Some(Box::new(held.clone()))), |app| app).await;
    let phone = served.open_phone(served.employee().await).await;
    phone.lock().await.done();
    held.hold(true);
    let _let_on = AtTheEnd(held.clone());
    post_and_hang_up(&served, phone.device.as_deref().unwrap(), PIN, &held, 2).await;
    let settling = served.app.settling();
    let early = tokio::time::timeout(Duration::from_millis(50), settling.clone().settled()).await;
    assert!(early.is_err(), "it is not settled while a hash runs");
    held.hold(false);
    settling.settled().await;
    let view = phone.get("/device").await.done();
    assert_eq!(view.text("state"), "Authenticated");
}

#[tokio::test]
async fn five_wrong_ones_at_one_instant_are_five_and_eight_right_ones_open() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let phone = served.open_phone(anna).await;
    phone.lock().await.done();
    let all = (0..8).map(|_| {
        let mut twin = served.phone(anna);
        twin.device.clone_from(&phone.device);
        async move { twin.unlock(PIN).await.code().to_owned() }
    });
    let mut opened = 0;
    for code in join_all(all).await {
        match code.as_str() {
            "done" => opened += 1,
            "GuessesInFlight" | "GuessOvertaken" => {}
            other => panic!("{other}"),
        }
    }
    assert!(opened >= 1);
    let hashed = served.hasher.count();
    let all = (0..12).map(|_| {
        let mut twin = served.phone(anna);
        twin.device.clone_from(&phone.device);
        async move { twin.unlock(WRONG_PIN).await.code().to_owned() }
    });
    let codes = join_all(all).await;
    assert!(served.hasher.count() - hashed <= 5, "{codes:?}");
    assert!(codes.iter().filter(|code| *code == "IncorrectPin").count() <= 4, "{codes:?}");
}

/// All of them at once, each in a task of its own... of this thread's runtime.
async fn join_all<F: Future<Output = String>>(all: impl Iterator<Item = F>) -> Vec<String> {
    let mut running: Vec<_> = all.map(Box::pin).collect();
    let mut done: Vec<Option<String>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, place) in running.iter_mut().zip(&mut done) {
            if place.is_none()
                && let std::task::Poll::Ready(answer) = future.as_mut().poll(context)
            {
                *place = Some(answer);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
