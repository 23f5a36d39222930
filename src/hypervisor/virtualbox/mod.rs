//! VirtualBox, through VBoxManage.

#![expect(dead_code, reason = "wip")]
mod check;
mod parse;
mod version;

pub use version::Version;
