//! Reaching into a guest over SSH: wait for its banner, connect, run a command.
//!
//! Nothing here tries again: each call is one try, and the error's kind says whether another is of
//! use. Every call is canceled by dropping its future: the connection is closed, and the guest's
//! SSH server hangs up on what it ran.

mod authenticate;
pub mod banner;
mod connection;
mod endpoint;
mod exec;
mod failure;
mod fingerprint;
mod host_keys;
mod login;
mod private_file;
mod signal;
mod sink;
mod transport;

pub use connection::SshConnection;
pub use endpoint::Endpoint;
pub use exec::ExecEnd;
pub use host_keys::HostKeys;
pub use login::{AuthMethod, Login};
pub use sink::OutputSink;
