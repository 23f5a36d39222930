//! The way to a server from a program in Rust: requests, methods, events, leases.
//!
//! ```no_run
//! use vm_cli::client::{Address, Client};
//! use vm_cli::request::{Request, Response};
//!
//! # async fn example() -> Result<(), vm_cli::error::Error> {
//! let client = Client::new("http://127.0.0.1:8470".parse::<Address>()?, None);
//! let Response::List(vms) = client.call(Request::List).await? else { return Ok(()) };
//! # Ok(())
//! # }
//! ```

mod address;
mod agent;
mod calls;
mod connection;
mod errands;
mod events;

pub use address::Address;
pub use agent::Lease;
pub use calls::Client;
pub use errands::{Hearing, Unheard};
pub use events::{EventStream, Interest};
