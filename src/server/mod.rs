//! Front ends for programs: the same requests as the command line makes, by method names and JSON.

mod answer;
mod desk;
pub mod mcp;
mod method;
mod methods;
mod printed;

pub use answer::Answer;
pub use desk::Desk;
pub use method::{METHODS, Nature, Offered};
