//! Cookies in place of headers. A browser keeps a phone's secrets in cookies that no script can read: what
//! pinlatch-axum answers in bodies goes into them, and what it asks for in headers comes out of them.
//!
//! | cookie | holds | sent along by other sites' links |
//! |---|---|---|
//! | `device` | the device token | yes: the way back from the bank is one |
//! | `session` | the session token | no |
//! | `flow` | a sign-in on its way | yes |
//! | `invitation` | an invitation that was opened on this phone | yes |
//! | `language` | `en` or `fi` | yes |
//! | `rooted`, `lose-reply` | what the person plays | no |
//! | `office` | the session of the browser version, at its host name | yes: whoever follows a link is signed in there |
//!
//! `Set-Cookie` is answered where a phone is signed in, opened or logged out, and nowhere else: an answer that comes late
//! brings no old cookie back.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http_body_util::{BodyExt, Limited};
use pinlatch::secret::{DeviceToken, InvitationToken};
use pinlatch_axum::asked::DEVICE_HEADER;
use serde_json::{Map, Value};

use crate::payroll::Payroll;
use crate::safety;
use crate::settings::Settings;

/// As long as browsers keep a cookie (RFC 6265bis §5.5 bounds it at 400 days).
const A_PHONES_LIFE: Duration = Duration::days(400);
/// As long as a sign-in takes at most: the policy's window.
const A_SIGN_IN: Duration = Duration::minutes(15);
/// Bodies of the app's routes are small.
const LARGEST_BODY: usize = 65_536;

/// How a cookie is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keep {
    /// The device token.
    Device,
    /// The session token; gone with the browser.
    Session,
    /// A sign-in on its way.
    Flow,
    /// An invitation that was opened on this phone.
    Invitation,
    /// The language that the person reads.
    Language,
    /// That the person plays a rooted phone.
    Rooted,
    /// That the person lets the next reply get lost.
    LoseReply,
    /// The session of the browser version; gone with the browser.
    Office,
}

impl Keep {
    const ALL: [Self; 8] = [
        Self::Device,
        Self::Session,
        Self::Flow,
        Self::Invitation,
        Self::Language,
        Self::Rooted,
        Self::LoseReply,
        Self::Office,
    ];

    const fn plain_name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Session => "session",
            Self::Flow => "flow",
            Self::Invitation => "invitation",
            Self::Language => "language",
            Self::Rooted => "rooted",
            Self::LoseReply => "lose-reply",
            Self::Office => "office",
        }
    }

    /// Under TLS no other host of the domain can set it.
    fn name(self, is_tls: bool) -> String {
        let prefix = if is_tls { "__Host-" } else { "" };
        format!("{prefix}{}", self.plain_name())
    }

    const fn lasts(self) -> Option<Duration> {
        match self {
            Self::Device | Self::Language => Some(A_PHONES_LIFE),
            Self::Flow | Self::Invitation => Some(A_SIGN_IN),
            Self::Session | Self::Rooted | Self::LoseReply | Self::Office => None,
        }
    }

    const fn same_site(self) -> SameSite {
        match self {
            Self::Device | Self::Flow | Self::Invitation | Self::Language | Self::Office => SameSite::Lax,
            Self::Session | Self::Rooted | Self::LoseReply => SameSite::Strict,
        }
    }
}

/// The cookies of one request, and how new ones are written.
#[derive(Clone, Debug)]
pub(crate) struct Jar {
    is_tls: bool,
    kept: Vec<(&'static str, String)>,
}

impl Jar {
    /// What the browser has sent. Of two of one name the first counts, which is the one of the longer path.
    pub(crate) fn of(settings: &Settings, headers: &HeaderMap) -> Self {
        Self::sent_over(settings.is_tls(), headers)
    }

    /// The same, for who knows only whether browsers come by TLS.
    pub(crate) fn sent_over(is_tls: bool, headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let pairs: Vec<(&str, &str)> =
            lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect();
        let kept = Keep::ALL.iter().filter_map(|keep| {
            let name = keep.name(is_tls);
            let (_, value) = pairs.iter().find(|(named, _)| *named == name)?;
            Some((keep.plain_name(), (*value).to_owned()))
        });
        Self { is_tls, kept: kept.collect() }
    }

    /// The value of a cookie.
    pub(crate) fn get(&self, keep: Keep) -> Option<&str> {
        self.kept.iter().find(|(name, _)| *name == keep.plain_name()).map(|(_, value)| value.as_str())
    }

    /// The invitation that was opened on this phone. As of the device, one that is none must not keep anybody from signing in.
    pub(crate) fn invitation(&self) -> Option<&str> {
        self.get(Keep::Invitation).filter(|token| InvitationToken::parse(token).is_ok())
    }

    /// The `Set-Cookie` that keeps a value.
    pub(crate) fn set(&self, keep: Keep, value: &str) -> Option<HeaderValue> {
        self.written(keep, value, keep.lasts())
    }

