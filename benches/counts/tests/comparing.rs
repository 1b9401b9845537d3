//! The comparison with the committed table finds what it has to find.

use pinlatch_counts::instructions::{Table, keep_the_budget};
use pinlatch_counts::operations::{HASH, operations};

const CHECK: &str = "check from text, session wanted, 1 device";

fn table(rows: &[(&str, u64)]) -> Table {
    Table(rows.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect())
}

/// What gungraun prints of every operation, if each cost this much.
fn printed(count_of: impl Fn(usize) -> u64) -> String {
    let line = |number| {
        let count = count_of(number);
        format!(
            r#"{{"id":"number_{number}","profiles":[{{"data":{{"total":{{"metrics":{{"Ir":{{"values":{{"new":{count}}}}}}}}}}}}}]}}"#
        )
    };
    (0..operations().len()).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_count_within_two_percent_is_no_change() {
    let before = table(&[("lock", 1_000)]);
    for now in [980, 1_000, 1_020] {
        assert_eq!(before.broken_by(&table(&[("lock", now)])), [""; 0], "{now}");
    }
}

#[test]
fn more_than_two_percent_over_or_under_is_named() {
    let before = table(&[("lock", 1_000), ("spend", 500)]);
    let worse = before.broken_by(&table(&[("lock", 1_021), ("spend", 500)]));
    assert_eq!(worse, ["lock: 1000 in the table, 1021 now (+2.1 %): costs more"]);
    let better = before.broken_by(&table(&[("lock", 979), ("spend", 500)]));
    assert_eq!(better, ["lock: 1000 in the table, 979 now (-2.1 %): costs less: commit the improvement"]);
}

#[test]
fn a_row_without_an_operation_and_an_operation_without_a_row_are_named() {
    let broken = table(&[("lock", 10)]).broken_by(&table(&[("spend", 7)]));
    let expected = ["lock: in the table, but not counted any more", "spend: 7, and not in the table"];
    assert_eq!(broken, expected);
}

#[test]
fn the_harness_is_taken_off_every_row_but_its_own() {
    let counted = Table::from_gungraun(&printed(|number| 17 + number as u64)).unwrap();
    let own: Vec<u64> = counted.0.iter().map(|(_, count)| *count).collect();
    assert_eq!(own[..4], [17, 1, 2, 3]);
    assert_eq!(own.len(), operations().len());
}

#[test]
fn a_run_that_is_cut_off_or_not_of_this_gungraun_is_an_error() {
    let all = printed(|_| 100);
    let (all_but_one, _) = all.rsplit_once('\n').unwrap();
    assert!(Table::from_gungraun(all_but_one).unwrap_err().ends_with("counts"));
    assert!(Table::from_gungraun("").is_err());
    let other = all.replace("\"new\"", "\"newer\"");
    assert!(Table::from_gungraun(&other).unwrap_err().starts_with("not what gungraun"));
}

#[test]
fn what_is_written_is_what_is_read_back() {
    let counted = Table::from_gungraun(&printed(|number| 20 + number as u64)).unwrap();
    assert_eq!(Table::from_markdown(&counted.to_markdown("these tools")), Ok(counted));
    assert!(Table::from_markdown("no table").is_err());
}

#[test]
fn the_committed_table_has_a_row_for_every_operation() {
    let committed = Table::from_markdown(include_str!("../instructions.md")).unwrap();
    let rows: Vec<String> = committed.0.into_iter().map(|(name, _)| name).collect();
    let names: Vec<String> = operations().iter().map(ToString::to_string).collect();
    assert_eq!(rows, names, "run `.ci/counts --bless`");
}

#[test]
fn a_session_check_over_its_budget_is_an_error() {
    let with_check = |count| {
        let function = "check from text, function wanted, 1 device";
        table(&[(HASH, 3_000), ("SHA-256 of one block, alone", 2_900), (CHECK, count), (function, 9_000)])
    };
    assert_eq!(keep_the_budget(&with_check(5_200)).map(|outside| outside.session), Ok(2_200));
    assert!(keep_the_budget(&with_check(5_201)).unwrap_err().contains("2201 instructions of 2200"));
    assert!(keep_the_budget(&table(&[(HASH, 1)])).is_err(), "nothing to judge");
}
