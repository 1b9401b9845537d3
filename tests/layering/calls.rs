//! Calls of functions in `impl` blocks, which no import shows: the methods of one type may be spread
//! over many files.
//!
//! A path, `Self::name` or `Type::name`, says whose function it is. A method call, `.name(`, says so
//! only if its receiver is `self`; otherwise it is told by its name, where that is the name of
//! functions in one file alone. What may be of several files gives no arrow, but is counted. A type
//! whose name a macro leaves open is never found by path, and a function of such a name not at all.

use std::ops::Range;

use crate::source::{Source, block, identifier};

/// Names that methods of std have too, or of argon2 (`params`) and of jiff (`day`, `month`, `year`).
/// By such a name alone it cannot be told whether a function of ours is called at all.
const SHARED_NAMES: &[&str] = &[
    "all",
    "as_bytes",
    "as_str",
    "bytes",
    "contains",
    "day",
    "find",
    "first",
    "get",
    "intersection",
    "is_empty",
    "is_subset",
    "iter",
    "last",
    "lock",
    "month",
    "next",
    "params",
    "remove",
    "set",
    "store",
    "take",
    "union",
    "year",
];

/// Which file calls a function of which other file.
pub(crate) struct Call<'a> {
    pub(crate) from: &'a Source,
    pub(crate) to: &'a Source,
    /// The type whose function it is.
    pub(crate) of: &'a str,
    pub(crate) name: &'a str,
}

/// The calls from file to file.
pub(crate) struct Calls<'a> {
    pub(crate) found: Vec<Call<'a>>,
    /// How many more are calls of several files' functions, for all that can be told.
    pub(crate) ambiguous: usize,
}

pub(crate) fn calls(sources: &[Source]) -> Calls<'_> {
    let functions: Vec<Function<'_>> = sources.iter().flat_map(functions).collect();
    let mut calls = Calls { found: Vec::new(), ambiguous: 0 };
    for from in sources {
        for told in by_path(from, &functions).chain(by_method(from, &functions)) {
            match told {
                Told::Here(function) if function.source.path == from.path => {}
                Told::Here(Function { source: to, of, name, .. }) => {
                    calls.found.push(Call { from, to, of, name });
                }
                Told::Ambiguous => calls.ambiguous += 1,
                Told::Elsewhere => {}
            }
        }
    }
    calls
}

/// The names of [`SHARED_NAMES`] that no `impl` block of `sources` has.
pub(crate) fn needless_names(sources: &[Source]) -> Vec<&'static str> {
    let functions: Vec<Function<'_>> = sources.iter().flat_map(functions).collect();
    let needless =
        |name: &&str| !functions.iter().any(|function| !function.is_of_a_trait && function.name == *name);
    SHARED_NAMES.iter().copied().filter(needless).collect()
}

/// A function directly in an `impl` block, or in the declaration of a trait.
struct Function<'a> {
    source: &'a Source,
    of: &'a str,
    name: &'a str,
    is_of_a_trait: bool,
}

/// An `impl` block, or the declaration of a trait.
struct Block<'a> {
    place: Range<usize>,
    of: &'a str,
    is_of_a_trait: bool,
}

fn functions(source: &Source) -> Vec<Function<'_>> {
    let in_block = |Block { place, of, is_of_a_trait }| {
        names(&source.code[place]).map(move |name| Function { source, of, name, is_of_a_trait })
    };
    blocks(source).into_iter().flat_map(in_block).collect()
}

/// The names of the functions directly in a block.
fn names(block: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    block.char_indices().filter_map(move |(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        let is_word = block[..at].ends_with(char::is_whitespace);
        let name = block[at..].strip_prefix("fn ").map(identifier).filter(|_| depth == 1 && is_word);
        // A macro may leave the name open: `fn $name`.
        name.filter(|name| !name.is_empty())
    })
}

fn blocks(source: &Source) -> Vec<Block<'_>> {
    let code = source.code.as_str();
    let place = |rest: &str| {
        let start = code.len() - rest.len();
        block(rest).map(|inside| start + inside.start..start + inside.end)
    };
    let implementations = source.after("impl").filter_map(|rest| {
        let is_item = opens_an_item(code[..code.len() - rest.len()].strip_suffix("impl")?);
        let place = place(rest).filter(|_| is_item && rest.starts_with([' ', '<']))?;
        let (of, is_of_a_trait) = implemented(&code[code.len() - rest.len()..place.start]);
        Some(Block { place, of, is_of_a_trait })
    });
    let traits = source
        .after("trait ")
        .filter_map(|rest| Some(Block { place: place(rest)?, of: identifier(rest), is_of_a_trait: true }));
    implementations.chain(traits).collect()
}

/// Whether an item may follow; an `impl` elsewhere is in the place of a type.
fn opens_an_item(before: &str) -> bool {
    let before = before.trim_end();
    // `$(` repeats items of a macro.
    before.is_empty() || before.ends_with(['{', '}', ';', ']']) || before.ends_with("$(")
}

