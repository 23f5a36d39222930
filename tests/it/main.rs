//! Every integration test, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a failing test may panic, and tests spawn programs and read the clock"
)]

mod contract;
mod fake_vboxmanage;
mod tidy;
