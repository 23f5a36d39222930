//! Chaos: random commands from several processes at once, some of them killed at random moments,
//! and what must hold afterwards.
//!
//! | variable | meaning |
//! |---|---|
//! | `VM_CLI_CHAOS_SEED` | run this seed alone; without it those in `seeds.txt` |
//! | `VM_CLI_CHAOS_ROUNDS` | rounds for each seed, each with a seed of its own |
//! | `VM_CLI_CHAOS_LENGTH` | commands of each process in a round |
//! | `VM_CLI_CHAOS_WORKERS` | processes at once |
//! | `VM_CLI_CHAOS_KEEP` | a folder for the state and the calls of a round that failed |
//!
//! A failure prints the seed of its round: `VM_CLI_CHAOS_SEED=…` alone runs it again. A seed that
//! found a bug goes into `seeds.txt` with the bug's mending.

#[cfg(unix)]
pub(crate) mod books;
mod model;
pub(crate) mod moves;
pub(crate) mod seeds;
#[cfg(unix)]
mod simulated;
#[cfg(unix)]
pub(crate) mod storm;
