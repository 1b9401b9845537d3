//! Golden records of every version: the committed bytes are read, mean what they meant, and are
//! written again to the byte.

pub(crate) mod lives;
mod meaning;
mod rich;
mod version_2;

use std::fs;
use std::path::PathBuf;

use lives::{Golden, a_person, accounts};
use pinlatch::access::PersonRecord;
use pinlatch::account::Account;
use pinlatch::record::StoredVersion;

fn path(version: StoredVersion, name: &str) -> PathBuf {
    let (folder, file) = (format!("v{}", version.number()), format!("{name}.bin"));
    [env!("CARGO_MANIFEST_DIR"), "tests/record/golden", &folder, &file].iter().collect()
}

/// The committed bytes of one life, in that version.
pub(crate) fn committed_in(version: StoredVersion, name: &str) -> Vec<u8> {
    let path = path(version, name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The same in version 1.
pub(crate) fn committed(name: &str) -> Vec<u8> {
    committed_in(StoredVersion::V1, name)
}

/// Every committed account, with its owner, in every version.
pub(crate) fn committed_accounts() -> Vec<Golden> {
    let lived = StoredVersion::READ.iter().flat_map(|version| accounts(*version));
    lived.map(|golden| Golden { bytes: committed_in(golden.version, golden.name), ..golden }).collect()
}

/// The versions are frozen: no file that is there is ever written anew. One for a new life is, once.
#[test]
fn the_same_life_is_stored_in_the_same_bytes() {
    let lived = StoredVersion::READ
        .iter()
        .flat_map(|version| accounts(*version).into_iter().chain([a_person(*version)]));
    for Golden { version, name, bytes, .. } in lived {
        let path = path(version, name);
        if std::env::var_os("PINLATCH_BLESS").is_some() && !path.exists() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            fs::write(&path, &bytes).expect("the file can be written");
        }
        let is_as_it_was = committed_in(version, name) == bytes;
        assert!(is_as_it_was, "{name}: {version:?} is frozen, and stores are full of it");
    }
}

#[test]
fn what_is_read_is_written_again_to_the_byte() {
    for Golden { version, name, owner, bytes } in committed_accounts() {
        let account = Account::decode(&bytes, owner).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!account.is_changed(), "{name}: reading is no change");
        assert!(account.encode_as(version).as_ref() == Ok(&bytes), "{name} in {version:?}");
    }
    for version in StoredVersion::READ {
        let bytes = committed_in(*version, "person");
        let person = PersonRecord::decode(&bytes, lives::somebody().id()).expect("a person");
        assert!(person.encode_as(*version).as_ref() == Ok(&bytes));
    }
}

#[test]
fn there_is_a_file_for_every_life_and_no_other() {
    for version in StoredVersion::READ {
        let mut expected: Vec<String> = accounts(*version)
            .iter()
            .map(|golden| format!("{}.bin", golden.name))
            .chain(["person.bin".into()])
            .chain((*version == StoredVersion::V1).then(|| "rich.txt".into()))
            .collect();
        let folder = path(*version, "any").parent().expect("a folder").to_owned();
        let mut found: Vec<String> = fs::read_dir(folder)
            .expect("the folder of that version")
            .map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8"))
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected);
    }
}
