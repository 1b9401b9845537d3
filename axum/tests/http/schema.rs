//! Whether an answer is what the OpenAPI document says of it. Every request of these tests is asked about here, so that
//! every endpoint in every state is: a client that is generated from the document can read what comes.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use pinlatch_axum::openapi;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Reply;

struct Document {
    operations: Vec<(Method, String, Value)>,
    schemas: HashMap<String, Validator>,
}

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let document = serde_json::to_value(openapi::document("/app", "/admin", true)).unwrap();
    let validator = |name: &String| {
        let schema = json!({
            "$ref": format!("#/components/schemas/{name}"), "components": document["components"],
        });
        (name.clone(), jsonschema::validator_for(&schema).unwrap())
    };
    let schemas = document["components"]["schemas"].as_object().unwrap().keys().map(validator).collect();
    Document { operations: operations(&document), schemas }
});

/// Every path and method of the document.
pub(crate) fn operations(document: &Value) -> Vec<(Method, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            (method, path.clone(), operation.clone())
        })
    });
    each.collect()
}

/// The schema that a reference leads to.
fn validator(reference: &Value) -> &'static Validator {
    let name = reference.as_str().unwrap().rsplit('/').next().unwrap();
    &DOCUMENT.schemas[name]
}

fn is_named(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let fits = |(wanted, given): (&str, &str)| wanted.starts_with('{') || wanted == given;
    wanted.by_ref().zip(given.by_ref()).all(fits) && template.split('/').count() == path.split('/').count()
}

/// Panics where an answer is not as the document has it.
pub(crate) fn hold(method: &Method, path: &str, reply: &Reply) {
    let kind = reply.header("content-type");
    if kind == Some("application/problem+json") {
        conforms(&json!("Problem"), method, path, reply);
        return;
    }
    let operation = DOCUMENT.operations.iter().find(|(of, named, _)| of == method && is_named(named, path));
    let Some((_, _, operation)) = operation else { return };
    let response = &operation["responses"][reply.status.to_string()];
    assert!(response.is_object(), "{method} {path}: the document knows no {} there", reply.status);
    let schema = &response["content"]["application/json"]["schema"];
    if schema.is_null() {
        assert_eq!(reply.body, Value::Null, "{method} {path}: the document has no body there");
        return;
    }
    assert_eq!(kind, Some("application/json"), "{method} {path}");
    match schema["type"].as_str() {
        Some("array") => {
            let items =
                reply.body.as_array().unwrap_or_else(|| panic!("{method} {path}: {reply:?} is no list"));
            for item in items {
                let one = Reply { body: item.clone(), ..reply.clone() };
                conforms(&schema["items"]["$ref"], method, path, &one);
            }
        }
        _ => conforms(&schema["$ref"], method, path, reply),
    }
}

fn conforms(reference: &Value, method: &Method, path: &str, reply: &Reply) {
    if let Err(error) = validator(reference).validate(&reply.body) {
        panic!("{method} {path}: {error} at {} of {reply:?}", error.instance_path());
    }
}

#[test]
fn what_the_document_does_not_say_is_found() {
    let reply = |status, kind: &str, body| {
        let kind = kind.parse().unwrap();
        Reply { status, headers: [(reqwest::header::CONTENT_TYPE, kind)].into_iter().collect(), body }
    };
    let found = |method: Method, path: &str, reply: Reply| {
        std::panic::catch_unwind(|| hold(&method, path, &reply)).is_err()
    };
    let problem = |body| reply(403, "application/problem+json", body);
    let right = json!({
        "type": "urn:a", "title": "NotAUser", "status": 403, "code": "NotAUser", "kind": "NotAllowed",
        "next": { "step": "Wait" }, "detail": "text",
    });
    let known = right.as_object().unwrap();
    for name in known.keys() {
        let mut body = right.clone();
        body.as_object_mut().unwrap().remove(name);
        assert!(found(Method::GET, "/app/session", problem(body)), "without {name}");
    }
    let unknown = |name: &str, value: Value| {
        let mut body = right.clone();
        body[name] = value;
        found(Method::GET, "/app/session", problem(body))
    };
    assert!(unknown("code", json!("Unheard")));
    assert!(unknown("status", json!(200)));
    assert!(found(Method::GET, "/app/session", reply(200, "application/json", json!({}))));
    assert!(found(Method::GET, "/app/session", reply(299, "application/json", json!({}))));
    assert!(found(Method::POST, "/app/lock", reply(204, "application/json", json!({}))));
}