    /// The `Set-Cookie` that removes it.
    pub(crate) fn removed(&self, keep: Keep) -> Option<HeaderValue> {
        self.written(keep, "", Some(Duration::ZERO))
    }

    fn written(&self, keep: Keep, value: &str, lasts: Option<Duration>) -> Option<HeaderValue> {
        let mut cookie = Cookie::build((keep.name(self.is_tls), value))
            .path("/")
            .http_only(true)
            .secure(self.is_tls)
            .same_site(keep.same_site())
            .build();
        cookie.set_max_age(lasts);
        // A token has no byte that a cookie may not have; what has one is not set.
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// Adds `Set-Cookie` lines to an answer.
pub(crate) fn with_cookies(
    mut response: Response,
    cookies: impl IntoIterator<Item = Option<HeaderValue>>,
) -> Response {
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Around the app's routes.
pub(super) async fn from_cookies_to_headers(
    State(payroll): State<Payroll>,
    request: Request,
    next: Next,
) -> Response {
    let jar = Jar::of(&payroll.settings, request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let loses_reply =
        payroll.settings.is_at_home() && method != Method::GET && jar.get(Keep::LoseReply).is_some();
    let request = with_headers(request, &jar);
    let request = if path == "/sign-in/begin" { with_invitation(request, &jar).await } else { request };
    let answered = next.run(request).await;
    if loses_reply {
        let lost =
            safety::problem(StatusCode::GATEWAY_TIMEOUT, "ReplyLost", "The reply got lost on its way.");
        return with_cookies(lost, [jar.removed(Keep::LoseReply)]);
    }
    match path.as_str() {
        "/sign-in/begin" => into_cookie(answered, &jar, "flow", Keep::Flow).await,
        "/pin" | "/unlock" | "/unlock/biometric" => {
            into_cookie(answered, &jar, "session", Keep::Session).await
        }
        "/lock" if answered.status().is_success() => with_cookies(answered, [jar.removed(Keep::Session)]),
        "/log-out" | "/log-out-everywhere" if answered.status().is_success() => {
            // After a log-out from all devices the phone still says which device it was.
            let device = (path == "/log-out").then(|| jar.removed(Keep::Device)).flatten();
            with_cookies(answered, [jar.removed(Keep::Session), device])
        }
        _ => answered,
    }
}

/// A phone's request as pinlatch-axum wants it.
pub(crate) fn with_headers(mut request: Request, jar: &Jar) -> Request {
    let headers = request.headers_mut();
    headers.remove(header::AUTHORIZATION);
    headers.remove(DEVICE_HEADER);
    let bearer =
        jar.get(Keep::Session).and_then(|token| HeaderValue::try_from(format!("Bearer {token}")).ok());
    if let Some(bearer) = bearer {
        headers.insert(header::AUTHORIZATION, bearer);
    }
    // A cookie that holds no token proves nothing and must not keep anybody from signing in: no script can remove it.
    let device = jar.get(Keep::Device).filter(|token| DeviceToken::parse(token).is_ok());
    if let Some(device) = device.and_then(|token| HeaderValue::from_str(token).ok()) {
        headers.insert(DEVICE_HEADER, device);
    }
    choose_language(headers, jar);
    request
}

/// What the person chose is asked for, whatever the browser asks for.
fn choose_language(headers: &mut HeaderMap, jar: &Jar) {
    if let Some(language) = jar.get(Keep::Language).and_then(|tag| HeaderValue::from_str(tag).ok()) {
        headers.insert(header::ACCEPT_LANGUAGE, language);
    }
}

/// Around the phone's other routes.
pub(super) async fn in_the_chosen_language(
    State(payroll): State<Payroll>,
    mut request: Request,
    next: Next,
) -> Response {
    let jar = Jar::of(&payroll.settings, request.headers());
    choose_language(request.headers_mut(), &jar);
    next.run(request).await
}

/// The body of a sign-in's beginning, with the invitation that was opened on this phone.
async fn with_invitation(request: Request, jar: &Jar) -> Request {
    let Some(invitation) = jar.invitation() else { return request };
    let (mut parts, body) = request.into_parts();
    let bytes = read(body).await.unwrap_or_default();
    let mut body: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
    body.insert("invitation".to_owned(), invitation.into());
    parts.headers.remove(header::CONTENT_LENGTH);
    Request::from_parts(parts, Body::from(Value::Object(body).to_string()))
}

/// Takes a member out of the answer's body, and puts it into a cookie.
async fn into_cookie(response: Response, jar: &Jar, member: &str, keep: Keep) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Some(bytes) = read(body).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut body: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
    let secret = body.remove(member);
    let cookie = secret.as_ref().and_then(Value::as_str).and_then(|secret| jar.set(keep, secret));
    parts.headers.remove(header::CONTENT_LENGTH);
    with_cookies(Response::from_parts(parts, Body::from(Value::Object(body).to_string())), [cookie])
}

async fn read(body: Body) -> Option<Vec<u8>> {
    let collected = Limited::new(body, LARGEST_BODY).collect().await.ok()?;
    Some(collected.to_bytes().to_vec())
}
