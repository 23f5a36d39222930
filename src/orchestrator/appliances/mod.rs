//! VMs written into files and made from them.

mod export;
mod import;
mod part;

use std::path::{Path, PathBuf};

use crate::error::{self, Error};
use crate::hypervisor::{Appliances, Hypervisor, offered};

fn supported(hypervisor: &dyn Hypervisor) -> Result<&dyn Appliances, Error> {
    let lacks = "VMs are neither written into files nor made from them";
    offered(hypervisor, hypervisor.appliances(), lacks)
        .map_err(|e| e.hint("use `--hypervisor virtualbox`"))
}

/// VirtualBox's service has another working folder than we have.
fn absolute(file: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(file).map_err(|e| error::io(format!("find `{}`", file.display()), e))
}
