//! VirtualBox, through VBoxManage.

#![expect(dead_code, reason = "wip")]
mod check;
mod error;
mod parse;
mod rules;
mod version;

pub use version::Version;
