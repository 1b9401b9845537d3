//! The rules of the help page (R) and the decisions on what it leaves open (D), through the gate.
//! Tests are named by the rule.

mod d_account;
mod d_decisions;
mod given;
mod guards;
mod lowering;
mod r_authentication;
mod r_leaving;
mod r_permissions;
mod r_pin;
mod r_reinvitation;
