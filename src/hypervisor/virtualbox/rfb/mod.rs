//! RFB, the protocol of VNC, as much of it as moves a pointer: what is left where VirtualBox's web
//! service is not installed, through the remote display of a VM.
//!
//! ```text
//!  session ─► wire ─► the server of the VM's process      a report there, the screen's size back
//!     └ auth: the password's answer to a challenge
//! ```

mod auth;
mod place;
mod session;
#[cfg(test)]
mod tests;
mod wire;

pub(super) use place::{Place, place};
pub(super) use session::Session;
