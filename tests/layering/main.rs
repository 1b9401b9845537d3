//! Enforces the layers of `src`, the order of the modules within each, and the sizes of files and
//! functions: file by file, on the plain text.

mod checks;
mod layers;
mod source;

use std::fs;
use std::path::Path;

use checks::{Report, check};
use source::Source;

/// Every file of `src`, by its path inside it.
fn tree() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be listed").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let inside = path.strip_prefix(root).expect("below src").to_str().expect("UTF-8");
            found.push(Source::new(inside, &fs::read_to_string(&path).expect("a text")));
        }
    }
}

#[test]
fn every_file_keeps_to_its_layer() {
    let Report { violations, files, layer_imports, sibling_imports } = check(&tree(), layers::LAYERS);
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    // A parser that finds nothing would pass everything.
    assert!(files >= 80, "suspiciously few files: {files}");
    assert!(layer_imports >= 180, "suspiciously few imports of other layers: {layer_imports}");
    assert!(sibling_imports >= 130, "suspiciously few imports within a layer: {sibling_imports}");
}

#[test]
fn no_layer_may_import_more_than_it_does() {
    let unused = checks::unused_permissions(&tree(), layers::LAYERS);
    assert!(unused.is_empty(), "in layers.rs, but not imported: {unused:?}");
}

#[test]
fn a_layer_is_only_allowed_what_lies_above_it() {
    for (position, layer) in layers::LAYERS.iter().enumerate() {
        for allowed in layer.may_import {
            let above = &layers::LAYERS[..position];
            assert!(above.iter().any(|other| other.module == *allowed), "{} from {allowed}", layer.module);
        }
    }
}

mod negative_control {
    use super::checks::check;
    use super::layers::LAYERS;
    use super::source::Source;

    /// What the checker says of a tree with these files, without what is missing from it.
    fn says(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        let mut violations = check(&sources, LAYERS).violations;
        violations.retain(|violation| !violation.contains("there is no such module"));
        violations
    }

    fn reports(path: &str, text: &str, about: &str) {
        let said = says(&[(path, text)]);
        assert!(said.len() == 1 && said[0].contains(about), "{about}: {said:?}");
    }

    #[test]
    fn a_good_file_is_not_reported() {
        let text = "//! Doc with crate::gate::Gate.\nuse super::entry::Pin;\nuse crate::id::PersonId;\n\
                    /* crate::gate */ const A: &str = \"crate::gate \\\" {\"; const B: char = '{';\n\
                    fn a<'a>(x: &'a str) -> &'a str { x }\n";
        assert_eq!(says(&[("pin/policy.rs", text), ("pin/entry.rs", "")]), Vec::<String>::new());
    }

    #[test]
    fn an_import_from_below_is_reported() {
        reports("pin/policy.rs", "use crate::account::Account;", "pin may not import account");
        reports("session/any.rs", "fn f() { crate::gate::go() }", "session may not import gate");
        reports("time.rs", "use crate::id::PersonId;", "time may not import id");
    }

    #[test]
    fn an_import_through_the_crate_root_is_reported() {
        reports("gate/pin.rs", "use crate::Gate;", "crate root");
        reports("gate/pin.rs", "use crate::{id, time};", "crate root");
        reports("gate/pin.rs", "use pinlatch::id::PersonId;", "crate root");
    }

    #[test]
    fn a_detour_within_a_layer_is_reported() {
        reports("pin/policy.rs", "use super::Pin;", "through its mod.rs");
        reports("pin/policy.rs", "use super::{entry::Pin, weak};", "through its mod.rs");
        reports("pin/policy.rs", "use super::*;", "through its mod.rs");
        reports("pin/policy.rs", "use super::super::id::PersonId;", "through its mod.rs");
        reports("pin/policy.rs", "use crate::pin::Pin;", "its own layer by `crate::`");
        reports("time.rs", "use super::id::PersonId;", "through its mod.rs");
    }

    #[test]
    fn a_cycle_is_reported() {
        let a = ("pin/a.rs", "use super::b::B;");
        let b = ("pin/b.rs", "fn f() { super::c::f() }");
        let c = ("pin/c.rs", "use super::a::A;");
        let said = says(&[a, b, c]);
        assert!(said.len() == 1 && said[0].contains("a cycle"), "{said:?}");
        assert_eq!(says(&[a, b, ("pin/c.rs", "")]), Vec::<String>::new());
    }

    #[test]
    fn folders_within_folders_are_checked_alike() {
        let inner = |text| [("pin/deep/a.rs", text), ("pin/deep/b.rs", "use super::super::entry::Pin;")];
        let outer = |text| [("pin/deep/mod.rs", ""), ("pin/entry.rs", text)];
        let tree = |a, entry| says(&[inner(a), outer(entry)].concat());
        assert_eq!(tree("use super::b::B;", ""), Vec::<String>::new());
        assert!(tree("use super::B;", "")[0].contains("through its mod.rs"));
        assert!(tree("use super::super::Pin;", "")[0].contains("through its mod.rs"));
        assert!(tree("use super::super::super::id::Id;", "")[0].contains("through its mod.rs"));
        assert!(tree("", "use super::deep::B;")[0].contains("pin: a cycle"));
        assert!(tree("use super::a::A;", "")[0].contains("pin/deep: a cycle"));
    }

    #[test]
    fn a_module_outside_the_table_is_reported() {
        reports("helpers/all.rs", "", "helpers is no layer");
        let said = check(&[], LAYERS).violations;
        assert_eq!(said.len(), LAYERS.len(), "{said:?}");
    }

    #[test]
    fn long_files_and_functions_are_reported() {
        reports("pin/policy.rs", &"\n".repeat(400), "400 lines");
        assert!(says(&[("pin/policy.rs", &"\n".repeat(399))]).is_empty());
        let function = |lines: usize| format!("fn long() {{\n{}}}\n", "    a();\n".repeat(lines - 2));
        reports("pin/policy.rs", &function(70), "`long` has 70 lines");
        assert!(says(&[("pin/policy.rs", &function(69))]).is_empty());
    }

    #[test]
    fn code_in_the_crate_root_is_reported() {
        let good = "//! Docs.\n#![no_std]\nextern crate alloc;\n#[cfg(feature = \"std\")]\nextern crate std;\n\
                    pub mod id;\n#[doc = include_str!(\"rules.md\")]\npub mod rules {}\npub use id::{A,\n B};\n";
        assert_eq!(says(&[("lib.rs", good)]), Vec::<String>::new());
        reports("lib.rs", "pub mod id;\npub fn helper() {}\n", "more than docs, modules and re-exports");
        reports("lib.rs", "pub struct Unit;\n", "more than docs, modules and re-exports");
        reports("lib.rs", "pub mod rules { pub struct Unit; }\n", "more than docs, modules and re-exports");
    }
}
