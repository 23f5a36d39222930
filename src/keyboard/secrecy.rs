use serde::{Deserialize, Serialize};

/// Whether others may read what is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Secrecy {
    /// They may.
    Open,
    /// It may be a password: it is not shown, written down or put on a command line, as far as
    /// the hypervisor has another way.
    Secret,
}
