//! `docs/speed.md`: the generated parts stand between markers and are replaced by every run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::harness::Settings;
use crate::row::Row;

use super::{machine, plots, table};

/// Writes table and plots into the documentation; answers with the files written.
///
/// # Errors
/// If a file cannot be read or written, or has lost a marker.
pub fn write(rows: &[Row], settings: Settings) -> io::Result<Vec<PathBuf>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").canonicalize()?;
    let page = docs.join("speed.md");
    let command = if settings.large {
        "cargo run --profile measured -p pinlatch-peers -- --large"
    } else {
        "cargo run --profile measured -p pinlatch-peers"
    };
    let text = fs::read_to_string(&page)?;
    let text = replaced(&text, "machine", &machine::described(command))?;
    let text = replaced(&text, "budgets", &budgets(rows))?;
    let text = replaced(&text, "table", &table(rows))?;
    fs::write(&page, text)?;
    let mut paths =
        plots::draw(rows, &docs.join("speed")).map_err(|error| io::Error::other(error.to_string()))?;
    paths.insert(0, page);
    Ok(paths)
}

fn budgets(rows: &[Row]) -> String {
    let judgements = rows.iter().flat_map(|row| &row.judgements);
    let met = judgements.clone().filter(|judgement| judgement.met).count();
    let all = judgements.count();
    let missed = rows.iter().flat_map(|row| row.judgements.iter().map(move |judgement| (row, judgement)));
    let missed = missed.filter(|(_, judgement)| !judgement.met);
    let lines = missed.map(|(row, judgement)| {
        format!("- {}: {} (measured: {})", row.work, judgement.budget, judgement.value)
    });
    let lines: Vec<String> = lines.collect();
    match lines.is_empty() {
        true => format!("All {all} budgets were met in this run."),
        false => format!("{met} of {all} budgets were met in this run. Not met:\n\n{}", lines.join("\n")),
    }
}

/// The text with what stands between the two markers of that name replaced.
fn replaced(text: &str, name: &str, part: &str) -> io::Result<String> {
    let (begin, end) = (format!("<!-- {name}: generated -->"), format!("<!-- {name}: end -->"));
    let lost = || io::Error::other(format!("a marker '{name}' is missing in the page"));
    let (before, rest) = text.split_once(&begin).ok_or_else(lost)?;
    let (_, after) = rest.split_once(&end).ok_or_else(lost)?;
    Ok(format!("{before}{begin}\n\n{}\n\n{end}{after}", part.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_part_is_replaced_and_the_rest_stays() {
        let page = "before\n<!-- table: generated -->\nold\n<!-- table: end -->\nafter\n";
        let once = replaced(page, "table", "new\n").expect("both markers");
        assert_eq!(once, "before\n<!-- table: generated -->\n\nnew\n\n<!-- table: end -->\nafter\n");
        assert_eq!(replaced(&once, "table", "new\n").expect("both markers"), once);
    }

    #[test]
    fn a_page_without_its_marker_is_not_written() {
        assert!(replaced("<!-- table: generated -->", "table", "new").is_err());
        assert!(replaced("no marker at all", "table", "new").is_err());
    }
}
