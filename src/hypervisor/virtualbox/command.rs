//! Every call of VBoxManage that is made, as a value. Pure.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use super::discs::Slot;
use super::modify;
use super::modify::BusKind;
use super::modify::Generation;
use crate::hypervisor::GuestEntry;
use crate::hypervisor::UnattendedOrder;
use crate::model::Display;
use crate::model::Forward;
use crate::model::Gibibytes;
use crate::model::Monitor;
use crate::model::ShareLifetime;
use crate::model::ShareName;
use crate::model::SnapshotId;
use crate::model::SnapshotName;
use crate::model::StopMode;
use crate::model::VmConfiguration;
use crate::model::VmId;
use crate::model::VmRef;
use crate::process::CommandLine;
use crate::process::Sign;

/// What a guest writes of itself.
const NEWS: &str = "/VirtualBox/GuestInfo/*|/VirtualBox/GuestAdd/*";

/// How long one call may take, by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// It only looks.
    pub query: Duration,
    /// It changes a setting.
    pub change: Duration,
    /// It starts, saves, snapshots or deletes.
    pub start: Duration,
}

/// Builds the calls of one VBoxManage.
#[derive(Debug, Clone)]
pub(super) struct Commands {
    pub(super) program: PathBuf,
    pub(super) deadlines: Deadlines,
}

impl Commands {
    pub(super) fn version(&self) -> CommandLine {
        self.look().arg("--version")
    }

    pub(super) fn list_vms(&self) -> CommandLine {
        self.look().args(["list", "vms"])
    }

    pub(super) fn list_running(&self) -> CommandLine {
        self.look().args(["list", "runningvms"])
    }

    pub(super) fn system_properties(&self) -> CommandLine {
        self.look().args(["list", "systemproperties"])
    }

    pub(super) fn show(&self, vm: &VmRef) -> CommandLine {
        self.look().args(["showvminfo", vm.as_str(), "--machinereadable"])
    }

    pub(super) fn show_to_people(&self, vm: &VmRef) -> CommandLine {
        self.look().args(["showvminfo", vm.as_str()])
    }

    pub(super) fn shared_folder(
        &self,
        verb: &str,
        vm: &VmRef,
        name: &ShareName,
        lifetime: ShareLifetime,
    ) -> CommandLine {
        let line = self.change().args(["sharedfolder", verb, vm.as_str(), "--name", name.as_str()]);
        match lifetime {
            ShareLifetime::Kept => line,
            ShareLifetime::UntilOff => line.arg("--transient"),
        }
    }

    pub(super) fn guest_properties(&self, vm: &VmRef) -> CommandLine {
        self.look().args(["guestproperty", "enumerate", vm.as_str()])
    }

    /// Waits until the guest writes one of its properties. It ends by itself, not with the VM.
    pub(super) fn guest_news(&self, vm: &VmRef, at_most: Duration) -> CommandLine {
        let millis = at_most.as_millis().to_string();
        let deadline = self.deadlines.query.saturating_add(at_most);
        let line = CommandLine::read(&self.program, deadline);
        line.args(["guestproperty", "wait", vm.as_str(), NEWS, "--timeout", &millis])
    }

    /// Asks what went through a live VM's cards and disks.
    pub(super) fn counters(&self, vm: &VmRef) -> CommandLine {
        self.look().args(["debugvm", vm.as_str(), "statistics", "--pattern", "/Public/*/Bytes*"])
    }

    pub(super) fn remote(&self, vm: &VmRef, setting: [&str; 2]) -> CommandLine {
        let [what, value] = setting;
        control(self.change(), vm, what).arg(value)
    }

    pub(super) fn remote_off(&self, vm: &VmRef) -> CommandLine {
        self.change().args(["modifyvm", vm.as_str(), "--vrde", "off"])
    }

    /// Makes the call that a file holds.
    pub(super) fn in_file(&self, file: &Path) -> CommandLine {
        self.change().arg(format!("@{}", file.display()))
    }

    /// Begins a call into a guest, whose user's password is in a file.
    pub(super) fn guest(
        &self,
        entry: &GuestEntry,
        verb: &str,
        password: &Path,
        limit: Duration,
    ) -> CommandLine {
        CommandLine::write(&self.program, limit)
            .args(["guestcontrol", entry.vm.as_str(), verb, "--username", &entry.user])
            .arg("--passwordfile")
            .arg(password)
    }

    /// Sets an entry of VirtualBox's own extra data, or takes it out.
    pub(super) fn set_extra_data(&self, key: &str, value: Option<&str>) -> CommandLine {
        let line = self.change().args(["setextradata", "global", key]);
        value.into_iter().fold(line, CommandLine::secret)
    }

    /// Sets who may log on to the web service.
    pub(super) fn set_auth_library(&self, library: &str) -> CommandLine {
        self.change().args(["setproperty", "websrvauthlibrary", library])
    }

