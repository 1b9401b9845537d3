//! No type of `src` is read by serde with fields that are not known, now or later.

use std::fs;
use std::path::Path;

/// What comes back from a journal. A report decides nothing, so a field that is passed over widens
/// nothing.
const REPORTS: [&str; 6] =
    ["EventAsRead", "Change", "LogOutCause", "RevokedBy", "PeopleEvent", "PeopleEntry"];

/// A type with a derived `Deserialize`.
#[derive(Debug, PartialEq)]
struct Read {
    name: String,
    has_named_fields: bool,
    /// Its own derive denies them, or hands them to a type that is checked in turn.
    is_strict: bool,
}

fn types(source: &str) -> Vec<Read> {
    let mut found = Vec::new();
    let mut attributes = String::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        if words.starts_with("#[") {
            attributes.push_str(words);
            continue;
        }
        let declared = words.trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        let kinds = ["struct ", "enum "].into_iter();
        let kind = kinds.filter_map(|kind| Some((kind, declared.strip_prefix(kind)?))).next();
        if let Some((kind, rest)) = kind.filter(|_| attributes.contains("Deserialize")) {
            let name = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
            let opens = rest.ends_with('{');
            let end = format!("{indent}}}");
            let mut body = lines.by_ref().take_while(|line| *line != end);
            let has_named_fields = opens && (kind == "struct " || body.any(|line| line.ends_with(" {")));
            let is_strict = ["deny_unknown_fields", "try_from = "].iter().any(|how| attributes.contains(how));
            found.push(Read { name, has_named_fields, is_strict });
        }
        if !words.starts_with("//") {
            attributes.clear();
        }
    }
    found
}

fn all_types() -> Vec<Read> {
    fn collect(folder: &Path, found: &mut Vec<Read>) {
        for entry in fs::read_dir(folder).expect("src can be read") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.extend(types(&fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn e40_no_input_is_read_with_fields_that_are_not_known() {
    let types = all_types();
    assert!(types.len() >= 40, "suspiciously few types: {}", types.len());
    let with_fields = types.iter().filter(|read| read.has_named_fields);
    let lenient: Vec<&str> =
        with_fields.filter(|read| !read.is_strict).map(|read| read.name.as_str()).collect();
    for name in &lenient {
        assert!(REPORTS.contains(name), "{name} is read with unknown fields: deny them, or say why not here");
    }
    assert_eq!(lenient.len(), REPORTS.len(), "no longer lenient: {lenient:?}");
}

#[test]
fn types_are_found_by_their_attributes() {
    let source = "#[derive(Deserialize)]\n/// Doc.\n#[serde(deny_unknown_fields)]\npub struct A {\n    a: u8,\n}\n\
                  #[derive(serde::Deserialize)]\nstruct B {\n    b: u8,\n}\nstruct C {\n    c: u8,\n}\n\
                  #[cfg_attr(x, derive(Deserialize))]\npub struct D(u8);\n\
                  #[derive(Deserialize)]\nenum E {\n    One,\n    Two {\n        e: u8,\n    },\n}\n\
                  #[derive(Deserialize)]\n#[serde(try_from = \"B\")]\npub enum F {\n    One(u8),\n}\n";
    let read =
        |name: &str, has_named_fields, is_strict| Read { name: name.into(), has_named_fields, is_strict };
    let expected = [
        read("A", true, true),
        read("B", true, false),
        read("D", false, false),
        read("E", true, false),
        read("F", false, true),
    ];
    assert_eq!(types(source), expected);
}
