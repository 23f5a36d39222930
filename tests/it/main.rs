//! Every integration test, in one binary.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bad_input;
mod child;
mod config;
mod docs;
mod live;
mod misbehaving;
mod store;
mod store_locks;
mod support;
mod tidy;
