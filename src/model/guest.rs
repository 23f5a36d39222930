use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Traffic, Vm};

/// What a guest reports of itself through its Guest Additions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct GuestFacts {
    /// Its system, such as `Linux`.
    pub system: Option<String>,
    /// Its system's release, such as `6.1.192`.
    pub release: Option<String>,
    /// Its addresses, those of its first card first.
    pub addresses: Vec<IpAddr>,
    /// Who is logged in; `None` while it has not said.
    pub users: Option<Vec<String>>,
    /// Whether it has said so since it runs.
    pub freshness: Freshness,
    /// What goes through its cards and disks in a second, as the hypervisor counts it.
    pub traffic: Option<Traffic>,
    /// How its clock stands.
    pub clock: GuestClock,
}

/// How a guest's clock stands. It is not among what the Guest Additions report: to ask takes a login.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum GuestClock {
    /// Nobody asked.
    #[default]
    Unasked,
    /// It is so many milliseconds ahead of the host's; negative is behind.
    Ahead(i64),
    /// It could not be asked, and why.
    Unknown(String),
}

/// How a guest is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum GuestSystem {
    /// By a shell as POSIX has it.
    Posix,
    /// By PowerShell.
    Windows,
}

impl GuestSystem {
    /// Decides by the type of operating system that a VM was made for.
    pub fn of(vm: &Vm) -> Self {
        let is_windows = vm.os.contains("Windows");
        if is_windows { Self::Windows } else { Self::Posix }
    }
}

/// Whether a guest has reported since it runs: what stands in a snapshot comes back with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Freshness {
    /// It has.
    #[default]
    Fresh,
    /// It is what it reported before its memory was saved.
    Stale,
}
