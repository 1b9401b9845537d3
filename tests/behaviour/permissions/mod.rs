//! Who may do what, with whose data, in which company.

mod at_the_gate;
mod decided;
mod everywhere;
mod host_functions;
mod owners;
