//! cedar-policy: policies parsed once, entities built once, one authorizer.
//!
//! It does what we do not: policies that administrators write and change while the program runs,
//! any kind of entity, analysis of policies, errors and determining policies in the answer. We do
//! what it does not: nothing has to be translated into entities first (here that is not timed), and
//! dates are judged in the decision.

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet};
use pinlatch::access::Channel;
use pinlatch::people::{ChargeableService, Function};
use serde_json::{Value, json};

use super::by_hand::{company_name, function_name, names};
use super::cases::{ANNA, Asked, COMPANIES, Holding, Subject};
use crate::fixture::person_id;

/// Fourteen rules that permit, and two guards before them.
const POLICIES: &str = r#"
forbid(principal, action, resource) when { context.app && !(principal in Group::"app") };
forbid(principal, action, resource) when { !context.app && !(principal in resource.users) };

permit(principal, action == Action::"read", resource in Function::"salary")
when { resource.owner == principal && principal in resource.implicit && principal in resource.service };
permit(principal, action == Action::"read", resource in Function::"hours")
when { resource.owner == principal && principal in resource.implicit && principal in resource.service };
permit(principal, action == Action::"edit", resource in Function::"hours")
when { resource.owner == principal && principal in resource.implicit && principal in resource.service };
permit(principal, action == Action::"read", resource in Function::"travel")
when { resource.owner == principal && principal in resource.implicit && principal in resource.service };
permit(principal, action == Action::"edit", resource in Function::"travel")
when { resource.owner == principal && principal in resource.implicit && principal in resource.service };

permit(principal, action == Action::"read", resource in Function::"salary")
when { resource.owner == principal && principal in resource.employee && principal in resource.service };
permit(principal, action == Action::"read", resource in Function::"hours")
when { resource.owner == principal && principal in resource.employee && principal in resource.service };
permit(principal, action == Action::"edit", resource in Function::"hours")
when { resource.owner == principal && principal in resource.employee && principal in resource.service };
permit(principal, action == Action::"read", resource in Function::"travel")
when { resource.owner == principal && principal in resource.employee && principal in resource.service };
permit(principal, action == Action::"edit", resource in Function::"travel")
when { resource.owner == principal && principal in resource.employee && principal in resource.service };

permit(principal, action == Action::"read", resource in Function::"hours")
when { principal in resource.supervisor && principal in resource.service };
permit(principal, action == Action::"edit", resource in Function::"hours")
when { principal in resource.supervisor && principal in resource.service };
permit(principal, action == Action::"read", resource in Function::"travel")
when { principal in resource.supervisor && principal in resource.service };

permit(principal, action, resource in Function::"users")
when { !context.app && principal in resource.administrators
       && (action == Action::"read" || resource.owner != principal) };
"#;

/// Everything that is ready before a request comes.
pub struct Cedar {
    policies: PolicySet,
    entities: Entities,
    facts: Vec<Entity>,
    authorizer: Authorizer,
}

/// A request in cedar's terms; its ids are parsed beforehand.
pub struct Ask {
    principal: EntityUid,
    action: EntityUid,
    resource: EntityUid,
    context: Context,
}

impl Cedar {
    /// The policies, and what is known of a person.
    pub fn of(subject: &Subject) -> Self {
        let entities = Entities::from_json_value(entities(subject), None).expect("entities");
        let facts = entities.iter().cloned().collect();
        let policies = POLICIES.parse().expect("policies");
        Self { policies, entities, facts, authorizer: Authorizer::new() }
    }

    /// One decision, the entities being ready.
    pub fn decide(&self, ask: &Ask) -> bool {
        self.decide_among(&self.entities, ask)
    }

    /// One decision, for which the principal and the resource are put together first: what a
    /// program does whose facts may have changed since the last request.
    pub fn decide_anew(&self, ask: &Ask) -> bool {
        let wanted = |entity: &&Entity| [&ask.principal, &ask.resource].contains(&&entity.uid());
        let facts = self.facts.iter().filter(wanted).cloned();
        self.decide_among(&Entities::from_entities(facts, None).expect("entities"), ask)
    }

    fn decide_among(&self, entities: &Entities, ask: &Ask) -> bool {
        let Ask { principal, action, resource, context } = ask;
        let (principal, action, resource) = (principal.clone(), action.clone(), resource.clone());
        let request = cedar_policy::Request::new(principal, action, resource, context.clone(), None)
            .expect("no schema to violate");
        let response = self.authorizer.is_authorized(&request, &self.policies, entities);
        response.decision() == Decision::Allow
    }
}

/// The request in cedar's terms.
pub fn ask(Asked { channel, request }: &Asked) -> Ask {
    let [action, _] = names(request);
    let own = request.owner == person_id(ANNA);
    let resource = resource(company_name(request.company), request.function, own);
    let uid = |kind: &str, id: &str| -> EntityUid { format!("{kind}::\"{id}\"").parse().expect("an id") };
    let app = *channel == Channel::MobileApp;
    Ask {
        principal: uid("Person", "anna"),
        action: uid("Action", action),
        resource: uid("Data", &resource),
        context: Context::from_json_value(json!({ "app": app }), None).expect("a record"),
    }
}

fn resource(company: &str, function: Function, own: bool) -> String {
    format!("{company}/{}/{}", function_name(function), if own { "own" } else { "others" })
}

fn entity(kind: &str, id: &str) -> Value {
    json!({ "type": kind, "id": id })
}

/// The person as a member of groups, and all data of all companies.
fn entities(subject: &Subject) -> Value {
    let mut groups = Vec::new();
    if subject.in_the_app {
        groups.push(entity("Group", "app"));
    }
    for place in &subject.places {
        let company = company_name(place.company);
        let mut join = |group: &str| groups.push(entity("Group", &format!("{company}/{group}")));
        for service in place.services.iter() {
            join(service_name(service));
        }
        match place.holding {
            Holding::Implicit => join("implicit"),
            Holding::Employee => join("employee"),
            Holding::Supervisor => join("supervisor"),
            Holding::Nothing => {}
        }
        if place.user {
            join("users");
        }
        if place.administers {
            join("administrators");
        }
    }
    let mut all = vec![json!({ "uid": entity("Person", "anna"), "attrs": {}, "parents": groups })];
    for company in COMPANIES.map(company_name) {
        for &function in Function::ALL {
            all.extend([true, false].map(|own| data(company, function, own)));
        }
    }
    Value::Array(all)
}

fn data(company: &str, function: Function, own: bool) -> Value {
    let service = ChargeableService::ALL.iter().find(|service| service.functions().contains(function));
    let group = |name: &str| json!({ "__entity": entity("Group", &format!("{company}/{name}")) });
    json!({
        "uid": entity("Data", &resource(company, function, own)),
        "parents": [entity("Function", function_name(function))],
        "attrs": {
            "owner": { "__entity": entity("Person", if own { "anna" } else { "bert" }) },
            "service": group(service.map_or("no service", |service| service_name(*service))),
            "implicit": group("implicit"),
            "employee": group("employee"),
            "supervisor": group("supervisor"),
            "users": group("users"),
            "administrators": group("administrators"),
        },
    })
}

/// A service as text.
pub fn service_name(service: ChargeableService) -> &'static str {
    match service {
        ChargeableService::Travel => "service/travel",
        ChargeableService::Salaries => "service/salaries",
    }
}
