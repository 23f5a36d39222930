//! Every integration test, in one binary.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod child;
mod store;
mod store_locks;
mod tidy;
