//! Every integration test, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a failing test may panic, and tests spawn programs and read the clock"
)]

mod answers;
mod bad_input;
mod batch;
mod chaos;
mod child;
mod config;
mod contract;
mod copies;
mod docs;
mod fake_vboxmanage;
mod fleet;
mod foreign_checkout;
mod formats;
mod install;
mod interrupted_install;
mod iso;
mod live;
mod mcp;
mod misbehaving;
mod odd_pictures;
mod pictures;
mod pointing;
mod reading;
mod recognisers;
mod rehearsal;
mod serve;
#[cfg(unix)]
mod ssh;
mod store;
mod store_locks;
mod support;
mod templates;
mod terminal;
mod tidy;
mod trials;
mod upkeep;
mod vendors;
mod waits;
mod watch;
