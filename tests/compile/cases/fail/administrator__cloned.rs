//! One proof cannot become two.
use pinlatch::access::Administrator;

fn illegal(administrator: Administrator) -> (Administrator, Administrator) {
    (administrator.clone(), administrator)
}

fn main() {
    let _ = illegal;
}
