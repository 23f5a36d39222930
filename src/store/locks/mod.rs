//! Advisory locks between processes: one file a lock, released by the kernel when a process dies.
//!
//! Two files belong to a lock. `KEY.lock` is the one that is locked and always empty: Windows lets
//! nobody read a locked region. `KEY.holder` beside it says who holds the lock, since when and for
//! what; it is a courtesy to those who wait, and may be absent or late.
//!
//! Those who waited for a lock only to read may share one answer: `KEY.reads` counts the reads that
//! have begun, `KEY.answer` holds what the last one found. No clock is asked: an answer is fresh
//! enough for all who came before its read began, and the count tells who did.
//!
//! Lock files are never deleted. Deleting one races: a process that has opened the file and one that
//! makes it anew would hold two different locks of the same name. They are empty, and there is one
//! for every VM that was ever worked on.
//!
//! A lock belongs to an open file, not to a process: two tasks of one process exclude each other
//! as well. What a killed process had started goes on without the lock; against that, VirtualBox has
//! a lock of its own.

mod answer;
mod folder;
mod holder;
mod key;

pub use answer::{SharedRead, Ticket};
pub use folder::{LockFolder, LockGuard, LockMode};
pub use holder::Holder;
pub use key::LockKey;
