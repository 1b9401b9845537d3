//! Enforces the layers of `src`, the order of the modules within each, and the sizes of files and
//! functions: file by file, on the plain text. Layers and order hold for imports, and for calls of
//! functions in `impl` blocks.

mod arrows;
mod calls;
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
    let Report { violations, files, layer_imports, sibling_imports, .. } = check(&tree(), layers::LAYERS);
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    // A parser that finds nothing would pass everything.
    assert!(files >= 80, "suspiciously few files: {files}");
    assert!(layer_imports >= 180, "suspiciously few imports of other layers: {layer_imports}");
    assert!(sibling_imports >= 130, "suspiciously few imports within a layer: {sibling_imports}");
}

#[test]
fn most_calls_are_seen() {
    let Report { calls, ambiguous_calls, .. } = check(&tree(), layers::LAYERS);
    assert!(calls >= 650, "suspiciously few calls from file to file: {calls}");
    let share = 100 * ambiguous_calls / (calls + ambiguous_calls);
    assert!(share <= 40, "of {share} % of the calls it cannot be told whose function they call");
}

#[test]
fn no_name_is_left_out_without_need() {
    let needless = calls::needless_names(&tree());
    assert!(needless.is_empty(), "shared with std, but no function of src: {needless:?}");
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

    /// The one violation of a tree with these files; it says all of `about`.
    fn reports_of(files: &[(&str, &str)], about: &[&str]) {
        let said = says(files);
        assert!(said.len() == 1 && about.iter().all(|what| said[0].contains(what)), "{about:?}: {said:?}");
    }

    #[test]
    fn a_cycle_of_calls_is_reported() {
        let a = ("pin/a.rs", "impl Pin { fn one(&self) { self.two(); } }");
        let back =
            |call: &str| format!("impl<F: Fn() -> u8> Pin<F> {{ pub const fn two(&self) {{ {call} }} }}");
        let by_path = ["Self::one(self)", "Pin::one(self)", "<Self>::one(self)", "<Pin<u8>>::one(self)"];
        for call in ["self.one()", "self\n.one::<u8>()", "pin.one()"].iter().chain(&by_path) {
            let about = ["pin: a cycle among a, b", "a → b (two)", "b → a (one)"];
            reports_of(&[a, ("pin/b.rs", &back(call))], &about);
        }
        reports_of(&[a, ("pin/b.rs", &back("f(Pin::<u8>::one)"))], &["b → a (one)"]);
        reports_of(&[a, ("pin/b.rs", &back("f(entry::Pin::one)"))], &["b → a (one)"]);
        assert_eq!(says(&[a, ("pin/b.rs", &back("self.two()"))]), Vec::<String>::new());
    }

    #[test]
    fn a_cycle_of_calls_and_imports_is_reported() {
        let a = ("pin/a.rs", "use super::b::B;\nimpl Pin { fn one(&self) {} }");
        reports_of(&[a, ("pin/b.rs", "fn f(pin: &Pin) { pin.one() }")], &["a → b (use b::B)", "b → a (one)"]);
    }

    #[test]
    fn a_cycle_of_calls_over_folders_is_reported() {
        let lock = ("account/commands/lock.rs", "impl Account { fn lock_it(&self) { self.step() } }");
        let moves = |call| format!("impl Account<'_> {{ fn step(&self) {{ {call} }} fn end(&self) {{}} }}");
        let about = ["account: a cycle", "commands → state (step)", "state → commands (lock_it)"];
        reports_of(&[lock, ("account/state/moves.rs", &moves("self.lock_it()"))], &about);
        let about = ["account/commands: a cycle", "lock → moves (step)", "moves → lock (lock_it)"];
        reports_of(&[lock, ("account/commands/moves.rs", &moves("self.lock_it()"))], &about);
        assert_eq!(says(&[lock, ("account/state/moves.rs", &moves("self.end()"))]), Vec::<String>::new());
    }

    #[test]
    fn a_call_from_a_folder_into_its_mod_rs_is_reported() {
        let outer = ("account/mod.rs", "impl Account { fn outer(&self) { self.inner() } }");
        let inner = |call| format!("impl Account {{ fn inner(&self) {{ {call} }} }}");
        reports_of(
            &[outer, ("account/a.rs", &inner("self.outer()"))],
            &["calls Account::outer", "the mod.rs"],
        );
        assert_eq!(says(&[outer, ("account/a.rs", &inner(""))]), Vec::<String>::new());
    }

    #[test]
    fn a_call_to_a_later_layer_is_reported() {
        let record = ("record/mod.rs", "impl Account { fn encode(&self) { self.touch() } }");
        let account = |call| format!("impl Account {{ fn touch(&self) {{ {call} }} }}");
        let about = ["account/a.rs: calls Account::encode, which lies in a later layer: record/mod.rs"];
        reports_of(&[record, ("account/a.rs", &account("self.encode()"))], &about);
        reports_of(&[record, ("account/a.rs", &account("f(Account::encode)"))], &about);
        assert_eq!(says(&[record, ("account/a.rs", &account(""))]), Vec::<String>::new());
    }

    #[test]
    fn a_call_that_may_be_of_several_files_is_no_arrow() {
        let a = ("pin/a.rs", "impl Pin { fn one(&self) { self.two() } }");
        let b = |call| format!("impl Pin {{ fn two(&self, other: Other) {{ {call} }} }}");
        let other = ("pin/c.rs", "impl Other { fn one(&self) {} }");
        let a_trait = ("pin/c.rs", "trait Other { fn one(&self); }");
        for third in [other, a_trait] {
            assert_eq!(says(&[a, ("pin/b.rs", &b("other.one()")), third]), Vec::<String>::new());
            assert_eq!(says(&[a, ("pin/b.rs", &b("Other::one(&other)")), third]), Vec::<String>::new());
        }
        let both = format!("{} {}", a.1, a_trait.1);
        assert_eq!(says(&[("pin/a.rs", &both), ("pin/b.rs", &b("other.one()"))]), Vec::<String>::new());
        reports_of(&[a, ("pin/b.rs", &b("self.one()")), other], &["b → a (one)"]);
        let text = b("other.one()");
        let planted = [a, ("pin/b.rs", &text), other].map(|(path, text)| Source::new(path, text));
        assert_eq!(check(&planted, LAYERS).ambiguous_calls, 1);
    }

    #[test]
    fn a_name_shared_with_std_is_only_told_by_its_type() {
        let a = ("pin/a.rs", "impl Pin { fn take(&self) { self.two() } }");
        let b = |call| format!("impl Pin {{ fn two(&self) {{ {call} }} }}");
        assert_eq!(says(&[a, ("pin/b.rs", &b("list.take()"))]), Vec::<String>::new());
        reports_of(&[a, ("pin/b.rs", &b("self.take()"))], &["b → a (take)"]);
        reports_of(&[a, ("pin/b.rs", &b("Pin::take(pin)"))], &["b → a (take)"]);
    }

    #[test]
    fn what_is_no_call_of_an_impl_block_is_no_arrow() {
        let b = "impl Pin { fn two(&self) { self.one(); Self::one(self); Pin::one(self) } }";
        for a in [
            "impl Trait for Pin { fn one(&self) { self.two() } }",
            "trait Pin { fn one(&self) { self.two() } }",
            "fn f(pin: impl Pin) { fn one() { pin.two() } }",
            "impl Pin { fn f(&self) { fn one() {} self.two() } }",
        ] {
            assert_eq!(says(&[("pin/a.rs", a), ("pin/b.rs", b)]), Vec::<String>::new());
        }
        let a = ("pin/a.rs", "impl Pin { fn one(&self) { self.two() } }");
        for call in ["// self.one()\n", "\"self.one() Self::one\";", "/* Pin::one */", "self.one", "0..one()"]
        {
            let b = format!("impl Pin {{ fn two(&self) {{ {call} }} }}");
            assert_eq!(says(&[a, ("pin/b.rs", &b)]), Vec::<String>::new());
        }
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
