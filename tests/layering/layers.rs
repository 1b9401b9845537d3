//! The layers, from the ground up.

/// A module of the crate's root, and what it may import.
pub(crate) struct Layer {
    pub(crate) module: &'static str,
    pub(crate) may_import: &'static [&'static str],
}

const fn layer(module: &'static str, may_import: &'static [&'static str]) -> Layer {
    Layer { module, may_import }
}

/// Everything that a file of a module may import from other modules, and nothing that it does not.
/// Each imports only from those before it.
pub(crate) const LAYERS: &[Layer] = &[
    // 0: the ground. A token carries the key of its account, and says how it is refused.
    layer("time", &[]),
    layer("id", &[]),
    layer("name", &[]),
    layer("note", &[]),
    layer("refusal", &["time"]),
    layer("secret", &["id", "refusal"]),
    // 1: what hosts say of people.
    layer("people", &["id", "name"]),
    // 2: what follows from it. A change about a person says when it was.
    layer("access", &["time", "id", "note", "refusal", "people"]),
    // 3: a PIN and its guesses. It knows nothing of people or sessions.
    layer("pin", &["time", "id", "refusal"]),
    // 4: the states. Of people it knows the methods of authentication, for the audit trail.
    layer("session", &["time", "id", "refusal", "secret", "people", "pin"]),
    // 5: the aggregate.
    layer(
        "account",
        &["time", "id", "name", "note", "refusal", "secret", "people", "access", "pin", "session"],
    ),
    // 6: its stored form.
    layer("record", &["time", "id", "secret", "people", "access", "pin", "session", "account"]),
    // 7: what a host plugs in; a directory of ours stores people.
    layer("host", &["time", "id", "refusal", "people", "access", "account", "record"]),
    // 8: order and retries.
    layer(
        "gate",
        &["id", "refusal", "secret", "people", "access", "pin", "session", "account", "record", "host"],
    ),
    // Beside them all: the manual. It has no code.
    layer("guide", &[]),
];
