//! Prints the state machine of a device session as a Mermaid diagram:
//!
//! ```sh
//! cargo run --example diagram
//! ```

fn main() {
    print!("{}", pinlatch::session::mermaid());
}
