//! How people write values: on the command line and in files of VMs alike. Pure.

mod cpus;
mod duration;
mod forward;
mod group;
mod numbered;
mod port;
mod size;

pub use cpus::cpus;
pub use duration::duration;
pub use forward::{forward, forward_wish};
pub use group::group;
pub use numbered::numbered;
pub use port::port_wish;
pub use size::{disk, memory};
