//! What outlives a process: a SQLite file for records, and advisory locks between processes.
//!
//! SQL stands only here, one file a table. Every recorded time is a [`std::time::SystemTime`] that
//! the caller passes, stored as whole milliseconds since 1970; no clock is read for it.
//!
//! Calls block for as long as a write of a few rows takes (and up to [`PATIENCE`] if another
//! process is writing); a server calls them on a blocking thread.

mod agents;
mod aside;
mod audit;
mod calls;
mod columns;
mod connect;
mod fault;
mod figures;
mod gate;
mod journal;
mod lazy;
mod leases;
mod lines;
pub mod locks;
mod open;
mod owner;
mod places;
mod ports;
mod samples;
mod schema;
mod screens;
mod task_record;
mod tasks;
mod templates;
#[cfg(test)]
mod tests;
mod tokens;
mod upkeep;
mod vms;
mod work;

pub use agents::{Agent, Agents, Shared, VmLease};
pub use audit::{Audit, AuditFilter, AuditLine, AuditRecord};
pub use calls::{CallProgress, CallRecord, Calls};
pub use journal::Journal;
pub use lazy::LazyStore;
pub use leases::{Lease, LeaseKind, LeaseRequest, Leases, PortChoice};
pub use lines::LineFile;
pub use open::{Opened, PATIENCE, Store};
pub use owner::Owner;
pub use places::{Place, Places};
pub use ports::port_is_free;
pub use samples::{Sample, Samples};
pub use screens::{LastScreen, Screens};
pub use task_record::{AttemptRecord, TaskFailure, TaskRecord};
pub use tasks::{TaskFilter, Tasks};
pub use templates::{KnownTemplate, Templates};
pub use tokens::{Token, Tokens};
pub use upkeep::Pruned;
pub use vms::{KnownVm, VmPhase, Vms};
pub use work::{Ending, Work, WorkBook, WorkState};
