//! The document: checked in, served, and what the router does.

use std::path::Path;
use std::process::Command;

use pinlatch_axum::openapi;
use pinlatch_testkit::PIN;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::send;
use super::schema::operations;
use super::served::Served;

fn document() -> Value {
    serde_json::to_value(openapi::document("/app", "/admin", true)).unwrap()
}

#[test]
fn the_document_is_the_one_that_is_checked_in() {
    let mut document = document();
    // Whether members keep the order in which they were made, another package of the build may have chosen.
    document.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&document).unwrap();
    text.push('\n');
    super::blessed("openapi.json", &text);
}

#[tokio::test]
async fn it_is_served() {
    let served = Served::start().await;
    let reply = send(&served, Method::GET, "/openapi.json", &[], None).await.done();
    assert_eq!(reply.body, document());
    assert_eq!(reply.body["openapi"], "3.1.0");
}

#[tokio::test]
async fn every_operation_is_routed_and_no_other_method_is() {
    let served = Served::start().await;
    let document = document();
    let listed = operations(&document);
    // 22 of a phone, 7 and 10 of an administrator.
    assert_eq!(listed.len(), 39);
    for (method, path, _) in &listed {
        let id = "00000000-0000-0000-0000-000000000001";
        let concrete = path
            .replace("{modality}", "Face")
            .replace("{service}", "Travel")
            .replace("{role}", "UserAdministrator");
        let concrete = concrete
            .split('/')
            .map(|part| if part.starts_with('{') { id } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let reply = send(&served, method.clone(), &concrete, &[], None).await;
        assert!(!matches!(reply.code(), "RouteUnknown" | "MethodUnknown"), "{method} {path}: {reply:?}");
        for other in [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH] {
            if !listed.iter().any(|(method, listed, _)| *method == other && listed == path) {
                let reply = send(&served, other.clone(), &concrete, &[], None).await;
                assert_eq!((reply.status, reply.code()), (405, "MethodUnknown"), "{other} {path}");
            }
        }
    }
}

#[test]
fn every_operation_tells_of_problems_and_has_a_name_of_its_own() {
    let document = document();
    let mut names: Vec<String> = Vec::new();
    for (method, path, operation) in operations(&document) {
        let problem =
            &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(problem, "#/components/schemas/Problem", "{method} {path}");
        names.push(operation["operationId"].as_str().unwrap().to_owned());
        assert!(operation["security"].is_array(), "{method} {path} does not say who may call it");
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn nothing_is_nullable_and_every_reference_leads_somewhere() {
    fn walk(value: &Value, visit: &mut impl FnMut(&Value)) {
        visit(value);
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
            Value::Object(fields) => fields.values().for_each(|field| walk(field, visit)),
            _ => {}
        }
    }
    let document = document();
    let schemas = &document["components"]["schemas"];
    walk(&document, &mut |value| {
        assert_ne!(value["type"], "null", "{value}");
        let types = value["type"].as_array();
        assert!(types.is_none_or(|types| !types.contains(&json!("null"))), "{value}");
        if let Some(name) = value["$ref"].as_str() {
            let name = name.strip_prefix("#/components/schemas/").unwrap();
            assert!(schemas[name].is_object(), "{name}");
        }
    });
}

/// A client is made from the document by another's generator, compiled, and run.
#[tokio::test]
async fn a_typescript_client_is_generated_and_works() {
    if Command::new("npx").arg("--version").output().is_err() {
        assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "npx is not there");
        eprintln!("SKIPPED: no npx, so no client was generated");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(folder.path().join("openapi.json"), document().to_string()).unwrap();
    std::fs::copy(root.join("tests/client.ts"), folder.path().join("client.ts")).unwrap();
    std::fs::write(folder.path().join("package.json"), r#"{"private": true, "type": "module"}"#).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(folder.path()).output().unwrap();
        let text =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {text}");
        text
    };
    let packages = ["openapi-typescript@7", "openapi-fetch@0.14", "typescript@5"];
    let mut install = vec!["install", "--no-audit", "--no-fund", "--silent"];
    install.extend(packages);
    run("npm", &install);
    run("npx", &["openapi-typescript", "openapi.json", "--output", "schema.d.ts"]);
    let strict =
        ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable"];
    let mut compile = vec!["tsc", "client.ts"];
    compile.extend(strict);
    run("npx", &compile);

    let served = Served::start().await;
    let anna = served.employee().await.to_string();
    let address = format!("http://{}", served.address);
    let arguments = ["client.js".to_owned(), address, anna, PIN.to_owned()];
    let script = folder.path().to_owned();
    let output = tokio::task::spawn_blocking(move || {
        Command::new("node").args(arguments).current_dir(script).output()
    });
    let output = output.await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.trim(), "opened; then IncorrectPin", "{}", String::from_utf8_lossy(&output.stderr));
}
