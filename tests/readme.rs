//! The README says what the code does.

const README: &str = include_str!("../README.md");

fn block(language: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("```{language}\n")).unwrap_or_default();
    rest.split_once("```").unwrap_or_default().0
}

#[test]
fn the_diagram_is_the_machine() {
    let wanted = pinlatch::session::mermaid();
    assert_eq!(block("mermaid"), wanted, "paste the output of `cargo run --example diagram`");
}

#[test]
fn the_two_commands_come_first() {
    assert_eq!(block("sh"), "cargo run --example tour\ncargo test\n");
}

#[test]
fn the_version_and_the_compiler_are_the_ones_of_the_manifest() {
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(!rust.is_empty() && README.contains(&format!("Rust {rust}")), "rust-version is {rust:?}");
    let version = env!("CARGO_PKG_VERSION");
    let (minor, _) = version.rsplit_once('.').unwrap_or_default();
    assert!(block("toml").contains(&format!("\npinlatch = \"{minor}\"\n")), "the version is {version}");
    assert!(include_str!("../CHANGELOG.md").contains(&format!("\n## [{version}] - ")));
}

#[test]
fn it_names_every_code_file_and_feature_that_it_promises() {
    for name in ["tour", "blocking_host", "async_host", "typed_phone", "diagram", "tune"] {
        assert!(README.contains(&format!("`{name}`")), "{name}");
        let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
        let there =
            std::path::Path::new(&path).is_dir() || std::path::Path::new(&format!("{path}.rs")).is_file();
        assert!(there, "{path}");
    }
    let manifest = include_str!("../Cargo.toml");
    let (_, features) = manifest.split_once("[features]\n").unwrap_or_default();
    let (features, _) = features.split_once("\n[").unwrap_or_default();
    for line in features.lines().filter(|line| !line.starts_with('#') && !line.starts_with("default")) {
        if let Some((name, _)) = line.split_once(" =") {
            assert!(README.contains(&format!("| `{name}` |")), "feature {name}");
        }
    }
    assert!(README.lines().count() < 280);
}

/// Whoever copies an example has a PIN that is not made of the person's birth date (D19).
#[test]
fn d19_whatever_creates_a_pin_in_the_readme_and_the_examples_passes_a_birth_date() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut creating = 0;
    let mut texts = vec![("README.md".to_owned(), README.to_owned())];
    for entry in std::fs::read_dir(examples).expect("examples").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push((path.display().to_string(), std::fs::read_to_string(&path).expect("a text")));
        }
    }
    for (name, text) in texts {
        if text.contains("create_pin(") {
            creating += 1;
            assert!(text.contains(".with_birth_date("), "{name}");
        }
    }
    assert!(creating >= 4, "found suspiciously few");
}
