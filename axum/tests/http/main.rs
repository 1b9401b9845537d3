//! The routes over real sockets, by a foreign client.

mod client;
mod numbers;
mod served;

mod administration;
mod ended;
mod example;
mod extractors;
mod hang_up;
mod idempotency;
mod openapi;
mod panics;
mod problems;
mod running;
mod schema;
mod story;
mod table;
mod twin;
/// Compares with a file of the package; with `PINLATCH_BLESS` set it writes the file.
fn blessed(path: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("PINLATCH_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "{} is not what the code makes: write it anew with PINLATCH_BLESS=1",
        path.display()
    );
}
