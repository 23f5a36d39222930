use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// A host port that leads to a guest port through NAT.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Forward {
    /// The rule's name, unique within the VM, such as `ssh`.
    pub name: String,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The host address that listens; `None` is every address.
    pub host_address: Option<IpAddr>,
    /// The host port that listens.
    pub host_port: u16,
    /// The guest port that is reached.
    pub guest_port: u16,
}

/// The transport of a [`Forward`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        })
    }
}

impl fmt::Display for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.host_address.map_or_else(|| "*".to_owned(), |a| a.to_string());
        write!(f, "{} {address}:{} -> {}", self.name, self.host_port, self.guest_port)
    }
}
