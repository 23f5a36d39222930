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
//!  2  retry  process  screen  keyboard
//!  1  error
//!  0  model
//! ```

//! # As a library
//!
//! [`VmOrchestrator`] is the way in. On the simulator it needs nothing installed:
//!
//! ```
//! use std::sync::Arc;
//!
//! use async_trait::async_trait;
//! use serde_json::{Value, json};
//! use vm_cli::config::{Folders, Settings};
//! use vm_cli::error::Error;
//! use vm_cli::model::{HypervisorKind, VmState, VmTaskType};
//! use vm_cli::orchestrator::{Setup, TaskOutput, VmOrchestrator};
//! use vm_cli::queue::{Attempt, TaskHandler};
//! use vm_cli::request::CreateRequest;
//!
//! /// A task of one's own: it runs on the same queue, with the same retries.
//! struct Greet;
//!
//! #[async_trait]
//! impl TaskHandler for Greet {
//!     async fn handle(&self, input: Value, _attempt: &Attempt) -> Result<Value, Error> {
//!         Ok(json!(format!("hello {}", input["whom"].as_str().unwrap_or("nobody"))))
//!     }
//! }
//!
//! # fn main() -> Result<(), Error> {
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let home = std::env::temp_dir().join(format!("vm-cli-doc-{}", std::process::id()));
//! let mut settings = Settings::default();
//! settings.hypervisor.driver = HypervisorKind::Simulated;
//!
//! let orchestrator = VmOrchestrator::new(Setup::new(settings, Folders::within(&home)))?;
//! assert!(orchestrator.initialize().await?.is_empty());
//!
//! let made = orchestrator.create_vm(&CreateRequest::new("web".parse()?)).await?;
//! let vm = made.id.into();
//! orchestrator.start_vm(&vm).await?;
//! assert_eq!(orchestrator.vm_status(&vm).await?.state, VmState::Running);
//!
//! let task = orchestrator.add_task(VmTaskType::SnapshotTake, json!({
//!     "name": "web", "snapshot_name": "clean-state"
//! }))?;
//! orchestrator.task_result(task).await?;
//!
//! orchestrator.register_handler("greet", Arc::new(Greet))?;
//! let task = orchestrator.add_task(VmTaskType::Custom("greet".into()), json!({"whom": "web"}))?;
//! let TaskOutput::Custom(answer) = orchestrator.task_result(task).await? else { panic!() };
//! assert_eq!(answer, json!("hello web"));
//!
//! orchestrator.close().await;
//! # std::fs::remove_dir_all(home).ok();
//! # Ok::<(), Error>(())
//! # })
//! # }
//! ```
//!
//! [`VmOrchestrator`]: orchestrator::VmOrchestrator

pub mod cli;
pub mod config;
pub mod error;
pub mod guest;
pub mod hypervisor;
pub mod keyboard;
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
