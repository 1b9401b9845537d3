//! Turns the stored version 3 on, in this package alone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cfg=pinlatch_version_3_for_tests");
}
