use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of memory in MiB.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
pub struct Mebibytes(pub u64);

/// An amount of disk in GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub struct Gibibytes(pub u64);

impl Mebibytes {
    /// Returns the amount in bytes, saturating.
    pub fn bytes(self) -> u64 {
        self.0.saturating_mul(1024 * 1024)
    }
}

impl Gibibytes {
    /// Returns the amount in MiB, saturating.
    pub fn mebibytes(self) -> Mebibytes {
        Mebibytes(self.0.saturating_mul(1024))
    }

    /// Returns the amount in bytes, saturating.
    pub fn bytes(self) -> u64 {
        self.mebibytes().bytes()
    }
}

impl fmt::Display for Mebibytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB", self.0)
    }
}

impl fmt::Display for Gibibytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} GiB", self.0)
    }
}
