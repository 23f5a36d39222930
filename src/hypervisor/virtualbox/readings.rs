//! Reading one VM: one call, and what it means.

use async_trait::async_trait;

use super::error;
use super::manager::VirtualBoxManager;
use super::parse;
use super::settings_file;
use crate::error::Error;
use crate::hypervisor::Readings;
use crate::model::Vm;
use crate::model::VmId;
use crate::model::VmRef;

#[async_trait]
impl Readings for VirtualBoxManager {
    async fn read(&self, vm: &VmRef) -> Result<String, Error> {
        let failure = match self.run(&self.commands.show(vm), Some(vm)).await? {
            Ok(printed) => return Ok(printed),
            Err(failure) => failure,
        };
        let id = vm.as_id().filter(|_| error::is_inaccessible(&failure));
        let explained = || error::explain(&failure, self.known_as(Some(vm)).as_ref());
        id.map(inaccessible).ok_or_else(explained)
    }

    async fn understand(&self, vm: &VmRef, text: &str) -> Result<Vm, Error> {
        let mut read = parse::vm_info(text).map_err(|why| error::unparseable(&why).about(vm))?;
        if let Some(file) = &read.settings_file {
            // The engine is nowhere but in the settings file.
            let xml = tokio::fs::read_to_string(file).await.unwrap_or_default();
            read.execution_engine = settings_file::machine(&xml).and_then(|m| m.engine);
        }
        self.remember(read.id, &read.name);
        Ok(read)
    }
}

/// What older versions print of a VM whose settings cannot be read; newer ones fail.
fn inaccessible(id: VmId) -> String {
    format!("name=\"<inaccessible>\"\nUUID=\"{id}\"\n")
}
