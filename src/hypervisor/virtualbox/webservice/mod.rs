//! VirtualBox's web service: what VBoxManage has no verb for, above all the pointer.
//!
//! ```text
//!  server ─► conversation ─► exchange ─► envelope     a call there, an answer back
//!     └ loan: the user's setting, lent for the start         └► fault ─► an Error
//! ```
//! The server is ours: it listens on a port of this host that nobody else was told, lets in who
//! has a password that lives as long as it does, and ends with us.

mod calls;
mod conversation;
mod envelope;
mod exchange;
mod fault;
mod loan;
mod machine;
mod pool;
mod server;
#[cfg(test)]
mod tests;

pub(super) use machine::Machine;
pub(super) use pool::{InUse, Pool};
pub(super) use server::Starter;
pub use server::{WebServiceOptions, WebServiceProgram};
