//! From what was asked and what is configured to what the VM should be. Pure.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use crate::config::{Ballooning, Settings};
use crate::error::{Error, ErrorKind};
use crate::model::{
    DiskImage, ExecutionEngine, Firmware, Forward, Gibibytes, GraphicsController, Mebibytes, Nic,
    Protocol, RemoteDisplay, Switch, VmConfiguration,
};
use crate::request::{CreateRequest, DiskWish};

/// The name of the forward that leads to the guest's SSH server.
pub(super) const SSH_RULE: &str = "ssh";

/// What was decided about the host before a VM is configured.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    /// The host port that leads to the guest's SSH server.
    pub ssh_port: Option<u16>,
    /// The host port of the remote display.
    pub remote_display_port: Option<u16>,
    /// The disc image, absolute.
    pub iso: Option<PathBuf>,
    /// What its system wants besides.
    pub fittings: Fittings,
    /// The engine that [`ExecutionEngine::Auto`] stands for on this host.
    pub engine: ExecutionEngine,
}

/// What a machine has for the system that is installed on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fittings {
    /// What its disk begins with.
    pub disk_image: Option<DiskImage>,
    /// The discs beside the one to boot from, absolute.
    pub discs: Vec<PathBuf>,
    /// A TPM 2.0; `None` if its operating system decides.
    pub tpm: Option<Switch>,
    /// Secure Boot; `None` is without.
    pub secure_boot: Option<Switch>,
    /// Video memory; `None` is what is configured.
    pub video_memory: Option<Mebibytes>,
}

/// Returns the host address on which forwards and remote displays listen.
pub(super) fn listen_address(settings: &Settings) -> IpAddr {
    IpAddr::V4(match settings.security.firewall_enabled {
        Switch::On => Ipv4Addr::LOCALHOST,
        Switch::Off => Ipv4Addr::UNSPECIFIED,
    })
}

/// Decides every part of a new VM.
pub(super) fn configuration(
    asked: &CreateRequest,
    settings: &Settings,
    decided: Decided,
) -> Result<VmConfiguration, Error> {
    let defaults = &settings.vm_defaults;
    let memory = asked.memory.unwrap_or(defaults.memory);
    let os_type = asked.os_type.clone().unwrap_or_else(|| defaults.os_type.clone());
    let address = listen_address(settings);
    let mut forwards: Vec<_> =
        decided.ssh_port.map(|p| ssh_forward(address, p)).into_iter().collect();
    // Who may reach a forward is not said with it.
    forwards.extend(asked.forwards.iter().map(|forward| Forward {
        host_address: forward.host_address.or(Some(address)),
        ..forward.clone()
    }));
    let nic = asked.nic.clone().unwrap_or_else(|| defaults.nic.clone());
    check_forwards(&forwards, &nic)?;
    let disk = match asked.disk {
        Some(DiskWish::None) => None,
        Some(DiskWish::Size(size)) => Some(size),
        None => Some(defaults.disk).filter(|size| *size > Gibibytes(0)),
    };
    let firmware = asked.firmware.or(defaults.firmware).unwrap_or_else(|| firmware_for(&os_type));
    Ok(VmConfiguration {
        name: asked.name.clone(),
        memory,
        video_memory: decided.fittings.video_memory.unwrap_or(defaults.video_memory),
        cpus: asked.cpus.unwrap_or(defaults.cpus),
        disk,
        disk_image: decided.fittings.disk_image,
        discs: decided.iso.into_iter().chain(decided.fittings.discs).collect(),
        firmware,
        tpm: decided.fittings.tpm.unwrap_or_else(|| tpm_for(&os_type, firmware)),
        secure_boot: decided.fittings.secure_boot.unwrap_or(Switch::Off),
        graphics: asked.graphics.or(defaults.graphics).unwrap_or_else(|| graphics_for(&os_type)),
        accelerate_3d: asked.accelerate_3d.unwrap_or(defaults.accelerate_3d),
        execution_engine: engine(
            asked.execution_engine.unwrap_or(defaults.execution_engine),
            settings.performance.hardware_acceleration,
            decided.engine,
        ),
        hardware_acceleration: settings.performance.hardware_acceleration,
        nested_virtualization: settings.performance.nested_virtualization,
        nic,
        forwards,
        remote_display: decided.remote_display_port.map(|port| RemoteDisplay { address, port }),
        groups: asked.groups.clone(),
        description: asked.description.clone(),
        balloon: balloon(settings.performance.memory_ballooning, memory),
        process_priority: settings.performance.cpu_priority,
        folder: settings.storage.vm_storage_path.clone(),
        // A folder for each VM: snapshots of two VMs may have the same file names.
        snapshots_folder: (settings.storage.snapshots_path.as_ref())
            .map(|folder| folder.join(asked.name.as_str())),
        os_type,
    })
}

