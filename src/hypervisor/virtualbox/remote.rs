//! The remote display. Its password stands in a file from which VBoxManage reads the call: no
//! list of processes shows it.

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::hypervisor::DisplayServer;
use crate::hypervisor::RemoteDisplays;
use crate::model::RemoteProtocol;
use crate::model::VmRef;

#[async_trait]
impl RemoteDisplays for VirtualBoxManager {
    async fn protocol(&self) -> Result<Option<RemoteProtocol>, Error> {
        let printed = self.call(self.commands.system_properties(), None).await?;
        Ok(parse::remote_protocol(&printed))
    }

    /// The server reads its settings when it is switched on.
    async fn show(&self, vm: &VmRef, server: &DisplayServer) -> Result<(), Error> {
        let property = format!("VNCPassword={}", server.password);
        match self.call_in_file(vm, &["controlvm", vm.as_str(), "vrdeproperty", &property]).await {
            Ok(()) => {
                let address = format!("TCP/Address={}", server.address);
                self.tell(self.commands.remote(vm, ["vrdeproperty", &address]), vm).await?;
                self.tell(self.commands.remote(vm, ["vrdeport", &server.port.to_string()]), vm)
                    .await?;
                self.tell(self.commands.remote(vm, ["vrde", "on"]), vm).await
            }
            Err(e) if e.kind() == ErrorKind::InvalidState => {
                let (address, port) = (server.address.to_string(), server.port.to_string());
                let settings =
                    ["modifyvm", vm.as_str(), "--vrde", "on", "--vrde-address", &address];
                let rest = ["--vrde-port", &port, "--vrde-property", &property];
                self.call_in_file(vm, &[&settings[..], &rest[..]].concat()).await
            }
            Err(e) => Err(e),
        }
    }

    async fn hide(&self, vm: &VmRef) -> Result<(), Error> {
        match self.tell(self.commands.remote(vm, ["vrde", "off"]), vm).await {
            Err(e) if e.kind() == ErrorKind::InvalidState => {
                self.tell(self.commands.remote_off(vm), vm).await
            }
            decided => decided,
        }
    }
}
