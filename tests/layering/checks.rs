//! The checks, on a list of sources.

use std::collections::BTreeSet;

use crate::arrows::Arrows;
use crate::calls::{Call, Calls, calls};
use crate::layers::Layer;
use crate::source::{Source, identifier};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;

/// What the checks found, and how much they looked at.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) violations: Vec<String>,
    pub(crate) files: usize,
    pub(crate) layer_imports: usize,
    pub(crate) sibling_imports: usize,
    /// Of functions in `impl` blocks, from file to file.
    pub(crate) calls: usize,
    /// Of which it cannot be told whose they are.
    pub(crate) ambiguous_calls: usize,
}

pub(crate) fn check(sources: &[Source], layers: &[Layer]) -> Report {
    let mut report = Report { files: sources.len(), ..Report::default() };
    let mut arrows = Arrows::default();
    for layer in layers {
        if !sources.iter().any(|source| source.layer() == Some(layer.module)) {
            report.violations.push(format!("{} is a layer, but there is no such module", layer.module));
        }
    }
    for source in sources {
        check_sizes(source, &mut report);
        match source.layer() {
            None => check_root(source, &mut report),
            Some(module) => match layers.iter().find(|layer| layer.module == module) {
                None => report.violations.push(format!("{}: {module} is no layer", source.path)),
                Some(layer) => {
                    check_layer(source, layer, &mut report);
                    check_siblings(source, sources, &mut arrows, &mut report);
                }
            },
        }
    }
    check_calls(sources, layers, &mut arrows, &mut report);
    report.violations.extend(arrows.cycles());
    report
}

/// What `layers` allow and no file uses.
pub(crate) fn unused_permissions(sources: &[Source], layers: &[Layer]) -> Vec<(String, String)> {
    let used: BTreeSet<(&str, &str)> = sources
        .iter()
        .filter_map(|source| source.layer().map(|layer| (layer, source)))
        .flat_map(|(layer, source)| source.after("crate::").map(move |path| (layer, identifier(path))))
        .collect();
    let allowed =
        layers.iter().flat_map(|layer| layer.may_import.iter().map(|allowed| (layer.module, *allowed)));
    allowed
        .filter(|pair| !used.contains(pair))
        .map(|(module, allowed)| (module.into(), allowed.into()))
        .collect()
}

fn check_sizes(source: &Source, report: &mut Report) {
    if source.lines() >= FILE_LINES {
        report.violations.push(format!("{}: {} lines", source.path, source.lines()));
    }
    for (name, lines) in source.functions() {
        if lines >= FUNCTION_LINES {
            report.violations.push(format!("{}: `{name}` has {lines} lines", source.path));
        }
    }
}

fn check_layer(source: &Source, layer: &Layer, report: &mut Report) {
    for path in source.after("crate::") {
        report.layer_imports += 1;
        let module = identifier(path);
        let of_a_module = path[module.len()..].starts_with("::") || path[module.len()..].starts_with(';');
        let violation = if module == layer.module {
            format!("reaches {module}, its own layer by `crate::`; say `super::`")
        } else if module.is_empty() || module.starts_with(char::is_uppercase) || !of_a_module {
            format!("imports through the crate root: crate::{}", path.lines().next().unwrap_or(path))
        } else if !layer.may_import.contains(&module) {
            format!("{} may not import {module}", layer.module)
        } else {
            continue;
        };
        report.violations.push(format!("{}: {violation}", source.path));
    }
    for _ in source.after("pinlatch::") {
        report.violations.push(format!("{}: imports through the crate root: pinlatch::", source.path));
    }
}

/// Siblings are imported by the name of their file, not through the re-exports of the folder.
fn check_siblings(source: &Source, sources: &[Source], arrows: &mut Arrows, report: &mut Report) {
    let module = source.module();
    for path in source.after("super::") {
        report.sibling_imports += 1;
        let (mut rest, mut up) = (path, 1);
        while let Some(further) = rest.strip_prefix("super::") {
            (rest, up) = (further, up + 1);
        }
        let folder = &module[..module.len().saturating_sub(up)];
        let imported = [folder, &[identifier(rest)]].concat();
        if folder.is_empty() || !sources.iter().any(|other| other.module() == imported) {
            let what = path.lines().next().unwrap_or(path);
            report
                .violations
                .push(format!("{}: imports a sibling through its mod.rs: super::{what}", source.path));
            continue;
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(rest.len());
        let what = rest[..end].trim_end_matches(':');
        arrows.add(folder, module[folder.len()], identifier(rest), &format!("use {what}"));
    }
}

/// Calls are arrows like imports: to layers above, and within the layer without a cycle.
fn check_calls(sources: &[Source], layers: &[Layer], arrows: &mut Arrows, report: &mut Report) {
    let Calls { found, ambiguous } = calls(sources);
    (report.calls, report.ambiguous_calls) = (found.len(), ambiguous);
    let position = |source: &Source| layers.iter().position(|layer| Some(layer.module) == source.layer());
    for Call { from, to, of, name } in found {
        let (calling, called) = (from.module(), to.module());
        let common = calling.iter().zip(&called).take_while(|(one, other)| one == other).count();
        let place = if common == 0 {
            let positions = position(from).zip(position(to));
            positions.filter(|(from, to)| from < to).map(|_| "a later layer")
        } else if called.len() == common {
            Some("the mod.rs of a folder that it lies in")
        } else {
            // A folder's own mod.rs may call whatever lies in the folder.
            if calling.len() > common {
                arrows.add(&calling[..common], calling[common], called[common], name);
            }
            None
        };
        if let Some(place) = place {
            let what = format!("calls {of}::{name}, which lies in {place}: {}", to.path);
            report.violations.push(format!("{}: {what}", from.path));
        }
    }
}

/// The root has attributes, modules and re-exports; an empty module may carry documentation.
fn check_root(source: &Source, report: &mut Report) {
    let items = without_attributes(&source.code).replace("{}", ";");
    for item in items.split(';').map(str::trim).filter(|item| !item.is_empty()) {
        let allowed = ["extern crate ", "pub mod ", "mod ", "pub use "];
        let plain = !item.starts_with("pub mod ") || !item.contains('{');
        if !plain || !allowed.iter().any(|start| item.starts_with(start)) {
            let what = item.lines().next().unwrap_or(item);
            report
                .violations
                .push(format!("{}: more than docs, modules and re-exports: {what}", source.path));
            return;
        }
    }
}

fn without_attributes(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(start) = rest.find('#') {
        kept.push_str(&rest[..start]);
        let mut depth = 0;
        let end = rest[start..].char_indices().find(|(_, c)| {
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => return false,
            }
            depth == 0
        });
        rest = end.map_or("", |(at, _)| &rest[start + at + 1..]);
    }
    kept.push_str(rest);
    kept
}
