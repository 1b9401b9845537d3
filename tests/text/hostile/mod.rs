//! JSON that somebody has tampered with.

mod tree;

use std::sync::LazyLock;

use proptest::prelude::any;
use proptest::strategy::Strategy;

pub(crate) use tree::Tree;

/// What is done to a tree, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Damage {
    place: usize,
    kind: Kind,
    choice: usize,
}

/// Kinds of damage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Something of another type or out of range stands there.
    Other,
    /// Something stands there that stands elsewhere, too.
    Copied,
    /// An object has one field more, of a name that nothing has.
    Added,
    /// An object has a key twice.
    Doubled,
    /// A key is spelt otherwise.
    Misspelt,
    /// A field, or an item of a list, is left out.
    LeftOut,
    /// An item of a list stands there many times.
    Repeated,
    /// A list of the values stands there for the object, or an object for the list.
    Reshaped,
    /// Two items or fields have changed places.
    Swapped,
    /// One character is another.
    Edited,
}

const KINDS: [Kind; 10] = [
    Kind::Other,
    Kind::Copied,
    Kind::Added,
    Kind::Doubled,
    Kind::Misspelt,
    Kind::LeftOut,
    Kind::Repeated,
    Kind::Reshaped,
    Kind::Swapped,
    Kind::Edited,
];

pub(crate) fn damage() -> impl Strategy<Value = Damage> {
    let drawn = (any::<usize>(), 0..KINDS.len(), any::<usize>());
    drawn.prop_map(|(place, kind, choice)| Damage { place, kind: KINDS[kind], choice })
}

/// Values of every type, at the edges of every range, and what is none at all.
static OTHERS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut others: Vec<String> = [
        "null",
        "true",
        "-1",
        "0",
        "-0",
        "1.5",
        "3",
        "12",
        "13",
        "65",
        "255",
        "256",
        "65536",
        "3600001",
        "4294967296",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "1e3",
        "1e400",
        "-1e400",
        "NaN",
        "340282366920938463463374607431768211456",
        r#""""#,
        r#"" ""#,
        r#""0""#,
        r#""null""#,
        r#""\u0000""#,
        r#""\u202e""#,
        r#""\ud800""#,
        r#""Open""#,
        r#""Custom""#,
        r#""9999-12-31""#,
        r#""0000-00-00""#,
        r#""9999-12-31T23:59:59.999Z""#,
        r#""00000000-0000-0000-0000-000000000000""#,
        "[]",
        "{}",
        "[[]]",
        "[null]",
        r#"{"Custom":{}}"#,
        r#"{"":{}}"#,
    ]
    .map(str::to_owned)
    .into();
    // As deep as the format lets through, and far deeper.
    others.extend([100, 5_000].map(|depth| "[".repeat(depth) + &"]".repeat(depth)));
    others.extend([100, 5_000].map(|depth| r#"{"Custom":"#.repeat(depth) + "1" + &"}".repeat(depth)));
    others.extend([65, 20_000].map(|length| format!("\"{}\"", "a".repeat(length))));
    others.push(format!("\"{}\"", "ä".repeat(33)));
    others.push("9".repeat(400));
    others
});

/// The text of the tree with this done to it, in this order.
pub(crate) fn damaged(tree: &Tree, all: &[Damage]) -> String {
    let mut tree = tree.clone();
    for damage in all {
        damage.apply(&mut tree);
    }
    let text = tree.text();
    let edits: Vec<&Damage> = all.iter().filter(|damage| damage.kind == Kind::Edited).collect();
    if edits.is_empty() {
        return text;
    }
    let mut text: Vec<char> = text.chars().collect();
    for damage in edits {
        let characters = ['{', '}', '[', ']', '"', ':', ',', '0', '9', '-', 'e', 'A', '\\', '\0', 'ä'];
        let place = damage.place % text.len();
        text[place] = characters[damage.choice % characters.len()];
    }
    text.into_iter().collect()
}

impl Damage {
    /// The same place and choice for another kind of damage, to an object of that tree: every other time to the
    /// outermost. `None` if the tree has no object with a field in it.
    pub(crate) fn to_an_object(self, kind: Kind, tree: &Tree) -> Option<Self> {
        let mut tree = tree.clone();
        let is_object = |tree: &mut Tree, place| matches!(tree.at(place), Some(Tree::Object(fields)) if !fields.is_empty());
        let places: Vec<usize> = (0..tree.size()).filter(|place| is_object(&mut tree, *place)).collect();
        let chosen = if self.choice.is_multiple_of(2) { 0 } else { self.place % places.len().max(1) };
        Some(Self { place: *places.get(chosen)?, kind, ..self })
    }

    fn apply(&self, tree: &mut Tree) {
        let (place, elsewhere) = (self.place % tree.size(), self.choice % tree.size());
        let copied = tree.at(elsewhere).cloned();
        let Some((met, copied)) = tree.at(place).zip(copied) else { return };
        let choice = self.choice;
        match (self.kind, met) {
            (Kind::Copied, met) => *met = copied,
            (Kind::Added, Tree::Object(fields)) => {
                let name = ["until", "", "id ", "Last", "__proto__"][choice % 5];
                fields.insert(choice % (fields.len() + 1), (name.into(), copied));
            }
            (Kind::Doubled, Tree::Object(fields)) if !fields.is_empty() => {
                let (name, field) = fields[choice % fields.len()].clone();
                fields.push((name, if choice.is_multiple_of(3) { field } else { copied }));
            }
            (Kind::Misspelt, Tree::Object(fields)) if !fields.is_empty() => {
                let place = choice % fields.len();
                let name = &mut fields[place].0;
                *name = if choice.is_multiple_of(2) { name.to_uppercase() } else { format!("{name} ") };
            }
            (Kind::LeftOut, Tree::Object(fields)) if !fields.is_empty() => {
                let _ = fields.remove(choice % fields.len());
            }
            (Kind::LeftOut, Tree::List(items)) if !items.is_empty() => {
                let _ = items.remove(choice % items.len());
            }
            (Kind::Repeated, Tree::List(items)) if !items.is_empty() => {
                let item = items[choice % items.len()].clone();
                items.extend(vec![item; choice % 70]);
            }
            (Kind::Reshaped, met) => *met = reshaped(met),
            (Kind::Swapped, Tree::List(items)) if !items.is_empty() => {
                let (one, other) = (choice % items.len(), items.len() - 1);
                items.swap(one, other);
            }
            (Kind::Swapped, Tree::Object(fields)) if !fields.is_empty() => {
                let (one, other) = (choice % fields.len(), fields.len() - 1);
                let kept = fields[one].1.clone();
                fields[one].1 = fields[other].1.clone();
                fields[other].1 = kept;
            }
            (Kind::Edited, _) => {}
            // Something else stands there, too, where that cannot be done.
            (_, met) => *met = Tree::Plain(OTHERS[choice % OTHERS.len()].clone()),
        }
    }
}

fn reshaped(tree: &Tree) -> Tree {
    match tree {
        Tree::Plain(_) => Tree::List(vec![tree.clone()]),
        Tree::List(items) => {
            let numbered = items.iter().enumerate().map(|(place, item)| (place.to_string(), item.clone()));
            Tree::Object(numbered.collect())
        }
        Tree::Object(fields) => Tree::List(fields.iter().map(|(_, field)| field.clone()).collect()),
    }
}
