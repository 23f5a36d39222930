//! Commands in a guest.

mod input;
mod request;
mod terminal;
mod variable;

pub use input::{Input, InputStream};
pub use request::{ExecRequest, GuestShell, Place, Program, Via};
pub use terminal::{GuestTerminal, TerminalSize};
pub use variable::Variable;
