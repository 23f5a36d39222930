//! Programs: how a call is written down, run, bounded in time and output, and canceled.

mod command_line;
mod ledger;
mod output;
mod rehearsal;
mod runner;
mod scripted;
mod system;

pub use command_line::{CommandLine, Effect, quoted};
pub use ledger::Ledger;
pub use output::{Exit, Output};
pub use rehearsal::RehearsingRunner;
pub use runner::{CommandRunner, ProcessError};
pub use scripted::ScriptedRunner;
pub use system::SystemRunner;
