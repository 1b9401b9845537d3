//! Programs that must not compile against `pinlatch`, each beside a twin that must: see `tests` and `cases`.
// Built for every target with the rest of the workspace's default members.
#![no_std]
