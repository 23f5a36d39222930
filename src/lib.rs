//! Runs and drives virtual machines on VirtualBox: the library behind `vm-cli`.
//!
//! # The way of a request
//!
//! ```text
//!  argv ─► cli ─► Request ─────► orchestrator ─────► Response ─► report ─► stdout
//!                                 │  plan(state)
//!                                 ▼
//!                               queue ── Event ─► progress, log, store
//!                                 │ attempt n   (the retry policy decides, the queue waits)
//!                                 ▼
//!                         dyn Hypervisor / guest (ssh) / screen
//!                                 │ CommandLine            ▲ typed value
//!                                 ▼                        │
//!                         dyn CommandRunner ─► Output ─► parse
//! ```
//!
//! # Layers: a module uses only modules of lower lines (a test checks it)
//!
//! ```text
//!  7  cli
//!  6  server (to come)
//!  5  orchestrator   report
//!  4  config  guest  hypervisor  queue  store  metrics
//!  3  request
//!  2  retry  process  screen
//!  1  error
//!  0  model
//! ```

pub mod cli;
pub mod config;
pub mod error;
pub mod guest;
pub mod hypervisor;
pub mod metrics;
pub mod model;
pub mod orchestrator;
pub mod process;
pub mod queue;
pub mod report;
pub mod request;
pub mod retry;
pub mod screen;
pub mod store;
