//! tower-sessions (its store alone, and its layer) and axum-login (its layer).
//!
//! They do what we do not: cookies, creation and expiry of sessions for browsers, any data in a
//! session; axum-login loads the user and compares a hash that a new password changes. We do what
//! they do not: a stored digest instead of the token itself, states, guards, one log-out for all
//! devices. The handlers behind the layers do nothing but look whether somebody is signed in.
//! Requests are made before the clock starts.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hint::black_box;
use std::sync::Arc;

use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, UserId};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderValue, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_sessions::session::{Id, Record};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer, SessionStore};

use crate::by_hand::{AUTHENTICATED, Now};
use crate::fixture::person_id;
use crate::harness::{Contestant, Side, measured};

/// A service in front of which the layers stand.
type Protected = BoxCloneSyncService<Request<String>, Response<String>, Infallible>;

/// What a check compares, kept in a session of theirs: the same facts as in the floor's cache line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignedIn {
    /// Whose.
    pub user: String,
    /// When it began and was last used, in unix milliseconds.
    pub begun: u64,
    /// See above.
    pub last_use: u64,
    /// The account's generation at the sign-in.
    pub generation: u32,
    /// Whether it may be used.
    pub state: u32,
}

impl SignedIn {
    /// The floor's policy.
    pub fn admits(&self, now: &Now) -> bool {
        self.state == AUTHENTICATED
            && self.generation == now.generation
            && now.millis.saturating_sub(self.begun) < now.lifetime
            && now.millis.saturating_sub(self.last_use) < now.idle
    }
}

/// Under which name it is kept; and the user's number, where nothing else is.
pub const SIGNED_IN: &str = "signed_in";
const USER: &str = "user";
const BEGUN: u64 = 1_000;

/// The four of them.
pub fn contestants() -> Vec<Contestant<'static>> {
    let [layer, smallest] = tower_sessions();
    vec![store(), layer, smallest, axum_login()]
}

/// A runtime on this thread, as every test of theirs has one.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

/// A session of theirs of that user, that does not expire.
pub fn record(id: Id, user: u64) -> Record {
    let user = format!("{:032x}", person_id(user).as_u128());
    let signed_in = SignedIn { user, begun: BEGUN, last_use: BEGUN, generation: 7, state: AUTHENTICATED };
    with(id, SIGNED_IN, serde_json::to_value(signed_in).expect("JSON"))
}

fn with(id: Id, name: &str, value: serde_json::Value) -> Record {
    let expiry_date = time::OffsetDateTime::from_unix_timestamp(4_102_444_800).expect("the year 2100");
    Record { id, data: HashMap::from([(name.to_owned(), value)]), expiry_date }
}

/// The time of the check.
pub const fn now() -> Now {
    Now::shortly_after(BEGUN)
}

/// The id from the cookie's text, the store, what is in the session.
fn store() -> Contestant<'static> {
    let runtime = runtime();
    let store = MemoryStore::default();
    let session = record(Id(0x5eed), 1);
    runtime.block_on(store.save(&session)).expect("saved");
    let (text, now) = (session.id.to_string(), now());
    Contestant::batches(Side::Peer, "tower-sessions, store load", move |count| {
        measured(|| {
            runtime.block_on(async {
                for _ in 0..count {
                    let id: Id = black_box(&text).parse().expect("an id");
                    let loaded = store.load(&id).await.expect("asked").expect("there");
                    assert!(SignedIn::deserialize(&loaded.data[SIGNED_IN]).expect("whole").admits(&now));
                }
            });
        })
    })
}

/// The layer, with the same facts in the session; and with the user's number alone.
fn tower_sessions() -> [Contestant<'static>; 2] {
    let handler = service_fn(async |request: Request<String>| {
        let session = request.extensions().get::<Session>().expect("the layer");
        let signed_in: Option<SignedIn> = session.get(SIGNED_IN).await.expect("asked");
        answer(signed_in.is_some_and(|signed_in| signed_in.admits(&now())))
    });
    let smallest = service_fn(async |request: Request<String>| {
        let session = request.extensions().get::<Session>().expect("the layer");
        let user: Option<u64> = session.get(USER).await.expect("asked");
        answer(user == Some(1))
    });
    let id = Id(0x5eed);
    [
        behind_the_layer("tower-sessions, layer", record(id, 1), |layer| {
            BoxCloneSyncService::new(layer.layer(handler))
        }),
        behind_the_layer("tower-sessions, layer, a number in it", with(id, USER, 1.into()), |layer| {
            BoxCloneSyncService::new(layer.layer(smallest))
        }),
    ]
}

