//! A session check behind an axum route: by pinlatch-axum, by tower-sessions, by axum-login, and the same route with
//! nothing in front, in one run on one thread.
//!
//! ```sh
//! cargo run --profile measured -p pinlatch-http
//! ```
//!
//! Requests are made before the clock starts and go through the router without a socket, which would cost each of them
//! the same. Every store is in memory with one session in it. Ours loads and decodes the account's record, compares a
//! digest, judges windows, device and person; the peers load a session and look whether somebody is in it. Rounds take
//! turns, so that a slow moment of the machine hits all; the median of the rounds is printed.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, COOKIE, HeaderName, SET_COOKIE};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::routing::get;
use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, UserId};
use pinlatch::people::{Action, Function};
use pinlatch_axum::asked::WantsFunction;
use pinlatch_axum::parts::ready::EveryDeviceUnmodified;
use pinlatch_axum::{App, OpenSession, Permitted};
use pinlatch_testkit::{ACME, TestHost, World};
use tokio::runtime::Runtime;
use tower::ServiceExt;
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

const ROUNDS: usize = 31;
const REQUESTS: usize = 4_000;

/// A router, and the header that signs in.
struct Contestant {
    name: &'static str,
    router: Router,
    path: String,
    header: Option<(HeaderName, HeaderValue)>,
    rounds: Vec<f64>,
}

impl Contestant {
    fn new(name: &'static str, router: Router, header: Option<(HeaderName, HeaderValue)>) -> Self {
        Self { name, router, path: "/".to_owned(), header, rounds: Vec::new() }
    }

    fn request(&self, signed_in: bool) -> Request<Body> {
        let mut request = Request::builder().uri(&self.path).body(Body::empty()).expect("a request");
        request.headers_mut().extend(self.header.clone().filter(|_| signed_in));
        request
    }

    /// Who is not signed in gets nothing, or nothing is measured.
    fn check(&self, runtime: &Runtime) {
        let status = |signed_in| {
            let response = runtime.block_on(self.router.clone().oneshot(self.request(signed_in)));
            response.expect("infallible").status()
        };
        assert_eq!(status(true), StatusCode::OK, "{}", self.name);
        assert_eq!(status(false) == StatusCode::UNAUTHORIZED, self.header.is_some(), "{}", self.name);
    }

    fn round(&mut self, runtime: &Runtime) {
        let requests: Vec<_> = (0..REQUESTS).map(|_| self.request(true)).collect();
        let begun = Instant::now();
        runtime.block_on(async {
            for request in requests {
                let response = self.router.clone().oneshot(request).await.expect("infallible");
                assert_eq!(response.status(), StatusCode::OK);
            }
        });
        self.rounds.push(begun.elapsed().as_secs_f64() / REQUESTS as f64);
    }

    fn median(&self) -> f64 {
        let mut rounds = self.rounds.clone();
        rounds.sort_by(f64::total_cmp);
        rounds[rounds.len() / 2]
    }
}

struct ReadPayslips;

impl WantsFunction for ReadPayslips {
    fn wanted() -> (Action, Function) {
        (Action::Read, Function::SalaryInformation)
    }
}

fn ours() -> [Contestant; 2] {
    let world = World::new();
    let phone = world.open_phone(world.employee()).expect("an open phone");
    let session = phone.session.as_ref().expect("a session").expose().to_owned();
    let bearer = HeaderValue::from_str(&format!("Bearer {session}")).expect("a header");
    drop(phone);
    let app: App<TestHost> = App::builder(Arc::new(world.gate)).attesting(EveryDeviceUnmodified).build();
    let routes = Router::new()
        .route("/", get(async |_: OpenSession| StatusCode::OK))
        .route("/{company}/payslips", get(async |_: Permitted<ReadPayslips>| StatusCode::OK))
        .with_state(app);
    let header = Some((AUTHORIZATION, bearer));
    let session = Contestant::new("pinlatch-axum, OpenSession", routes.clone(), header.clone());
    let path = format!("/{ACME}/payslips");
    let function = Contestant { path, ..Contestant::new("pinlatch-axum, Permitted", routes, header) };
    [session, function]
}

fn tower_sessions(runtime: &Runtime) -> Contestant {
    let routes = Router::new()
        .route("/login", get(async |session: Session| session.insert("user", 1).await.expect("kept")))
        .route(
            "/",
            get(async |session: Session| {
                let user: Option<u64> = session.get("user").await.expect("asked");
                if user == Some(1) { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
            }),
        )
        .layer(SessionManagerLayer::new(MemoryStore::default()));
    let header = signed_in(&routes, runtime);
    Contestant::new("tower-sessions, layer", routes, Some(header))
}

#[derive(Clone, Debug)]
struct User(u64, Vec<u8>);

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        self.0
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.1
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

fn axum_login(runtime: &Runtime) -> Contestant {
    let users = Users(Arc::new(HashMap::from([(1, User(1, vec![7; 32]))])));
    let store = tower_sessions_of_axum_login::MemoryStore::default();
    let sessions = tower_sessions_of_axum_login::SessionManagerLayer::new(store);
    let login = async |mut session: AuthSession<Users>| {
        let user = session.authenticate(1).await.expect("asked").expect("known");
        session.login(&user).await.expect("signed in");
    };
    let look = async |session: AuthSession<Users>| {
        if session.user.is_some() { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
    };
    let layer = AuthManagerLayerBuilder::new(users, sessions).build();
    let routes = Router::new().route("/login", get(login)).route("/", get(look)).layer(layer);
    let header = signed_in(&routes, runtime);
    Contestant::new("axum-login, layer", routes, Some(header))
}

fn signed_in(routes: &Router, runtime: &Runtime) -> (HeaderName, HeaderValue) {
    let login = Request::builder().uri("/login").body(Body::empty()).expect("a request");
    let response = runtime.block_on(routes.clone().oneshot(login)).expect("infallible");
    let cookie = response.headers().get(SET_COOKIE).expect("a cookie").to_str().expect("text");
    (COOKIE, HeaderValue::from_str(cookie.split(';').next().expect("its first part")).expect("a cookie"))
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let bare = Router::new().route("/", get(async || StatusCode::OK));
    let mut contestants = vec![Contestant::new("the route alone", bare, None)];
    contestants.extend(ours());
    contestants.extend([tower_sessions(&runtime), axum_login(&runtime)]);
    contestants.iter().for_each(|one| one.check(&runtime));
    for _ in 0..ROUNDS {
        contestants.iter_mut().for_each(|one| one.round(&runtime));
    }
    let alone = contestants[0].median();
    println!("| | µs | above the route alone, µs | checks a second |\n|---|---|---|---|");
    for one in &contestants {
        let (median, name) = (one.median(), one.name);
        let above = (median - alone) * 1e6;
        println!("| {name} | {:.2} | {above:.2} | {:.0} |", median * 1e6, 1.0 / median);
    }
}
