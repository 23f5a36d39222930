//! The remote display. Its password stands in a file from which VBoxManage reads the call: no
//! list of processes shows it.

use std::io::Write;

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::parse;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::io;
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

impl VirtualBoxManager {
    /// Makes a call whose arguments only its owner can read.
    async fn call_in_file(&self, vm: &VmRef, arguments: &[&str]) -> Result<(), Error> {
        let line: Vec<String> = arguments.iter().map(|it| quoted(it)).collect();
        let (line, scratch) = (line.join(" ") + "\n", self.options.scratch.clone());
        let written = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&scratch)?;
            let mut file = tempfile::Builder::new().prefix("call-").tempfile_in(scratch)?;
            file.write_all(line.as_bytes())?;
            Ok(file.into_temp_path())
        });
        let written = written.await.unwrap_or_else(|died| Err(std::io::Error::other(died)));
        let file = written.map_err(|e| io("write a call", e).about(vm))?;
        self.tell(self.commands.in_file(&file), vm).await
    }
}

/// Quotes an argument as VBoxManage reads it from a file: as a POSIX shell would.
fn quoted(argument: &str) -> String {
    format!("'{}'", argument.replace('\'', r"'\''"))
}
