//! One SQLite file, treated badly.

mod again;
mod busy;
mod journal;
mod kill;
mod opening;
mod operations;
mod people;
mod race;
mod restore;
