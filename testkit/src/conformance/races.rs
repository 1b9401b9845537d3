//! What the racing checks are.

use super::report::Check;

/// The racing checks, in the order in which they run.
pub const RACES: [Check; 2] = [
    Check {
        name: "of_many_creating_at_once_one_succeeds",
        expected: "of 8 threads creating one record at once exactly one is answered `Applied`, and its bytes stay",
        otherwise: "two first sign-ins overwrite each other, and one device's state is lost",
    },
    Check {
        name: "of_many_holding_one_version_one_succeeds",
        expected: "of 8 threads writing at one version exactly one is answered `Applied`, and its bytes stay",
        otherwise: "guesses that arrive together are compared without being counted",
    },
];
