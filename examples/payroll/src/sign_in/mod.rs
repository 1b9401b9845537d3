//! OpenID Connect, as the client: code flow with PKCE, nonce and state; any provider, or the test bank.
//!
//! | file | what it does |
//! |---|---|
//! | `provider` | knows the provider: found when it is first needed, asked again now and then |
//! | `http` | asks it |
//! | `away` | sends a browser there, and takes it back |
//! | `proof` | verifies the ID token, and says whose it is |
//! | `methods` | bank, mobile certificate or account |
//! | `phone` | `/sign-in/go` and `/sign-in/back` of a phone; those of the browser version are in `office` |
//! | `label` | what a phone is called on the list of devices |
//! | `pages` | what the test bank's pages and those of `office` share |
//! | `words` | what a page says of a sign-in that came to nothing, in English and Finnish |

mod away;
mod http;
mod label;
mod methods;
mod pages;
mod phone;
mod proof;
mod provider;
mod words;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod;
use pinlatch_axum::parts::{
    Answer, BegunSignIn, FlowId, NotVerified, PartFailed, RemembersStarts, Verified, VerifiesAuthentication,
};
use serde_json::{Value, json};

pub(crate) use away::{Answer as BackWith, Evidence, NotBack, draw};
pub(crate) use methods::{class_of, of_class};
pub(crate) use pages::page;
pub(crate) use phone::router as phone_router;
pub(crate) use proof::NotIdentified;
use provider::OpenIdProvider;
pub(crate) use words::{
    ACCOUNT_UNKNOWN, CANCELLED, Explained, SIGN_IN_OVER, explained, language, language_over,
};

use crate::rows::{Kind, Rows, RowsFailed, digest};
use crate::settings::Settings;
use crate::town::Resident;

/// The OpenID provider, as this program sees it. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct OpenId {
    provider: Arc<OpenIdProvider>,
    rows: Rows,
}

impl OpenId {
    pub(crate) fn of(settings: &Settings, rows: Rows) -> Result<Self, Box<dyn Error>> {
        Ok(Self { provider: Arc::new(OpenIdProvider::of(settings)?), rows })
    }

    /// Who it is that the provider knows: as the flags say, and at the test bank everybody by the name that it has.
    pub(crate) async fn introduce(
        &self,
        settings: &Settings,
        residents: &[(PersonId, Resident)],
    ) -> Result<(), Box<dyn Error>> {
        let Some(provider) = &settings.provider else {
            for (person, resident) in residents {
                self.introduce_one(&resident.subject, *person).await?;
            }
            return Ok(());
        };
        for (subject, person) in &provider.subjects {
            let person = person.parse().map_err(|_| format!("--subject: {person} is no person's id"))?;
            self.introduce_one(subject, person).await?;
        }
        Ok(())
    }

    /// Keeps which of our people a subject of the provider's is.
    pub(crate) async fn introduce_one(&self, subject: &str, person: PersonId) -> Result<(), RowsFailed> {
        self.rows.put(Kind::Subject, &self.key_of(subject), &person).await
    }

    /// Keeps which of our people a subject is, if it is nobody yet, and answers which it is.
    pub(crate) async fn claim(&self, subject: &str, person: PersonId) -> Result<PersonId, RowsFailed> {
        let key = self.key_of(subject);
        if self.rows.add(Kind::Subject, &key, &person).await? {
            return Ok(person);
        }
        Ok(self.rows.get(Kind::Subject, &key).await?.unwrap_or(person))
    }

    /// Whether it is this program's own.
    pub(crate) fn is_test_bank(&self) -> bool {
        self.provider.is_test_bank
    }

    /// The ways of proving who one is that the provider has.
    pub(crate) fn has(&self, method: AuthenticationMethod) -> bool {
        self.is_test_bank() || method == AuthenticationMethod::IdentityProviderAccount
    }
}

impl VerifiesAuthentication for OpenId {
    /// The page offers what the person and the provider both have; only the test bank may be opened within the stage.
    fn begin<'a>(
        &'a self,
        _: FlowId,
        methods: &'a [AuthenticationMethod],
    ) -> Answer<'a, Result<Value, PartFailed>> {
        let methods: Vec<_> = methods.iter().filter(|method| self.has(**method)).collect();
        let instructions = json!({ "methods": methods, "isTestBank": self.is_test_bank() });
        Box::pin(async move { Ok(instructions) })
    }

    fn verify<'a>(
        &'a self,
        flow: FlowId,
        _: &'a BegunSignIn,
        evidence: Value,
    ) -> Answer<'a, Result<Verified, NotVerified>> {
        Box::pin(async move {
            let (token, since) = match serde_json::from_value(evidence) {
                Ok(Evidence::Token { token, since }) => (token, since),
                Ok(Evidence::Cancelled) => return Err(NotVerified::Cancelled),
                Ok(Evidence::Refused) => return Err(NotVerified::Failed),
                Err(_) => return Err(NotVerified::Malformed),
            };
            self.identify(&flow.to_string(), &token, since).await.map_err(|nobody| match nobody {
                NotIdentified::Refused | NotIdentified::Stranger => NotVerified::Failed,
                NotIdentified::Unavailable(failed) => NotVerified::Unavailable(failed),
            })
        })
    }
}

/// Keeps sign-ins on their way in the rows, so that every host on one database knows them, after a restart too.
#[derive(Clone, Debug)]
pub(crate) struct Starts(Rows);

impl Starts {
    pub(crate) const fn of(rows: Rows) -> Self {
        Self(rows)
    }
}

impl RemembersStarts for Starts {
    fn remember(
        &self,
        flow: FlowId,
        begun: BegunSignIn,
        span: Duration,
    ) -> Answer<'_, Result<(), PartFailed>> {
        Box::pin(
            async move { Ok(self.0.put_for(Kind::Start, &digest(&flow.to_string()), &begun, span).await?) },
        )
    }

    fn recall(&self, flow: FlowId) -> Answer<'_, Result<Option<BegunSignIn>, PartFailed>> {
        Box::pin(async move { Ok(self.0.get(Kind::Start, &digest(&flow.to_string())).await?) })
    }
}
