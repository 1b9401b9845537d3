//! The table as Markdown: readable in a terminal as well.

use crate::harness::{Measured, Side};
use crate::row::{Judgement, Row, ratio, time};

const HEAD: [&str; 7] = ["work", "ours", "theirs", "floor", "theirs/ours", "ours/floor", "budget"];

/// One line for each peer of each row; budgets go down the last column.
pub fn table(rows: &[Row]) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    rows.iter().for_each(|row| lines.extend(lines_of(row)));
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        text.push_str(&joined(line, &widths));
        if index == 0 {
            text.push_str(&joined(
                &widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>(),
                &widths,
            ));
        }
    }
    text
}

fn joined(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!(" {cell:width$} |"));
    format!("|{}\n", padded.collect::<String>())
}

fn lines_of(row: &Row) -> Vec<[String; 7]> {
    let peers: Vec<&Measured> = row.side(Side::Peer).collect();
    let floors: Vec<&Measured> = row.side(Side::Floor).collect();
    let count = peers.len().max(row.judgements.len()).max(floors.len()).max(1);
    (0..count).map(|index| line(row, index, &peers, &floors)).collect()
}

fn line(row: &Row, index: usize, peers: &[&Measured], floors: &[&Measured]) -> [String; 7] {
    let ours = row.ours();
    let first = |text: String| if index == 0 { text } else { String::new() };
    let named = |one: &&Measured| format!("{}: {}", one.name, cost(one));
    [
        first(row.work.clone()),
        first(cost(ours)),
        peers.get(index).map(named).unwrap_or_default(),
        floors.get(index).map(named).unwrap_or_default(),
        peers.get(index).map(|peer| ratio(peer.times(ours))).unwrap_or_default(),
        floors.get(index).map(|floor| ratio(ours.times(floor))).unwrap_or_default(),
        row.judgements.get(index).map(judged).unwrap_or_default(),
    ]
}

/// A time; how many allocations if any (on two threads they are not counted); how many bytes it
/// holds for each record or account, where that was measured.
fn cost(one: &Measured) -> String {
    let holds = one.holds.map(|bytes| format!(", {bytes:.0} B")).unwrap_or_default();
    let allocations = match one.allocations {
        a if a < 0.05 => String::new(),
        a if a < 9.95 => format!(" ({a:.1} allocs)"),
        a => format!(" ({a:.0} allocs)"),
    };
    format!("{}{allocations}{holds}", time(one.nanoseconds()))
}

fn judged(judgement: &Judgement) -> String {
    let Judgement { budget, value, met } = judgement;
    format!("{budget}: {value}, {}", if *met { "met" } else { "**not met**" })
}
