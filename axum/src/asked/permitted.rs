//! A request for a function, granted by the gate.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use pinlatch::access::Request;
use pinlatch::account::{Grant, Wanted};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{Action, Function};

use super::phone::FromPhone;
use super::token::PresentedSession;
use crate::app::HasApp;
use crate::problem::{HttpCode, Problem};

/// What a handler of the host's wants, as a type: `Permitted<ReadPayslips>`.
///
/// ```
/// use pinlatch::people::{Action, Function};
/// use pinlatch_axum::asked::WantsFunction;
///
/// /// Mounted at `/companies/{company}/payslips/{owner}`.
/// struct ReadPayslips;
///
/// impl WantsFunction for ReadPayslips {
///     fn wanted() -> (Action, Function) {
///         (Action::Read, Function::SalaryInformation)
///     }
/// }
/// ```
pub trait WantsFunction: Send + Sync + 'static {
    /// What is done with which function.
    fn wanted() -> (Action, Function);

    /// How lately the app has to have been opened by PIN; `None` does not ask for it.
    #[must_use]
    fn by_pin_within() -> Option<Duration> {
        None
    }

    /// The company whose data it is about. Unless said otherwise the id under `company` in the path. `None` is answered
    /// `RouteUnknown`.
    #[must_use]
    fn company(path: &PathValues) -> Option<CompanyId> {
        path.id("company")
    }

    /// Whose data it is about. Unless said otherwise the id under `owner` in the path, and without such a place in it
    /// the person who asks. `None` is answered `RouteUnknown`.
    #[must_use]
    fn owner(path: &PathValues, asking: PersonId) -> Option<PersonId> {
        if path.has("owner") { path.id("owner") } else { Some(asking) }
    }
}

/// The values in a request's path, by the names that the route gives them.
#[derive(Clone, Debug, Default)]
pub struct PathValues(HashMap<String, String>);

impl PathValues {
    /// Whether the route has a place of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The id at that place; `None` if there is none.
    #[must_use]
    pub fn id<T: FromStr>(&self, name: &str) -> Option<T> {
        self.0.get(name)?.parse().ok()
    }
}

/// A live session whose person may do this now, for this request and for no other. The channel is the app's.
pub struct Permitted<F> {
    /// Who asks, from which device, and by which rule it is allowed.
    pub grant: Grant,
    /// What was granted.
    pub request: Request,
    /// What came with the request.
    pub from: FromPhone,
    wanted: PhantomData<fn() -> F>,
}

impl<F> fmt::Debug for Permitted<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permitted")
            .field("grant", &self.grant)
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

impl<S: HasApp, F: WantsFunction> FromRequestParts<S> for Permitted<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let PresentedSession(token) = PresentedSession::from_request_parts(parts, state).await?;
        let Ok(from) = FromPhone::from_request_parts(parts, state).await;
        let path = values(parts, state).await;
        let (action, function) = F::wanted();
        let (company, owner) = (F::company(&path), F::owner(&path, token.person()));
        let (Some(company), Some(owner)) = (company, owner) else {
            return Err(from.asked.wrong(HttpCode::RouteUnknown));
        };
        let request = Request { company, action, function, owner };
        let wanted = Wanted::function(&request);
        let wanted = F::by_pin_within().map_or(wanted, |span| wanted.opened_by_pin_within(span));
        let checked = state.app().gate().check(&token, wanted, &from.context).await;
        let grant = checked.map_err(|error| state.app().refused(&from.asked, "check", &error))?;
        Ok(Self { grant, request, from, wanted: PhantomData })
    }
}

async fn values<S: Send + Sync>(parts: &mut Parts, state: &S) -> PathValues {
    let Ok(params) = RawPathParams::from_request_parts(parts, state).await else {
        return PathValues::default();
    };
    PathValues(params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
