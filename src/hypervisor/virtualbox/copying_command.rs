//! The calls that copy VMs, as values. Pure.

use std::path::Path;

use super::command::Commands;
use super::modify;
use crate::hypervisor::CloneContent;
use crate::hypervisor::CloneOrder;
use crate::hypervisor::ImportOrder;
use crate::hypervisor::Refit;
use crate::model::DiskFormat;
use crate::model::DiskImage;
use crate::model::Gibibytes;
use crate::model::VmRef;
use crate::process::CommandLine;
use crate::process::Sign;

/// How much longer than a start a copy of a VM may take: it may be of hundreds of gigabytes.
const LONGER: u32 = 24;

impl Commands {
    pub(super) fn clone_vm(&self, order: &CloneOrder) -> CommandLine {
        let mut line = self
            .copy()
            .args(["clonevm", order.source.as_str(), "--name", order.name.as_str()])
            .arg("--uuid")
            .arg(order.id.to_string())
            .args(["--mode", "machine"]);
        line = match &order.content {
            CloneContent::Linked(snapshot) => {
                line.args(["--options", "link", "--snapshot", &snapshot.0])
            }
            CloneContent::Full(Some(snapshot)) => line.args(["--snapshot", &snapshot.0]),
            CloneContent::Full(None) => line,
        };
        // They are taken over in any case, but the folder follows them only if they are named.
        if order.groups.iter().any(|group| group != "/") {
            line = line.arg("--groups").arg(order.groups.join(","));
        }
        if let Some(folder) = &order.folder {
            line = line.arg("--basefolder").arg(folder);
        }
        line.arg("--register")
    }

    /// Makes a disk of VirtualBox's own kind of an image.
    pub(super) fn copy_disk(&self, image: &DiskImage, file: &Path) -> CommandLine {
        let line = match image.format {
            // `clonemedium` does not know it by its content.
            DiskFormat::Raw => self.copy().arg("convertfromraw"),
            DiskFormat::Qcow2 | DiskFormat::Vmdk | DiskFormat::Vdi | DiskFormat::Vhd => {
                self.copy().args(["clonemedium", "disk"])
            }
        };
        line.arg(&image.file).arg(file).args(["--format", "VDI"]).seen_by(Sign::Completion)
    }

    pub(super) fn grow_disk(&self, file: &Path, size: Gibibytes) -> CommandLine {
        let line = self.settle().args(["modifymedium", "disk"]).arg(file);
        line.arg("--resize").arg(size.mebibytes().0.to_string())
    }

    pub(super) fn refit(&self, vm: &VmRef, refit: &Refit) -> CommandLine {
        let mut line = self.settle().args(["modifyvm", vm.as_str()]);
        if let Some(name) = &refit.name {
            line = line.args(["--name", name.as_str()]);
        }
        // All go before any comes: two of them may change ports.
        let renewed = refit.forwards.iter().map(|forward| &forward.name);
        for name in refit.dropped_forwards.iter().chain(renewed) {
            line = line.args(["--nat-pf1", "delete", name]);
        }
        for forward in &refit.forwards {
            line = line.args(["--nat-pf1", &modify::rule(forward)]);
        }
        if let Some(port) = refit.remote_display_port {
            line = line.arg("--vrde-port").arg(port.to_string());
        }
        if let Some(engine) = refit.execution_engine {
            line = line.args(["--vm-execution-engine", engine.as_str()]);
        }
        line
    }

    /// Without hardware addresses: whoever imports it gets new ones.
    pub(super) fn export(&self, vm: &VmRef, file: &Path) -> CommandLine {
        let line = self.copy().args(["export", vm.as_str(), "--output"]).arg(file);
        line.args(["--options", "manifest,nomacs"])
    }

    pub(super) fn read_appliance(&self, file: &Path) -> CommandLine {
        self.peek().arg("import").arg(file).arg("--dry-run")
    }

    /// Disks become VirtualBox's own kind, in the folder of the VM, which its name makes unique.
    pub(super) fn import(&self, order: &ImportOrder) -> CommandLine {
        let mut line = self
            .copy()
            .arg("import")
            .arg(&order.file)
            .args(["--options", "importtovdi", "--vsys", "0", "--vmname"])
            .arg(order.working_name.as_str())
            .args(["--group", "/"]);
        if let Some(base) = &order.folder {
            line = line.arg("--basefolder").arg(base);
        }
        line
    }

    fn copy(&self) -> CommandLine {
        CommandLine::write(&self.program, self.deadlines.start.saturating_mul(LONGER))
    }

    fn settle(&self) -> CommandLine {
        CommandLine::write(&self.program, self.deadlines.change)
    }

    fn peek(&self) -> CommandLine {
        CommandLine::read(&self.program, self.deadlines.change)
    }
}
