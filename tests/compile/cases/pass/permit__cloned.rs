//! A permit can be handed on.
use pinlatch::pin::Permit;

fn legal(permit: Permit) -> (u8, Permit) {
    (0, permit)
}