/// Returns the forward that leads to the guest's SSH server.
fn ssh_forward(address: IpAddr, host_port: u16) -> Forward {
    Forward {
        name: SSH_RULE.to_owned(),
        protocol: Protocol::Tcp,
        host_address: Some(address),
        host_port,
        guest_port: super::ssh_door::SSH_PORT,
    }
}

fn check_forwards(forwards: &[Forward], nic: &Nic) -> Result<(), Error> {
    if let (Some(forward), true) = (forwards.first(), *nic != Nic::Nat) {
        let message = format!("the forward `{}` needs a NAT network", forward.name);
        return Err(Error::new(ErrorKind::Usage, message)
            .hint("leave out `--nic`, or make the VM with `--ssh-port none` and no `--forward`"));
    }
    for (place, forward) in forwards.iter().enumerate() {
        let earlier = forwards.iter().take(place);
        if let Some(twin) = earlier.clone().find(|f| f.name == forward.name) {
            let message = format!("two forwards are named `{}`", twin.name);
            return Err(Error::new(ErrorKind::Usage, message).hint("give each its own name"));
        }
        let same =
            |f: &&Forward| f.host_port == forward.host_port && f.protocol == forward.protocol;
        if let Some(twin) = earlier.clone().find(same) {
            let message = format!(
                "the forwards `{}` and `{}` both want host port {}",
                twin.name, forward.name, forward.host_port
            );
            return Err(Error::new(ErrorKind::Usage, message).hint("give each its own host port"));
        }
    }
    Ok(())
}

/// Windows 11 does not install without UEFI, ARM guests know nothing else.
fn firmware_for(os_type: &str) -> Firmware {
    let efi = os_type.starts_with("Windows11") || os_type.contains("arm64");
    if efi { Firmware::Efi } else { Firmware::Bios }
}

/// Windows 11 and Server 2025 refuse to install without one.
fn tpm_for(os_type: &str, firmware: Firmware) -> Switch {
    let is_asking = ["Windows11", "Windows2025"].iter().any(|os| os_type.starts_with(os));
    (is_asking && firmware == Firmware::Efi).into()
}

/// VirtualBox's own SVGA has the drivers for Windows, VMware's those of Linux.
fn graphics_for(os_type: &str) -> GraphicsController {
    if os_type.contains("arm64") {
        GraphicsController::QemuRamfb
    } else if os_type.starts_with("Windows") {
        GraphicsController::VboxSvga
    } else {
        GraphicsController::Vmsvga
    }
}

fn engine(wanted: ExecutionEngine, hardware: Switch, auto: ExecutionEngine) -> ExecutionEngine {
    match (wanted, hardware) {
        (ExecutionEngine::Auto, Switch::Off) => ExecutionEngine::Interpreter,
        (ExecutionEngine::Auto, Switch::On) => auto,
        (
            ExecutionEngine::Default
            | ExecutionEngine::Hwvirt
            | ExecutionEngine::Nem
            | ExecutionEngine::Interpreter
            | ExecutionEngine::Recompiler,
            _,
        ) => wanted,
    }
}

fn balloon(configured: Ballooning, memory: Mebibytes) -> Mebibytes {
    match configured {
        Ballooning::Off => Mebibytes(0),
        Ballooning::Quarter => Mebibytes(memory.0 / 4),
        Ballooning::Fixed(size) => size,
    }
}

#[cfg(test)]
mod tests {
    use super::{engine, firmware_for, graphics_for, tpm_for};
    use crate::model::{ExecutionEngine, Firmware, GraphicsController, Switch};

    #[test]
    fn the_operating_system_decides_what_nobody_named() {
        assert_eq!(firmware_for("Windows11_64"), Firmware::Efi);
        assert_eq!(firmware_for("Windows10_64"), Firmware::Bios);
        assert_eq!(firmware_for("Debian_arm64"), Firmware::Efi);
        assert_eq!(graphics_for("Windows10_64"), GraphicsController::VboxSvga);
        assert_eq!(graphics_for("Debian_64"), GraphicsController::Vmsvga);
    }

    #[test]
    fn windows_11_gets_its_tpm_with_efi_only() {
        assert_eq!(tpm_for("Windows11_64", Firmware::Efi), Switch::On);
        assert_eq!(tpm_for("Windows11_64", Firmware::Bios), Switch::Off);
        assert_eq!(tpm_for("Windows10_64", Firmware::Efi), Switch::Off);
    }

    #[test]
    fn auto_follows_the_host_unless_hardware_is_switched_off() {
        let auto = ExecutionEngine::Auto;
        let host = ExecutionEngine::Default;
        assert_eq!(engine(auto, Switch::On, host), ExecutionEngine::Default);
        assert_eq!(engine(auto, Switch::Off, host), ExecutionEngine::Interpreter);
        let named = ExecutionEngine::Recompiler;
        assert_eq!(engine(named, Switch::Off, host), ExecutionEngine::Recompiler);
    }
}
