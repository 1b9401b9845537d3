//! casbin: role-based with domains, plain and with its cache.
//!
//! It does what we do not: a model and a policy that are data, changed while the program runs, from
//! many kinds of storage. We do what it does not: a reason, dates, and no cache to go stale; its
//! cache answers until the policy is changed through the same enforcer.

use casbin::prelude::*;
use pinlatch::access::Channel;

use super::by_hand::{company_name, names};
use super::cases::{ANNA, Asked, COMPANIES, Holding, Subject};
use super::cedar::service_name;
use crate::fixture::person_id;

/// The cheapest comparisons come first, the roles last.
const MODEL: &str = r#"
[request_definition]
r = sub, dom, obj, act, reach, channel

[policy_definition]
p = sub, act, obj, reach, service, channel

[role_definition]
g = _, _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.act == p.act && r.obj == p.obj && (p.reach == "all" || p.reach == r.reach) && (p.channel == "any" || p.channel == r.channel) && g(r.sub, p.sub, r.dom) && g(r.sub, p.service, r.dom) && g(r.sub, r.channel, r.dom)
"#;

/// Fourteen rules, of which the administrator's takes two lines.
const RULES: &str = "\
p, implicit, read, salary, own, service/salaries, any
p, implicit, read, hours, own, service/salaries, any
p, implicit, edit, hours, own, service/salaries, any
p, implicit, read, travel, own, service/travel, any
p, implicit, edit, travel, own, service/travel, any
p, employee, read, salary, own, service/salaries, any
p, employee, read, hours, own, service/salaries, any
p, employee, edit, hours, own, service/salaries, any
p, employee, read, travel, own, service/travel, any
p, employee, edit, travel, own, service/travel, any
p, supervisor, read, hours, all, service/salaries, any
p, supervisor, edit, hours, all, service/salaries, any
p, supervisor, read, travel, all, service/travel, any
p, administrators, read, users, all, administrators, browser
p, administrators, edit, users, others, administrators, browser
";

/// A request as casbin takes it.
pub type Ask = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// The request as casbin takes it.
pub fn ask(Asked { channel, request }: &Asked) -> Ask {
    let [action, function] = names(request);
    let reach = if request.owner == person_id(ANNA) { "own" } else { "others" };
    let channel = if *channel == Channel::MobileApp { "app" } else { "browser" };
    ("anna", company_name(request.company), function, action, reach, channel)
}

/// One decision.
pub fn decide(enforcer: &impl CoreApi, ask: Ask) -> bool {
    enforcer.enforce(ask).expect("the model fits")
}

/// The plain enforcer.
pub fn plain(subject: &Subject) -> Enforcer {
    load(async { Enforcer::new(model().await, StringAdapter::new(policy(subject))).await })
}

/// The enforcer with its cache.
pub fn cached(subject: &Subject) -> CachedEnforcer {
    load(async { CachedEnforcer::new(model().await, StringAdapter::new(policy(subject))).await })
}

async fn model() -> DefaultModel {
    DefaultModel::from_str(MODEL).await.expect("a model")
}

fn load<T>(making: impl Future<Output = Result<T>>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(making).expect("a policy")
}

fn policy(subject: &Subject) -> String {
    let mut policy = RULES.to_owned();
    let mut join = |role: &str, company: &str| policy.push_str(&format!("g, anna, {role}, {company}\n"));
    if subject.in_the_app {
        COMPANIES.map(company_name).into_iter().for_each(|company| join("app", company));
    }
    for place in &subject.places {
        let company = company_name(place.company);
        place.services.iter().for_each(|service| join(service_name(service), company));
        match place.holding {
            Holding::Implicit => join("implicit", company),
            Holding::Employee => join("employee", company),
            Holding::Supervisor => join("supervisor", company),
            Holding::Nothing => {}
        }
        if place.user {
            join("browser", company);
        }
        if place.administers {
            join("administrators", company);
        }
    }
    policy
}
