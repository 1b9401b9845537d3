//! Turns the stored version 2 on, in this package alone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cfg=pinlatch_version_2_for_tests");
}
