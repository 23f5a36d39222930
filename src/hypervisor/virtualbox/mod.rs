//! VirtualBox, through VBoxManage.
//!
//! ```text
//!  command ─► CommandLine ─► CommandRunner ─► Output ─► check ─► parse ─► a value
//!     ▲ modify                                            └────► error ─► an Error
//! ```
//! [`VirtualBoxManager`] puts these together; all but the running is pure.

mod aftercare;
mod capabilities;
mod check;
mod command;
mod confirm;
mod copying;
mod copying_command;
mod create;
mod dependants;
mod directory;
mod discover;
mod discs;
mod engine;
mod error;
mod filming;
mod folder;
mod freeze;
mod guest_control;
mod guest_files;
mod guest_script;
mod health;
mod installed;
mod keyboard;
mod listing;
pub mod locate;
mod manager;
mod modify;
mod news;
mod obstacles;
mod occupancy;
mod parse;
mod pointer;
mod readings;
mod remote;
mod rfb;
mod rules;
mod scratch;
mod sessions;
mod settings_file;
mod sharing;
mod sweep;
#[cfg(test)]
mod testing;
mod unattended;
mod version;
mod webservice;

pub use command::Deadlines;
pub use discover::Surroundings;
pub use engine::{HostFacts, Presence};
pub use manager::{Options, VirtualBoxManager};
pub use obstacles::Neighbours;
pub use version::Version;
pub use webservice::{WebServiceOptions, WebServiceProgram};
