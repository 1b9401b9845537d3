//! The hot paths do what they say: an operation that is refused at its first guard costs little.

use std::collections::BTreeSet;

use pinlatch_counts::operations::operations;

#[test]
fn every_operation_ends_as_it_should_and_says_whether_it_changes_the_account() {
    for operation in operations() {
        let scene = operation.scene();
        let mut account = scene.account();
        assert!(operation.run(&scene, &mut account), "{operation}");
        let typed_session_alone = operation.to_string().starts_with("typed session");
        assert_eq!(account.is_changed(), operation.changes && !typed_session_alone, "{operation}");
    }
}

#[test]
fn no_two_operations_have_one_name() {
    let names: BTreeSet<String> = operations().iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), operations().len());
}

#[test]
fn a_scene_is_the_same_in_every_run() {
    for operation in operations() {
        assert_eq!(operation.scene().record, operation.scene().record, "{operation}");
    }
}
