//! One router for each host name, because each has cookies of its own: `a.payroll.localhost` is one phone,
//! `b.payroll.localhost` another, `office.payroll.localhost` the browser version. Names that are none of these are
//! refused, so that no foreign name can be made to lead here.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use url::Url;

use crate::payroll::Payroll;
use crate::settings::Settings;
use crate::{assets, bank, hood, letters, office, phone, safety, stage};

/// Where people come back to from the OpenID provider, on a phone and in the browser version.
pub(crate) const BACK: &str = "/sign-in/back";

/// The phones on the stage, by the first part of their host names.
pub(crate) const PHONES: [&str; 4] = ["a", "b", "c", "d"];

/// What a host name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// `http://localhost`, which leads to the stage.
    Door,
    /// Phones side by side, letters and the hood; at home only.
    Stage,
    /// A phone.
    Phone,
    /// The browser version.
    Office,
    /// The test bank.
    Bank,
}

impl Place {
    /// What this host name, with its port, stands for.
    fn of(settings: &Settings, host: &str) -> Option<Self> {
        let (own, at_home) = (authority(&settings.origin), settings.is_at_home());
        if at_home && host == format!("localhost:{}", settings.listening.port()) {
            return Some(Self::Door);
        }
        if host == own {
            return Some(if at_home { Self::Stage } else { Self::Phone });
        }
        match host.strip_suffix(&own)?.strip_suffix('.')? {
            "office" => Some(Self::Office),
            "bank" if at_home && settings.provider.is_none() => Some(Self::Bank),
            name if at_home && PHONES.contains(&name) => Some(Self::Phone),
            _ => None,
        }
    }
}

fn authority(origin: &Url) -> String {
    let host = origin.host_str().unwrap_or_default();
    origin.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The origin of a place by the first part of its name: `http://office.payroll.localhost:3000`.
pub(crate) fn origin(settings: &Settings, name: &str) -> String {
    format!("{}://{name}.{}", settings.origin.scheme(), authority(&settings.origin))
}

/// The origin at which a request was asked for. It is one of ours: [`router`] refuses every other name.
pub(crate) fn asked_at(settings: &Settings, headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    Some(format!("{}://{host}", settings.origin.scheme()))
}

/// Where the phones' page is: a name for each at home, and the origin itself elsewhere.
pub(crate) fn phone_origins(settings: &Settings) -> Vec<String> {
    if settings.is_at_home() {
        PHONES.iter().map(|name| origin(settings, name)).collect()
    } else {
        vec![settings.origin.origin().ascii_serialization()]
    }
}

/// The routers of all places.
#[derive(Clone)]
struct Places {
    payroll: Payroll,
    door: Router,
    stage: Router,
    phone: Router,
    office: Router,
    bank: Router,
}

/// Everything, behind one router that looks at the host's name.
pub(crate) fn router(payroll: &Payroll) -> Router {
    let stage = stage::router(payroll).merge(letters::router(payroll)).merge(hood::router(payroll));
    let around = |place, router: Router| safety::around(payroll, place, router.merge(assets::router()));
    let places = Places {
        payroll: payroll.clone(),
        door: around(Place::Door, stage::door(payroll)),
        stage: around(Place::Stage, stage),
        phone: around(Place::Phone, phone::router(payroll)),
        office: around(Place::Office, office::router(payroll)),
        bank: around(Place::Bank, bank::router(payroll)),
    };
    Router::new().fallback(lead).with_state(places)
}

async fn lead(State(places): State<Places>, request: Request) -> Result<Response, Infallible> {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let router = match Place::of(&places.payroll.settings, named) {
        Some(Place::Door) => places.door,
        Some(Place::Stage) => places.stage,
        Some(Place::Phone) => places.phone,
        Some(Place::Office) => places.office,
        Some(Place::Bank) => places.bank,
        None => {
            return Ok((StatusCode::MISDIRECTED_REQUEST, "There is no such place here.\n").into_response());
        }
    };
    router.oneshot(request).await
}
