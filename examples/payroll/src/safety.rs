//! What goes around every router: a content security policy without inline script, defence against forged requests, and a
//! limit on the writing requests of one address.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Router};
use axum_client_ip::{ClientIp, ClientIpSource};
use futures_util::{StreamExt, stream};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use pinlatch::refusal::{Language, RefusalKind};
use pinlatch_axum::problem::{self, PROBLEM_JSON, ProblemBody, Step};
use serde_json::json;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use tokio::time::{Instant, timeout_at};

use crate::payroll::Payroll;
use crate::places::{self, Place};
use crate::settings::Settings;
use crate::sign_in::language_over;

/// An address may make so many seconds' requests at once.
const BURST_SECONDS: u32 = 5;
/// How often addresses that have been quiet are forgotten.
const FORGET: Duration = Duration::from_secs(60);
/// How long a refused address waits, in seconds.
const RETRY_AFTER: &str = "1";

/// How long a body may take: somewhat longer than pinlatch-axum lets one, which says so in its own words.
const SLOWEST_BODY: Duration = Duration::from_secs(35);
/// What ends something, and gives nothing.
const LOWERING: [&str; 4] = ["/api/lock", "/api/log-out", "/api/log-out-everywhere", "/sign-out"];

/// The router of a place, with everything around it.
pub(crate) fn around(payroll: &Payroll, place: Place, router: Router) -> Router {
    let policy = Policy::of(&payroll.settings, place);
    let limits = Limits::of(&payroll.settings);
    router
        .layer(CsrfLayer::new().with_rejection_response(forged))
        .layer(middleware::from_fn_with_state(payroll.settings.is_tls(), from_a_browser))
        .layer(middleware::from_fn_with_state(limits, within_limits))
        .layer(middleware::from_fn_with_state(Arc::new(policy), with_headers))
}

/// A refusal in the form that all others have.
pub(crate) fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let (kind, next) = match status {
        StatusCode::UNPROCESSABLE_ENTITY => (RefusalKind::FixInput, Step::CorrectInput),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            (RefusalKind::Retry, Step::TryAgain)
        }
        _ => (RefusalKind::NotAllowed, Step::NotAllowed),
    };
    let wait = if status == StatusCode::TOO_MANY_REQUESTS { 1_000 } else { 0 };
    let after_milliseconds = (next == Step::TryAgain).then_some(wait);
    let body = ProblemBody {
        type_uri: format!("urn:payroll:problem:{code}"),
        title: code.to_owned(),
        status: status.as_u16(),
        code: code.to_owned(),
        kind,
        next: problem::Next { step: next, after_milliseconds },
        detail: detail.to_owned(),
    };
    let body = json!(body).to_string();
    (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response()
}

/// The layer that finds it knows no language; [`from_a_browser`] puts it into words.
#[derive(Clone, Copy)]
struct Forged;

fn forged(_: ProtectionError) -> Response {
    let mut response = StatusCode::FORBIDDEN.into_response();
    response.extensions_mut().insert(Forged);
    response
}

/// A writing request is a browser's, which says where it comes from. The layer behind lets requests pass that say nothing.
async fn from_a_browser(State(is_tls): State<bool>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let language = language_over(is_tls, headers);
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    // The test bank's token endpoint is asked by this program, with a secret of its own and without cookies.
    let has_cookies = headers.contains_key(header::COOKIE);
    if !writes(request.method()) || says || !has_cookies {
        let response = next.run(request).await;
        if response.extensions().get::<Forged>().is_none() {
            return response;
        }
    }
    let detail = match language {
        Language::Finnish => "Tämän lähetti toinen sivu. Avaa oma sivusi uudelleen ja yritä siltä.",
        _ => "Another page has sent this. Open your own page anew and try from there.",
    };
    problem(StatusCode::FORBIDDEN, "CrossOrigin", detail)
}

/// The door's origin.
pub(crate) fn door(settings: &Settings) -> String {
    format!("http://localhost:{}", settings.listening.port())
}

