//! A PIN is neither compared, copied nor read.
use pinlatch::pin::Pin;

fn illegal(one: Pin, other: Pin) -> (bool, Pin) {
    println!("{one}");
    let _ = one.digits();
    (one == other, one.clone())
}

fn main() {
    let _ = illegal;
}
