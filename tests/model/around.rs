//! What happens around everybody: devices, calendar, clock, the host's parts, the host itself.

use pinlatch::account::DeviceIntegrity as Integrity;

use crate::commands::{Command, Dice};
use crate::reference::{DAY, MINUTE, Model, YEAR};

/// Time that passes, from a second to years.
const SPANS: [u64; 10] = [
    1_000,
    20_000,
    MINUTE,
    4 * MINUTE,
    16 * MINUTE,
    DAY / 24,
    DAY + MINUTE,
    DAY + 4 * MINUTE,
    40 * DAY,
    1_200 * DAY,
];

pub(crate) fn around(model: &Model, phone: usize, dice: &mut Dice) -> Command {
    let owner = model.phones[phone].owner;
    match dice.roll(22) {
        0 | 1 => {
            let integrity = dice.pick(&[Integrity::Modified, Integrity::Unknown, Integrity::Unmodified]);
            Command::TurnIntegrity { phone, integrity }
        }
        2 => Command::NewFaces { phone },
        3 | 4 => Command::PassDays(dice.pick(&[1, 2, 9, 30])),
        5..=8 => Command::PassTime(dice.pick(&SPANS)),
        9..=11 => Command::MistakeClock(mistaken(model, dice)),
        12 => Command::SetJournal { up: false },
        13 => Command::SetHasher { up: dice.once_in(2) },
        14 => Command::SetDirectory { up: false },
        15 => Command::SetKnown { person: owner, known: dice.once_in(2) },
        16 => Command::TryDeadTokens,
        17 | 18 => Command::Reassess { person: owner },
        19 if dice.once_in(2) => Command::Erase { person: owner },
        _ => Command::Restart,
    }
}

/// A clock that is ahead, behind, or knows no time.
fn mistaken(model: &Model, dice: &mut Dice) -> Option<u64> {
    let noon = model.noon;
    let behind = noon - dice.pick(&[5_000, MINUTE, 10 * MINUTE, DAY, 40 * DAY]);
    let ahead = noon + dice.pick(&[MINUTE, DAY, 200 * DAY, 3 * YEAR, 80 * YEAR]);
    match dice.roll(8) {
        0..=2 => Some(behind),
        3..=5 => Some(ahead),
        6 => None,
        _ => dice.pick(&[Some(0), Some(u64::MAX), Some(noon * 1_000), Some(ahead)]),
    }
}
