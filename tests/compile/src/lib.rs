//! Programs that must not compile against `pinlatch`, each beside a twin that must: see `tests` and `cases`.
