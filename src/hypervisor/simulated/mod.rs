//! The simulator: VMs that exist in a file, for rehearsals, demonstrations and tests.
//!
//! It refuses what VirtualBox refuses, with the same kinds of error, and passes the same contract
//! tests. Time passes by the clock that it is given: a state is computed from the moments that
//! are noted in the file, so nothing has to run in between.
//!
//! Failures are rehearsed too: by [`Faults`] from a program, from a shell by a list in the state
//! file, such as `"faults": [{"operation": "start", "kind": "vm_locked", "times": 2}]`. So is harm:
//! a VM whose `power` in that file is `{"state": "aborted", "since_ms": 0}`, `"stuck"`, or
//! `"saved"` with `"damaged": true`.

mod aftercare;
mod cloning;
mod describe;
mod driver;
mod facets;
mod fault;
mod guest;
mod guest_files;
mod keyboard;
mod machine;
mod moment;
mod picture;
mod pointer;
mod power;
mod rehearsal;
mod shape;
mod sharing;
mod snapshots;
mod state_file;
mod world;

#[cfg(test)]
mod tests;

pub use driver::{Clock, Options, SimulatedHypervisor};
pub use fault::{Fault, FaultEffect, Faults, Operation};
pub use moment::Pace;
