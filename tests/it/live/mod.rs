//! The live suite: everything that is said of VirtualBox and QEMU, on real ones.
//!
//! It runs wherever a usable VBoxManage is found. With `VM_CLI_LIVE=required` not finding one is
//! a failure; `VM_CLI_LIVE_REPORT` names a file to which each finished test adds a line;
//! `VM_CLI_LIVE_SHARED` names a folder of this run's, in which a booted guest is kept for all tests;
//! `VM_CLI_TRIALS` says how often a command is run from a snapshot (`live::guest::trials`).
#![cfg(unix)]

mod all_or_nothing;
mod answers;
mod batch;
mod booted;
mod calls;
mod chaos;
mod contract;
mod copies;
mod fleet;
mod gc;
mod guest;
mod install;
mod limits;
mod main_job;
mod parallel;
mod pictures;
mod ports;
mod processes;
mod qemu;
mod remote;
mod settings;
mod terminal;
mod transient;
mod unlock;
mod watch;
mod world;
