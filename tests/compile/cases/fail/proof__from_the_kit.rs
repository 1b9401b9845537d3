//! The test kit has no back door: it makes no session in a state, and nothing that opens one.
use pinlatch::pin::Permit;
use pinlatch::session::{Admission, Locked, Opening, Session};
use pinlatch_testkit::World;

fn illegal(world: &World) -> (Session<Locked>, Opening, Admission, Permit) {
    (world.locked_session(), pinlatch_testkit::opening(), Admission::default(), world.permit())
}

fn main() {
    let _ = illegal;
}
