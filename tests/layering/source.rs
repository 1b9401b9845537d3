//! A source file, without its comments and the contents of its literals.

use std::ops::Range;

/// One file of `src`.
pub(crate) struct Source {
    /// Its path inside `src`.
    pub(crate) path: String,
    /// Its code: comments and the contents of literals are blank, line breaks are kept.
    pub(crate) code: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), code: without_visibilities(&blank(text)) }
    }

    /// Its place in the tree of modules: `["pin", "entry"]` for `pin/entry.rs`, `["pin"]` for
    /// `pin/mod.rs`, nothing for the root.
    pub(crate) fn module(&self) -> Vec<&str> {
        let path = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let path = path.strip_suffix("/mod").unwrap_or(path);
        if path == "lib" { Vec::new() } else { path.split('/').collect() }
    }

    /// The module of the crate's root that it belongs to; none for the root itself.
    pub(crate) fn layer(&self) -> Option<&str> {
        self.module().first().copied()
    }

    /// Whatever follows each occurrence of `prefix` that is a path of its own: `crate::`, not
    /// `$crate::` or `other_crate::`.
    pub(crate) fn after<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.code.match_indices(prefix).filter_map(move |(at, _)| {
            let before = self.code[..at].chars().next_back();
            let attached = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | ':'));
            (!attached).then(|| &self.code[at + prefix.len()..])
        })
    }

    pub(crate) fn lines(&self) -> usize {
        self.code.lines().count()
    }

    /// The functions with a body: name and number of lines.
    pub(crate) fn functions(&self) -> Vec<(&str, usize)> {
        self.after("fn ").filter_map(function).collect()
    }
}

/// The identifier at the beginning of a text; empty if there is none.
pub(crate) fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

fn function(text: &str) -> Option<(&str, usize)> {
    let body = block(text).filter(|body| !text[..body.start].contains(';'))?;
    Some((identifier(text), text[..body.end].lines().count()))
}

/// Where the first pair of braces lies.
pub(crate) fn block(text: &str) -> Option<Range<usize>> {
    let start = text.find('{')?;
    let mut depth = 0;
    for (at, c) in text[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(start..start + at + 1);
        }
    }
    None
}

/// `pub(in …)` names the room that a function belongs to, and imports nothing.
fn without_visibilities(code: &str) -> String {
    let mut parts = code.split("pub(in ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + "pub" + part.split_once(')').map_or("", |(_, rest)| rest))
}

/// Replaces comments and the contents of literals by spaces.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => string(rest),
            'r' if (rest.starts_with("r\"") || rest.starts_with("r#\"")) && !ends_in_word(&code) => raw(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if skipped == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.extend(rest[..skipped].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[skipped..];
        }
    }
    code
}

fn ends_in_word(code: &str) -> bool {
    code.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// The length of the string literal at the beginning.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw(text: &str) -> usize {
    let end = if text.starts_with("r#") { "\"#" } else { "\"" };
    let opened = end.len() + 1;
    text[opened..].find(end).map_or(text.len(), |at| opened + at + end.len())
}

/// The length of the character literal at the beginning; 0 if it is a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text.char_indices().skip(1);
    match inside.next() {
        // Behind the backslash and the character that it escapes.
        Some((_, '\\')) => text.get(3..).and_then(|rest| rest.find('\'')).map_or(0, |at| at + 4),
        Some(_) => inside.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}