/// The type whose block it is, by what is between `impl` and the brace, and whether it is a trait's.
fn implemented(header: &str) -> (&str, bool) {
    let header = &header[generics(header)..];
    let (subject, is_of_a_trait) = match header.split_once(" for ") {
        Some((_, subject)) => (subject, true),
        None => (header, false),
    };
    let subject = subject.trim_start();
    let path = &subject[..subject.find(|c: char| c == '<' || c.is_whitespace()).unwrap_or(subject.len())];
    (path.rsplit("::").next().unwrap_or(path), is_of_a_trait)
}

/// The length of the list of generics at the beginning; 0 if there is none.
fn generics(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if !text[..at].ends_with('-') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return if at == 0 { 0 } else { at + 1 };
        }
    }
    0
}

/// Whose function a call is of.
enum Told<'f, 'a> {
    Here(&'f Function<'a>),
    Ambiguous,
    /// Of another crate, of std, or of a trait.
    Elsewhere,
}

/// The one file that has all these functions.
fn told<'f, 'a>(mut functions: impl Iterator<Item = &'f Function<'a>>) -> Told<'f, 'a> {
    match functions.next() {
        None => Told::Elsewhere,
        Some(first) if functions.all(|other| other.source.path == first.source.path) => Told::Here(first),
        Some(_) => Told::Ambiguous,
    }
}

fn of_type<'f, 'a>(functions: &'f [Function<'a>], of: &str, name: &str) -> Told<'f, 'a> {
    told(
        functions
            .iter()
            .filter(|function| !function.is_of_a_trait && function.of == of && function.name == name),
    )
}

fn by_name<'f, 'a>(functions: &'f [Function<'a>], name: &str) -> Told<'f, 'a> {
    let named = || functions.iter().filter(|function| function.name == name);
    // A trait's function under the same name is one more that the call may be of.
    if SHARED_NAMES.contains(&name) || named().all(|function| function.is_of_a_trait) {
        Told::Elsewhere
    } else if named().any(|function| function.is_of_a_trait) {
        Told::Ambiguous
    } else {
        told(named())
    }
}

/// The type whose block surrounds this place.
fn surrounding<'a>(blocks: &[Block<'a>], at: usize) -> Option<&'a str> {
    let around = blocks.iter().filter(|block| block.place.contains(&at));
    around.max_by_key(|block| block.place.start).map(|block| block.of)
}

fn by_path<'f, 'a>(source: &'f Source, functions: &'f [Function<'a>]) -> impl Iterator<Item = Told<'f, 'a>> {
    let blocks = blocks(source);
    source.code.match_indices("::").filter_map(move |(at, colons)| {
        let name = identifier(&source.code[at + colons.len()..]);
        let of = match type_in_front(&source.code[..at]) {
            "Self" => surrounding(&blocks, at)?,
            of => of,
        };
        Some(of_type(functions, of, name))
    })
}

fn by_method<'f, 'a>(
    source: &'f Source,
    functions: &'f [Function<'a>],
) -> impl Iterator<Item = Told<'f, 'a>> {
    let blocks = blocks(source);
    source.code.match_indices('.').filter_map(move |(at, _)| {
        let (receiver, called) = (&source.code[..at], &source.code[at + 1..]);
        let name = identifier(called);
        let is_called = called[name.len()..].starts_with('(') || called[name.len()..].starts_with("::<");
        // Two dots are a range, whose end is a function of its own.
        if name.is_empty() || !is_called || receiver.ends_with('.') {
            return None;
        }
        // The functions of an `impl` block go before those of a trait, so that `self` is certain.
        let on_self = last_identifier(receiver.trim_end()) == "self";
        let known = surrounding(&blocks, at).filter(|_| on_self).map(|of| of_type(functions, of, name));
        Some(known.filter(|told| matches!(told, Told::Here(_))).unwrap_or_else(|| by_name(functions, name)))
    })
}

/// The identifier at the end of a text, in front of its generics; empty if there is none.
fn last_identifier(text: &str) -> &str {
    let is_outside = |c: char| !(c.is_alphanumeric() || c == '_');
    without_last_generics(text).rsplit(is_outside).next().unwrap_or_default()
}

/// The type whose function is called: `Pin` of `entry::Pin`, of `Pin::<u8>` and of `<Pin as Trait>`.
fn type_in_front(text: &str) -> &str {
    let before = without_last_generics(text);
    match last_identifier(text) {
        "" if before.len() < text.len() => {
            let inside = &text[before.len() + 1..text.len() - 1];
            last_identifier(inside.split(" as ").next().unwrap_or_default())
        }
        of => of,
    }
}

fn without_last_generics(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices().rev() {
        match c {
            '>' if !text[..at].ends_with('-') => depth += 1,
            '<' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let before = &text[..at];
            return if c == '<' { before.strip_suffix("::").unwrap_or(before) } else { text };
        }
    }
    text
}
