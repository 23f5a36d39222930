//! The file of VMs: its keys, how it is read, its schema.

mod entry;
mod keys;
mod links;
mod order;
mod problem;
mod read;
mod sample;
mod schema;
#[cfg(test)]
pub(in crate::fleet) mod testing;
#[cfg(test)]
mod tests;
mod values;

pub use problem::{Problem, Problems};
pub use read::{load, read};
pub use sample::sample;
pub use schema::schema;

/// The file that is meant when none is named, in the current folder.
pub const DEFAULT_FILE: &str = "vms.json";
