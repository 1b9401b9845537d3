//! How the gate's own types look in the OpenAPI document. They serialize by themselves; here they are only described.

use std::borrow::Cow;

use pinlatch::account;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{OneOfBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::HttpCode;

/// An enum of strings under that name. `utoipa` derives them from an enum; these are other crates' enums, or more than
/// one of them together.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident, $values:expr) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let values: Vec<String> = $values;
                let object = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
                RefOr::T(Schema::Object(object.enum_values(Some(values)).build()))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

names!(
    /// Every code, the gate's and those of HTTP.
    Code,
    RefusalCode::ALL
        .iter()
        .map(|code| code.as_str())
        .chain(HttpCode::ALL.iter().map(|code| code.as_str()))
        .map(str::to_owned)
        .collect()
);
names!(
    /// `RefusalKind`.
    Kind,
    texts(&["Retry", "EnterPin", "Authenticate", "Acknowledge", "AskAdministrator", "FixInput", "NotAllowed"])
);
names!(
    /// `EndReason`.
    EndReason,
    account::EndReason::ALL.iter().map(|reason| reason.as_str().to_owned()).collect()
);
names!(
    /// `SessionState`.
    State,
    SessionState::ALL.iter().map(ToString::to_string).collect()
);
names!(
    /// `AuthenticationMethod`.
    Method,
    texts(&["BankCredentials", "MobileCertificate", "IdentityProviderAccount"])
);
names!(
    /// `Modality`.
    Modality,
    texts(&["Face", "Fingerprint"])
);
names!(
    /// `Action`.
    Action,
    texts(&["Read", "Edit"])
);
names!(
    /// `Reach`.
    Reach,
    texts(&["OwnData", "Company"])
);
names!(
    /// `ChargeableService`.
    Service,
    texts(&["Travel", "Salaries"])
);
names!(
    /// `Role`.
    Role,
    texts(&["UserAdministrator", "AccountingOfficeAdministrator", "CompanyAdministrator"])
);
names!(
    /// `Standing`.
    Standing,
    texts(&["Good", "RevokedAll"])
);
names!(
    /// A function of the product.
    ProductFunction,
    texts(&["SalaryInformation", "WorkingHours", "TravelExpenseReports", "UsersAndRoles"])
);

/// `Function`: its name, or `{"Custom":"Holidays"}`.
pub(crate) struct Function;

impl PartialSchema for Function {
    fn schema() -> RefOr<Schema> {
        let name = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        let custom = ObjectBuilder::new().property("Custom", name).required("Custom");
        let either = OneOfBuilder::new().item(ProductFunction::schema()).item(custom);
        RefOr::T(Schema::OneOf(either.build()))
    }
}

impl ToSchema for Function {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Function")
    }
}

/// What the host and its bank or platform agree on: any JSON. A host's own document may say more.
pub(crate) struct Evidence;

impl PartialSchema for Evidence {
    fn schema() -> RefOr<Schema> {
        let any = ObjectBuilder::new().schema_type(SchemaType::new(Type::Object));
        let any = any.additional_properties(Some(AdditionalProperties::FreeForm(true)));
        let described = any.description(Some("Whatever form the host asks for, as an object."));
        RefOr::T(Schema::Object(described.build()))
    }
}

impl ToSchema for Evidence {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Evidence")
    }
}

/// An identifier: of a person, a company, a device session.
pub(crate) struct Id;

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        RefOr::T(Schema::Object(text.format(Some(SchemaFormat::Custom("uuid".to_owned()))).build()))
    }
}

impl ToSchema for Id {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Id")
    }
}
