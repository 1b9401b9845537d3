//! It tells its length.
use pinlatch::pin::Pin;

fn legal(one: Pin, other: Pin) -> (bool, Pin) {
    println!("{one:?}");
    (one.length() == other.length(), one)
}