fn behind_the_layer(
    name: &str,
    session: Record,
    service: impl FnOnce(SessionManagerLayer<MemoryStore>) -> Protected,
) -> Contestant<'static> {
    let runtime = runtime();
    let store = MemoryStore::default();
    runtime.block_on(store.save(&session)).expect("saved");
    let cookie = HeaderValue::from_str(&format!("id={}", session.id)).expect("a cookie");
    through(name, runtime, service(SessionManagerLayer::new(store)), cookie)
}

/// A user as axum-login wants one.
#[derive(Clone, Debug)]
struct User {
    id: u64,
    password_hash: Vec<u8>,
}

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.password_hash
    }
}

#[derive(Clone, Debug)]
struct Users(Arc<HashMap<u64, User>>);

impl AuthnBackend for Users {
    type User = User;
    type Credentials = u64;
    type Error = Infallible;

    async fn authenticate(&self, id: u64) -> Result<Option<User>, Infallible> {
        Ok(self.0.get(&id).cloned())
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<User>, Infallible> {
        Ok(self.0.get(id).cloned())
    }
}

fn axum_login() -> Contestant<'static> {
    let runtime = runtime();
    let user = User { id: 1, password_hash: vec![7; 32] };
    let users = Users(Arc::new(HashMap::from([(1, user)])));
    let sessions = tower_sessions_of_axum_login::SessionManagerLayer::new(
        tower_sessions_of_axum_login::MemoryStore::default(),
    );
    let handler = service_fn(async |mut request: Request<String>| {
        let mut session = request.extensions_mut().remove::<AuthSession<Users>>().expect("the layer");
        if request.uri().path() == "/login" {
            let user = session.authenticate(1).await.expect("asked").expect("known");
            session.login(&user).await.expect("signed in");
        }
        answer(session.user.is_some())
    });
    let layered = AuthManagerLayerBuilder::new(users, sessions).build().layer(handler);
    let service: Protected = BoxCloneSyncService::new(layered);
    let login = Request::builder().uri("/login").body(String::new()).expect("a request");
    let signed_in = runtime.block_on(service.clone().oneshot(login)).expect("infallible");
    let cookie = signed_in.headers().get(SET_COOKIE).expect("a cookie").to_str().expect("text");
    let cookie = HeaderValue::from_str(cookie.split(';').next().expect("its first part")).expect("a cookie");
    through("axum-login, layer", runtime, service, cookie)
}

fn answer(signed_in: bool) -> Result<Response<String>, Infallible> {
    let mut response = Response::new(String::new());
    *response.status_mut() = if signed_in { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    Ok(response)
}

/// Requests through a service; that a request without the cookie is refused is looked at first.
fn through(
    name: &str,
    runtime: tokio::runtime::Runtime,
    mut service: Protected,
    cookie: HeaderValue,
) -> Contestant<'static> {
    let request = |cookie: Option<&HeaderValue>| {
        let mut request = Request::new(String::new());
        request.headers_mut().extend(cookie.map(|cookie| (COOKIE, cookie.clone())));
        request
    };
    let status = |service: &mut Protected, request| {
        runtime
            .block_on(async { service.ready().await.expect("ready").call(request).await })
            .expect("infallible")
            .status()
    };
    assert_eq!(status(&mut service, request(Some(&cookie))), StatusCode::OK, "{name}");
    assert_eq!(status(&mut service, request(None)), StatusCode::UNAUTHORIZED, "{name}");
    Contestant::batches(Side::Peer, name, move |count| {
        let requests: Vec<_> = (0..count).map(|_| request(Some(&cookie))).collect();
        measured(|| {
            runtime.block_on(async {
                for request in requests {
                    let response = service.ready().await.expect("ready").call(request).await;
                    assert_eq!(response.expect("infallible").status(), StatusCode::OK);
                }
            });
        })
    })
}
