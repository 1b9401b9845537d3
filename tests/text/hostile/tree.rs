//! JSON as a tree that can say what no JSON value can: a key twice, a number out of every range.

use serde_json::Value;

/// A text of JSON, or of what is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// Whatever stands for itself: a number, a text, `null`, or nothing that JSON knows.
    Plain(String),
    /// A list.
    List(Vec<Self>),
    /// An object, its keys in any order and as often as they stand there.
    Object(Vec<(String, Self)>),
}

impl Tree {
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Object(fields) => {
                Self::Object(fields.iter().map(|(name, field)| (name.clone(), Self::of(field))).collect())
            }
            plain => Self::Plain(plain.to_string()),
        }
    }

    /// The tree as text.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::text).collect::<Vec<_>>().join(",")),
            Self::Object(fields) => {
                let field =
                    |(name, field): &(String, Self)| format!("{}:{}", Value::from(&**name), field.text());
                format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(","))
            }
        }
    }

    /// How many trees there are in this one, itself included.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Plain(_) => 1,
            Self::List(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Self::Object(fields) => 1 + fields.iter().map(|(_, field)| field.size()).sum::<usize>(),
        }
    }

    /// The tree at that place, counted from 0, whatever holds others before what it holds.
    pub(crate) fn at(&mut self, place: usize) -> Option<&mut Self> {
        if place == 0 {
            return Some(self);
        }
        let mut left = place - 1;
        let inner: Vec<&mut Self> = match self {
            Self::Plain(_) => Vec::new(),
            Self::List(items) => items.iter_mut().collect(),
            Self::Object(fields) => fields.iter_mut().map(|(_, field)| field).collect(),
        };
        for tree in inner {
            let size = tree.size();
            if left < size {
                return tree.at(left);
            }
            left -= size;
        }
        None
    }
}

#[test]
fn a_tree_is_written_as_it_was_read_and_each_place_in_it_is_found() {
    let text = r#"{"a":[1,{"b":null}],"c":"d\""}"#;
    let mut tree = Tree::of(&text.parse().unwrap());
    assert_eq!((tree.text(), tree.size()), (text.to_owned(), 6));
    let texts: Vec<String> = (0..7).filter_map(|place| tree.at(place).map(|tree| tree.text())).collect();
    assert_eq!(texts, [text, r#"[1,{"b":null}]"#, "1", r#"{"b":null}"#, "null", r#""d\"""#]);
    let twice = Tree::Object(vec![("a".into(), Tree::Plain("1e400".into())); 2]);
    assert_eq!(twice.text(), r#"{"a":1e400,"a":1e400}"#);
}