    pub(super) fn create_vm(&self, id: VmId, wanted: &VmConfiguration) -> CommandLine {
        let mut line = self
            .change()
            .args(["createvm", "--name", wanted.name.as_str()])
            .arg("--uuid")
            .arg(id.to_string())
            .args(["--ostype", &wanted.os_type]);
        if !wanted.groups.is_empty() {
            line = line.arg("--groups").arg(wanted.groups.join(","));
        }
        if let Some(folder) = &wanted.folder {
            line = line.arg("--basefolder").arg(folder);
        }
        line.arg("--register")
    }

    pub(super) fn configure(&self, id: VmId, wanted: &VmConfiguration) -> CommandLine {
        self.change().arg("modifyvm").arg(id.to_string()).args(modify::options(wanted))
    }

    pub(super) fn add_bus(&self, id: VmId, wanted: &VmConfiguration) -> CommandLine {
        let bus = Generation::of(&wanted.os_type).bus();
        let line = self.change().arg("storagectl").arg(id.to_string()).args(["--name", bus.name]);
        let line = line.args(bus.options.iter().copied());
        match bus.kind {
            BusKind::Sata => {
                let ports = modify::FIRST_DRIVE + wanted.discs.len().max(1);
                line.arg("--portcount").arg(ports.to_string())
            }
            BusKind::Ide => line,
        }
    }

    pub(super) fn create_disk(&self, file: &Path, size: Gibibytes) -> CommandLine {
        self.long()
            .args(["createmedium", "disk", "--filename"])
            .arg(file)
            .arg("--size")
            .arg(size.mebibytes().0.to_string())
            .args(["--format", "VDI"])
            .seen_by(Sign::Completion)
    }

    pub(super) fn attach_disk(&self, id: VmId, os_type: &str, file: &Path) -> CommandLine {
        self.attach(id, os_type, modify::DISK_PORT, "hdd", file)
    }

    pub(super) fn attach_disc(
        &self,
        id: VmId,
        os_type: &str,
        drive: usize,
        file: &Path,
    ) -> CommandLine {
        self.attach(id, os_type, modify::FIRST_DRIVE + drive, "dvddrive", file)
    }

    fn attach(&self, id: VmId, os_type: &str, port: usize, kind: &str, file: &Path) -> CommandLine {
        let bus = Generation::of(os_type).bus();
        let place = ["--storagectl", bus.name, "--port", &port.to_string(), "--device", "0"];
        let line = self.change().arg("storageattach").arg(id.to_string()).args(place);
        line.args(["--type", kind]).arg("--medium").arg(file)
    }

    /// Puts a disc into a drive.
    pub(super) fn insert(&self, vm: &VmRef, slot: &Slot<'_>, disc: &Path) -> CommandLine {
        self.drive(vm, slot).arg(disc)
    }

    /// Empties a drive, even one whose guest has locked it.
    pub(super) fn eject(&self, vm: &VmRef, slot: &Slot<'_>) -> CommandLine {
        self.drive(vm, slot).args(["emptydrive", "--forceunmount"])
    }

    fn drive(&self, vm: &VmRef, slot: &Slot<'_>) -> CommandLine {
        let place = ["--storagectl", slot.bus, "--port", slot.port, "--device", slot.device];
        let line = self.change().args(["storageattach", vm.as_str()]).args(place);
        line.args(["--type", "dvddrive", "--medium"])
    }

    /// Changes what the UEFI firmware of a VM that is off remembers.
    pub(super) fn firmware_memory(&self, id: VmId, verb: &[&str]) -> CommandLine {
        self.change().arg("modifynvram").arg(id.to_string()).args(verb)
    }

    /// Not `--delete-all`: that takes ISO images in the VM's folder too, and 7.2 fails when it
    /// finds one.
    pub(super) fn unregister(&self, vm: &VmRef) -> CommandLine {
        self.long().args(["unregistervm", vm.as_str(), "--delete"]).seen_by(Sign::Completion)
    }

    pub(super) fn list_disks(&self) -> CommandLine {
        self.look().args(["list", "hdds"])
    }

    /// Takes an entry out of the register and leaves every file where it is.
    pub(super) fn unregister_only(&self, id: VmId) -> CommandLine {
        self.change().arg("unregistervm").arg(id.to_string())
    }

    /// Takes a disk whose file is gone out of the register.
    pub(super) fn close_disk(&self, id: &str) -> CommandLine {
        self.change().args(["closemedium", "disk", id])
    }

    pub(super) fn delete_disk(&self, file: &Path) -> CommandLine {
        self.long().args(["closemedium", "disk"]).arg(file).arg("--delete")
    }

    pub(super) fn start(&self, vm: &VmRef, display: Display) -> CommandLine {
        self.long().args(["startvm", vm.as_str(), "--type", display.as_str()])
    }

    /// No way to start: VirtualBox ends whatever holds the VM, without asking it.
    pub(super) fn emergency_stop(&self, vm: &VmRef) -> CommandLine {
        self.change().args(["startvm", vm.as_str(), "--type", "emergencystop"])
    }

