//! Programs: how a call is written down, run, bounded in time and output, and canceled.

mod command_line;
mod ledger;
mod output;
mod peer;
mod rehearsal;
mod runner;
mod running;
mod scripted;
mod service;
mod sign;
mod system;

pub use command_line::{Cancel, CommandLine, Effect};
pub use ledger::Ledger;
pub use output::{Exit, Output, RawOutput};
pub use peer::ask_to_end;
pub use rehearsal::RehearsingRunner;
pub use runner::{CommandRunner, ProcessError};
pub use running::Running;
pub use scripted::ScriptedRunner;
pub use service::Service;
pub use sign::Sign;
pub use system::SystemRunner;