fn writes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Headers of one place.
struct Policy {
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Policy {
    fn of(settings: &Settings, place: Place) -> Self {
        let phones = places::phone_origins(settings).join(" ");
        let stage = settings.origin.origin().ascii_serialization();
        let bank = places::origin(settings, "bank");
        // The door looks whether this browser finds the stage.
        let asked = if place == Place::Door { &stage } else { "'self'" };
        let base = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {asked}; \
             base-uri 'none'"
        );
        let (frames, forms, ancestors) = match place {
            Place::Door => ("'none'".to_owned(), "'none'".to_owned(), "'none'".to_owned()),
            Place::Stage => (format!("{phones} {bank}"), "'self'".to_owned(), "'none'".to_owned()),
            // A form's answer may lead to the bank, and from there back.
            Place::Phone => (
                "'none'".to_owned(),
                "'self'".to_owned(),
                if settings.is_at_home() { stage } else { "'none'".to_owned() },
            ),
            Place::Office => ("'none'".to_owned(), "'self'".to_owned(), "'none'".to_owned()),
            Place::Bank => (
                "'none'".to_owned(),
                format!("'self' {phones} {}", places::origin(settings, "office")),
                stage,
            ),
        };
        let policy = format!("{base}; frame-src {frames}; form-action {forms}; frame-ancestors {ancestors}");
        let fingers = match place {
            Place::Phone => "(self)".to_owned(),
            // A frame may have what its page has.
            Place::Stage => format!("(\"{}\")", phones.replace(' ', "\" \"")),
            _ => "()".to_owned(),
        };
        // The small window that a phone's frame opens is seen to be closed only from a page that lets it be.
        let opener = if place == Place::Stage { "same-origin-allow-popups" } else { "same-origin" };
        let permissions = format!(
            "camera=(), microphone=(), geolocation=(), publickey-credentials-get={fingers}, \
             publickey-credentials-create={fingers}"
        );
        let mut said = vec![
            (header::CONTENT_SECURITY_POLICY, policy),
            (HeaderName::from_static("permissions-policy"), permissions),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::REFERRER_POLICY, "no-referrer".to_owned()),
            (HeaderName::from_static("cross-origin-opener-policy"), opener.to_owned()),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
        ];
        if settings.is_tls() {
            said.push((header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains".to_owned()));
        }
        let headers =
            said.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)));
        Self { headers: headers.collect() }
    }
}

async fn with_headers(State(policy): State<Arc<Policy>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &policy.headers {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    // Pages show what belongs to somebody: nothing is kept but what says that it may be.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// How often an address may write, in this process.
#[derive(Clone)]
struct Limits {
    source: ClientIpSource,
    is_tls: bool,
    limiter: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    /// Of what only ends something: it is refused where it is nobody's, and that is written into the audit trail.
    lowering: Arc<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Limits {
    fn of(settings: &Settings) -> Self {
        let a_second = settings.requests_a_second;
        let burst = NonZeroU32::new(a_second.get().saturating_mul(BURST_SECONDS)).unwrap_or(a_second);
        let new = || Arc::new(RateLimiter::keyed(Quota::per_second(a_second).allow_burst(burst)));
        let (limiter, lowering): (Arc<DefaultKeyedRateLimiter<IpAddr>>, Arc<_>) = (new(), new());
        let forgetful = [Arc::downgrade(&limiter), Arc::downgrade(&lowering)];
        tokio::spawn(async move {
            let mut rounds = tokio::time::interval(FORGET);
            loop {
                rounds.tick().await;
                for limiter in &forgetful {
                    let Some(limiter) = limiter.upgrade() else { return };
                    limiter.retain_recent();
                }
            }
        });
        Self { source: settings.address_source.clone(), is_tls: settings.is_tls(), limiter, lowering }
    }
}

/// Whoever has an IPv6 address has a whole network of them.
fn bucket(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64))),
        },
    }
}

async fn within_limits(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(limits.source.clone());
    // Who comes past the proxy, which wrote no address then, has that of the connection.
    let told = ClientIp::from_request_parts(&mut parts, &()).await.ok().map(|ClientIp(address)| address);
    if let Some(address) = told {
        // For the audit trail too, the client is behind the proxy.
        parts.extensions.insert(ConnectInfo(SocketAddr::new(address, 0)));
    }
    if !writes(&parts.method) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    // Whoever shares the address with somebody who floods still locks the phone and logs out.
    let of_path = if LOWERING.contains(&parts.uri.path()) { &limits.lowering } else { &limits.limiter };
    let is_over = |address| of_path.check_key(&bucket(address)).is_err();
    if address.is_some_and(is_over) {
        let detail = match language_over(limits.is_tls, &parts.headers) {
            Language::Finnish => "Liian monta pyyntöä. Yritä hetken kuluttua uudelleen.",
            _ => "Too many requests. Try again in a moment.",
        };
        let mut refused = problem(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", detail);
        refused.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        return refused;
    }
    next.run(Request::from_parts(parts, in_time(body))).await
}

/// A body that breaks off where it has not come by then. That is an error, and not its end: half a form is none.
fn in_time(body: Body) -> Body {
    let end = Instant::now().checked_add(SLOWEST_BODY).unwrap_or_else(Instant::now);
    let chunks = stream::try_unfold(body.into_data_stream(), move |mut chunks| async move {
        match timeout_at(end, chunks.next()).await {
            Ok(Some(Ok(chunk))) => Ok(Some((chunk, chunks))),
            Ok(Some(Err(error))) => Err(BoxError::from(error)),
            Ok(None) => Ok(None),
            Err(elapsed) => Err(elapsed.into()),
        }
    });
    Body::from_stream(chunks)
}
