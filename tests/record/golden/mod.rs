//! Golden records of version 1: the committed bytes are read, mean what they meant, and are
//! written again to the byte.

pub(crate) mod lives;
mod meaning;
mod rich;

use std::fs;
use std::path::PathBuf;

use lives::{Golden, a_person, accounts};
use pinlatch::account::Account;
use pinlatch::people::Person;

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/record/golden/v1", &format!("{name}.bin")].iter().collect()
}

/// The committed bytes of one life.
pub(crate) fn committed(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("tests/record/golden/v1/{name}.bin: {error}"))
}

/// Every committed account, with its owner.
pub(crate) fn committed_accounts() -> Vec<Golden> {
    accounts().into_iter().map(|golden| Golden { bytes: committed(golden.name), ..golden }).collect()
}

/// Version 1 is frozen: no file that is there is ever written anew. One for a new life is, once.
#[test]
fn the_same_life_is_stored_in_the_same_bytes() {
    for Golden { name, bytes, .. } in accounts().into_iter().chain([a_person()]) {
        if std::env::var_os("PINLATCH_BLESS").is_some() && !path(name).exists() {
            fs::create_dir_all(path(name).parent().expect("a folder")).expect("the folder can be made");
            fs::write(path(name), &bytes).expect("the file can be written");
        }
        assert!(committed(name) == bytes, "{name}: version 1 is frozen, and stores are full of it");
    }
}

#[test]
fn what_is_read_is_written_again_to_the_byte() {
    for Golden { name, owner, bytes } in committed_accounts() {
        let account = Account::decode(&bytes, owner).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!account.is_changed(), "{name}: reading is no change");
        assert!(account.encode().as_ref() == Ok(&bytes), "{name}");
    }
    let bytes = committed("person");
    let person = Person::decode(&bytes, lives::somebody().id()).expect("a person");
    assert!(person.encode().as_ref() == Ok(&bytes));
}

#[test]
fn there_is_a_file_for_every_life_and_no_other() {
    let mut expected: Vec<String> = accounts()
        .iter()
        .map(|golden| format!("{}.bin", golden.name))
        .chain(["person.bin".into(), "rich.txt".into()])
        .collect();
    let folder = path("any").parent().expect("a folder").to_owned();
    let mut found: Vec<String> = fs::read_dir(folder)
        .expect("tests/record/golden/v1")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8"))
        .collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}
