//! QEMU, whose VMs run as processes of their own and are spoken to through a socket each.
//!
//! A VM is a folder: its definition, its disks (qcow2, which hold its snapshots too), what its
//! serial port wrote, and, while it runs, the socket and the pid file of its process. A disk that
//! no guest sees holds the memory of what was saved.
//!
//! Which VMs run is told by locks that die with their processes, so no list talks to a socket.

mod arguments;
mod cloning;
mod definition;
mod describe;
mod driver;
mod facets;
mod health;
mod hostfwd;
mod images;
mod making;
mod place;
mod platform;
mod pointer;
mod power;
mod presence;
mod programs;
mod qcode;
mod qmp;
mod refused;
mod register;
mod shape;
mod snapshots;

pub use driver::{Options, QemuDriver};
pub use programs::Programs;

/// The program that runs a VM.
const SYSTEM: &str = "qemu-system-x86_64";
