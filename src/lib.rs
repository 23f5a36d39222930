//! Runs and drives virtual machines on VirtualBox: the library behind `vm-cli`.
//!
//! # The way of a request
//!
//! ```text
//!  argv ─► cli ──────► Request ─► orchestrator ─────► Response ─► report ─► stdout
//!  HTTP, MCP ─► server ──┘        │  plan(state)                      └────► server
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
//!  8  cli
//!  7  server   client
//!  6  orchestrator   report   wire
//!  5  fleet  guest  hypervisor  queue  store  metrics  computer
//!  4  config  request
//!  3  guest_os  disk_image
//!  2  retry  process  screen  keyboard  files  iso
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
//! use vm_cli::metrics::{Checkup, HealthCheck, Metric, Verdict, VmHealthCheck};
//! use vm_cli::model::{Health, HypervisorKind, Severity, Vm, VmState, VmTaskType};
//! use vm_cli::orchestrator::{EventSink, Setup, TaskOutput, VmOrchestrator, watch_plan};
//! use vm_cli::queue::{Attempt, TaskHandler};
//! use vm_cli::request::{CreateRequest, Standing, WatchEnd, WatchEvent, WatchPlan};
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
//! /// A metric, a health check, a health check of VMs, and who hears what `watch` tells.
//! #[derive(Debug)]
//! struct Answer;
//!
//! #[async_trait]
//! impl Metric for Answer {
//!     async fn read(&self) -> Result<f64, Error> {
//!         Ok(42.0)
//!     }
//! }
//!
//! #[async_trait]
//! impl HealthCheck for Answer {
//!     async fn check(&self) -> Result<Verdict, Error> {
//!         Ok(Verdict { severity: Severity::Fine, message: "it is valid".into(), fix: None })
//!     }
//! }
//!
//! #[async_trait]
//! impl VmHealthCheck for Answer {
//!     async fn check(&self, vm: &Vm) -> Result<Checkup, Error> {
//!         Ok(match vm.cpus {
//!             0..=8 => Checkup::healthy("it has few CPUs"),
//!             cpus => Checkup::unhealthy(format!("it has {cpus} CPUs")),
//!         })
//!     }
//! }
//!
//! impl EventSink for Answer {
//!     fn hear(&self, event: &WatchEvent) {
//!         println!("{}: {:?}", event.vm, event.kind);
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
//! // Metrics and health checks of one's own: they stand in the reports beside the built-in ones.
//! orchestrator.metrics().register("answer", Arc::new(Answer))?;
//! orchestrator.checks().register("licence", Arc::new(Answer))?;
//! let report = orchestrator.metrics_report(None).await?;
//! assert_eq!(report.registered, [("answer".to_owned(), Some(42.0))]);
//! assert_eq!((&*report.checks[0].check, report.checks[0].severity), ("licence", Severity::Fine));
//!
//! // A health check of VMs: `watch` knows it by its name, as it knows `ssh`.
//! orchestrator.vm_checks().register("small", Arc::new(Answer))?;
//! let plan = WatchPlan {
//!     checks: vec!["small".to_owned()],
//!     until: WatchEnd::OneLook,
//!     ..watch_plan(orchestrator.settings())
//! };
//! let watched = orchestrator.watch(&[vm], plan, Arc::new(Answer)).await?;
//! assert_eq!(watched[0].standing, Standing::Well);
//! assert_eq!(watched[0].checks[0].1, Health::Healthy);
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
#[cfg(feature = "serve")]
pub mod client;
pub mod computer;
pub mod config;
pub mod disk_image;
pub mod error;
pub mod files;
pub mod fleet;
pub mod guest;
pub mod guest_os;
pub mod hypervisor;
pub mod iso;
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
#[cfg(feature = "mcp")]
#[cfg_attr(
    not(feature = "serve"),
    expect(dead_code, unused_imports, reason = "a part of it is for HTTP only")
)]
pub mod server;
pub mod store;
#[cfg(feature = "serve")]
pub mod wire;
