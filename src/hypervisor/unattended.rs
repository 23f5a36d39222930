use std::fmt::Debug;
use std::path::PathBuf;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::VmRef;

/// An unattended installation of the hypervisor's own.
#[async_trait]
pub trait Unattended: Debug + Send + Sync {
    /// Prepares a VM that is off: its next start installs.
    async fn prepare(&self, vm: &VmRef, order: &UnattendedOrder) -> Result<(), Error>;

    /// Removes what the preparation wrote: the password stands in it. Its disc must be out.
    async fn clean(&self, vm: &VmRef) -> Result<(), Error>;
}

/// What the hypervisor is told of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnattendedOrder {
    /// The ISO.
    pub iso: PathBuf,
    /// The guest's user.
    pub user: String,
    /// The file of that user's password, on one line.
    pub password_file: PathBuf,
    /// What the guest is called.
    pub host_name: String,
    /// Its language and country, such as `en_US`.
    pub locale: String,
    /// Its time zone, such as `Europe/Berlin`.
    pub time_zone: String,
}
