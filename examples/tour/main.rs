//! The product's help page, played as a story:
//!
//! ```sh
//! cargo run --example tour
//! ```
//!
//! Everything goes through one [`Gate`](pinlatch::gate::Gate), with real Argon2id. Each line is
//! checked before it is printed; if anything turns out differently, the tour ends with an error.
//! Start reading in `one_phone.rs`; how the gate is put together is in `town.rs`.

mod all_devices;
mod audit_trail;
mod leaver;
mod mishaps;
mod one_phone;
mod permissions;
mod stage;
mod town;

use std::process::ExitCode;
use std::time::Instant;

use stage::{Stage, Surprise};
use town::{AINO, Town};

fn main() -> ExitCode {
    match play() {
        Ok(()) => ExitCode::SUCCESS,
        Err(surprise) => {
            eprintln!("\nNot as written. {surprise}");
            ExitCode::FAILURE
        }
    }
}

fn play() -> Result<(), Surprise> {
    let begun = Instant::now();
    let (stage, town) = (Stage::new(), Town::new()?);
    stage.title("pinlatch: an app's sign-in, played through with real Argon2id and a pepper");

    let mut phone = town.phone(AINO, "Aino's phone");
    one_phone::first_pin(&stage, &mut phone)?;
    one_phone::lock_and_open(&stage, &mut phone)?;
    one_phone::forgotten_pin(&stage, &mut phone)?;
    mishaps::lost_reply(&stage, &mut phone)?;
    mishaps::all_at_once(&stage, &mut phone)?;
    mishaps::step_up(&stage, &town, &mut phone)?;

    let mut spare = town.phone(AINO, "Aino's spare");
    all_devices::second_phone(&stage, &phone, &mut spare)?;
    all_devices::log_out_everywhere(&stage, &mut phone, &mut spare)?;
    all_devices::re_invitation(&stage, &town, &mut phone, &mut spare)?;
    all_devices::rooted(&stage, &phone, &mut spare)?;

    mishaps::wrong_clock(&stage, &town, &mut phone)?;

    permissions::without_services(&stage, &town)?;
    permissions::employee_profile(&stage, &town, &phone)?;
    permissions::browser(&stage, &town)?;
    leaver::leaves_and_returns(&stage, &town)?;

    audit_trail::show(&stage, &town)?;

    let (checked, took) = (stage.checked(), begun.elapsed().as_secs_f32());
    stage.title(&format!("\n{checked} steps, every one checked before it was printed, in {took:.1} s."));
    Ok(())
}