    /// Throws a saved state away.
    pub(super) fn discard(&self, vm: &VmRef) -> CommandLine {
        self.change().args(["discardstate", vm.as_str()])
    }

    pub(super) fn stop(&self, vm: &VmRef, mode: StopMode) -> CommandLine {
        match mode {
            StopMode::Acpi => control(self.change(), vm, "acpipowerbutton"),
            StopMode::PowerOff => control(self.long().seen_by(Sign::Completion), vm, "poweroff"),
            StopMode::Save => control(self.long().seen_by(Sign::Completion), vm, "savestate"),
        }
    }

    pub(super) fn pause(&self, vm: &VmRef) -> CommandLine {
        control(self.change(), vm, "pause")
    }

    pub(super) fn resume(&self, vm: &VmRef) -> CommandLine {
        control(self.change(), vm, "resume")
    }

    pub(super) fn reset(&self, vm: &VmRef) -> CommandLine {
        control(self.change(), vm, "reset")
    }

    pub(super) fn press(&self, vm: &VmRef, codes: &[u8]) -> CommandLine {
        let codes = codes.iter().map(|code| format!("{code:02x}"));
        control(self.change(), vm, "keyboardputscancode").args(codes)
    }

    pub(super) fn type_file(&self, vm: &VmRef, file: &Path) -> CommandLine {
        control(self.change(), vm, "keyboardputfile").arg(file)
    }

    /// Counts as looking: it makes a file of ours and changes nothing of the VM.
    pub(super) fn screenshot(&self, vm: &VmRef, monitor: Monitor, file: &Path) -> CommandLine {
        let line = control(self.look(), vm, "screenshotpng").arg(file);
        if monitor == Monitor::default() { line } else { line.arg(monitor.to_string()) }
    }

    /// Does something with the film that VirtualBox makes of the screens.
    pub(super) fn film(&self, vm: &VmRef, setting: &[&str]) -> CommandLine {
        control(self.change(), vm, "recording").args(setting)
    }

    /// Never `--live`: a plain one pauses the VM for a moment and is far quicker.
    pub(super) fn take_snapshot(&self, vm: &VmRef, name: &SnapshotName, text: &str) -> CommandLine {
        let line = self.snapshot(vm).args(["take", name.as_str()]);
        if text.is_empty() { line } else { line.args(["--description", text]) }
    }

    pub(super) fn restore_snapshot(&self, vm: &VmRef, snapshot: &SnapshotId) -> CommandLine {
        self.snapshot(vm).args(["restore", &snapshot.0])
    }

    pub(super) fn delete_snapshot(&self, vm: &VmRef, snapshot: &SnapshotId) -> CommandLine {
        self.snapshot(vm).args(["delete", &snapshot.0])
    }

    pub(super) fn add_live_forward(&self, vm: &VmRef, forward: &Forward) -> CommandLine {
        control(self.change(), vm, "natpf1").arg(modify::rule(forward))
    }

    pub(super) fn add_forward(&self, vm: &VmRef, forward: &Forward) -> CommandLine {
        self.change().args(["modifyvm", vm.as_str(), "--nat-pf1", &modify::rule(forward)])
    }

    pub(super) fn remove_live_forward(&self, vm: &VmRef, name: &str) -> CommandLine {
        control(self.change(), vm, "natpf1").args(["delete", name])
    }

    pub(super) fn remove_forward(&self, vm: &VmRef, name: &str) -> CommandLine {
        self.change().args(["modifyvm", vm.as_str(), "--nat-pf1", "delete", name])
    }

    /// Prepares an installation by VirtualBox's own answers.
    pub(super) fn prepare_unattended(&self, vm: &VmRef, order: &UnattendedOrder) -> CommandLine {
        let option = |name: &str, value: &OsStr| {
            let mut option = OsString::from(format!("--{name}="));
            option.push(value);
            option
        };
        self.long()
            .args(["unattended", "install", vm.as_str()])
            .arg(option("iso", order.iso.as_os_str()))
            .arg(option("user", order.user.as_ref()))
            .arg(option("user-password-file", order.password_file.as_os_str()))
            .arg(option("hostname", format!("{}.localdomain", order.host_name).as_ref()))
            .arg(option("locale", order.locale.as_ref()))
            .arg(option("time-zone", order.time_zone.as_ref()))
            .arg("--no-install-additions")
    }

    fn snapshot(&self, vm: &VmRef) -> CommandLine {
        self.long().args(["snapshot", vm.as_str()]).seen_by(Sign::Completion)
    }

    fn look(&self) -> CommandLine {
        CommandLine::read(&self.program, self.deadlines.query)
    }

    fn change(&self) -> CommandLine {
        CommandLine::write(&self.program, self.deadlines.change).let_end()
    }

    fn long(&self) -> CommandLine {
        CommandLine::write(&self.program, self.deadlines.start)
    }
}

fn control(line: CommandLine, vm: &VmRef, verb: &str) -> CommandLine {
    line.args(["controlvm", vm.as_str(), verb])
}
