//! The stored record: its committed bytes, its one form, what damage it finds, and how large it gets.
//! What a host sees of a damaged record is in `tests/behaviour`.

mod damage;
mod golden;
mod scan;
mod size;
mod strict;
