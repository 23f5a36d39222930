//! What a program and a server of the same version say to each other: requests as they are, what
//! happens meanwhile, and what came of them. Other programs use the API.

mod errand;
mod fault;
mod frame;

pub use errand::{Errand, Heard, Note, Parcel, Stream};
pub use fault::Fault;
pub use frame::{Frames, framed};
