use std::net::IpAddr;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::{RemoteProtocol, VmRef};

/// The remote display of a VM: a server by which its screen is seen and used from elsewhere.
#[async_trait]
pub trait RemoteDisplays: std::fmt::Debug + Send + Sync {
    /// Returns what the installed server speaks; `None` if none is installed.
    async fn protocol(&self) -> Result<Option<RemoteProtocol>, Error>;

    /// Switches the server of a VM on that is live or off.
    async fn show(&self, vm: &VmRef, server: &DisplayServer) -> Result<(), Error>;

    /// Switches the server of a VM off that is live or off.
    async fn hide(&self, vm: &VmRef) -> Result<(), Error>;
}

/// How a remote display is served.
#[derive(Clone, PartialEq, Eq)]
pub struct DisplayServer {
    /// The host address on which it listens.
    pub address: IpAddr,
    /// The host port.
    pub port: u16,
    /// What its clients must know; at most eight characters count.
    pub password: String,
}

impl std::fmt::Debug for DisplayServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DisplayServer({}:{})", self.address, self.port)
    }
}
