//! Several VMs that belong together: the file that describes them, and the plan that makes what
//! is there into what the file says.
//!
//! ```text
//!  file ─► Fleet ─┬─► up   ─► Plan ─► (the orchestrator takes its steps) ─► Outcome of each VM
//!  hypervisor ─► World ─┴─► down ─┘
//! ```
//!
//! Everything here is pure but for [`load`], which reads the file.

mod condition;
mod drift;
mod file;
mod member;
mod outcome;
mod plan;

pub use condition::Condition;
pub use drift::{Drift, drift};
pub use file::{DEFAULT_FILE, Problem, Problems, load, read, sample, schema};
pub use member::{Copying, Fleet, Making, Member, Need};
pub use outcome::{Done, FleetOutcome, Standing};
pub use plan::{
    AndThen, Course, Plan, PlannedVm, Seen, Step, Stopping, Takedown, Until, World, awaited, down,
    up,
};
