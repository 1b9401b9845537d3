//! The kit hands out nothing that only an account makes: no permit, no opening, no session in a state.

use std::fs;
use std::path::Path;

/// What proves something to the core, or is a step of a guess.
const PROOFS: [&str; 9] = [
    "Permit",
    "Opening",
    "Admission",
    "Session<",
    "AnySession",
    "Charge",
    "Verdict",
    "Settlement",
    "NewCredential",
];

fn public_signatures(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            public_signatures(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a text");
            let public = text.match_indices("pub ").map(|(at, _)| &text[at..]);
            found.extend(public.map(|rest| rest.split(['{', ';']).next().unwrap_or_default().to_owned()));
        }
    }
}

#[test]
fn no_public_signature_of_the_kit_names_a_proof() {
    let mut found = Vec::new();
    public_signatures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() >= 120, "suspiciously few public signatures: {}", found.len());
    assert!(found.iter().any(|signature| signature.contains("-> Result<Phone<'_>")), "returns are seen");
    let named = |signature: &&String| PROOFS.iter().any(|proof| signature.contains(proof));
    let back_doors: Vec<_> = found.iter().filter(named).collect();
    assert!(back_doors.is_empty(), "{back_doors:?}");
}
