//! Reaching into a guest over SSH: wait for its banner, connect, run a command.
//!
//! Nothing here tries again: each call is one try, and the error's kind says whether another is of
//! use. Every call is canceled by dropping its future: the connection is closed, and the guest's
//! SSH server hangs up on what it ran; a command that must not live on is told to stop instead.

mod authenticate;
pub mod banner;
pub(crate) mod base64;
mod collected;
mod connection;
mod endpoint;
mod exec;
mod failure;
mod fingerprint;
mod host_keys;
mod login;
mod pool;
mod private_file;
mod remote_file;
mod sftp;
mod transport;

pub use connection::{Patience, SshConnection};
pub use endpoint::Endpoint;
pub use exec::{ExecEnd, OutputSink};
pub use host_keys::HostKeys;
pub use login::{Agent, AuthMethod, Login};
pub use pool::{Destination, Pool};
pub use sftp::SftpFiles;
