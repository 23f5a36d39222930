//! Front ends for programs: the same requests as the command line makes, by method names and JSON.

mod answer;
mod client;
mod desk;
#[cfg(feature = "serve")]
mod desk_batch;
mod events;
#[cfg(feature = "serve")]
pub mod http;
mod jobs;
mod listing;
pub mod mcp;
mod method;
mod methods;
mod office;
mod printed;

pub use answer::{Answer, Picture};
pub use client::{Client, Reach};
pub use desk::Desk;
pub use method::{METHODS, Offered};
pub use office::Office;
