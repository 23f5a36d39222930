//! Every integration test, in one binary.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod config;
mod tidy;
