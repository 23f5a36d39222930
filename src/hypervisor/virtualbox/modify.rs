//! What a configuration means in VBoxManage's words: the one merged `modifyvm`, the one place
//! that knows how operating systems differ.

use std::ffi::OsString;

use crate::model::ExecutionEngine;
use crate::model::Forward;
use crate::model::Nic;
use crate::model::Switch;
use crate::model::VmConfiguration;

/// What a family of operating systems can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    /// What is common today: SATA, Intel PRO/1000, an absolute pointer.
    Current,
    /// Before SATA and USB were common: IDE, PCnet, a PS/2 mouse.
    Legacy,
    /// ARM: no BIOS, none of the options of x86.
    Arm,
}

/// How a VM's disk and disc are plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bus {
    /// What it is.
    pub(super) kind: BusKind,
    /// The controller's name.
    pub(super) name: &'static str,
    /// The options of `storagectl` that make it.
    pub(super) options: &'static [&'static str],
}

/// The port of the disk.
pub(super) const DISK_PORT: usize = 0;

/// The ports of the drives for discs begin here: with IDE the second master is the only one.
pub(super) const FIRST_DRIVE: usize = 1;

/// What a bus is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BusKind {
    /// It has as many ports as it is given.
    Sata,
    /// It has two masters.
    Ide,
}

const SATA: Bus = Bus {
    kind: BusKind::Sata,
    name: "SATA",
    options: &["--add", "sata", "--controller", "IntelAhci", "--bootable", "on"],
};
const IDE: Bus = Bus {
    kind: BusKind::Ide,
    name: "IDE",
    options: &["--add", "ide", "--controller", "PIIX4", "--bootable", "on"],
};

impl Generation {
    /// Returns the generation of an identifier such as `Windows11_64`. Unknown ones are current.
    pub(super) fn of(os_type: &str) -> Self {
        const LEGACY: [&str; 10] = [
            "DOS",
            "OS2",
            "WindowsXP",
            "Windows3",
            "Windows95",
            "Windows98",
            "WindowsMe",
            "WindowsNT",
            "Windows2000",
            "Windows2003",
        ];
        // Windows NT 3 and 4 are of the past, `WindowsNT_64` is any Windows of today.
        if os_type.ends_with("_arm64") {
            Self::Arm
        } else if LEGACY.iter().any(|start| os_type.starts_with(start)) && os_type != "WindowsNT_64"
        {
            Self::Legacy
        } else {
            Self::Current
        }
    }

    /// Returns the bus for disk and disc.
    pub(super) fn bus(self) -> Bus {
        match self {
            Self::Current | Self::Arm => SATA,
            Self::Legacy => IDE,
        }
    }
}

/// Returns the options of the one `modifyvm` that makes a new VM what is wanted.
pub(super) fn options(wanted: &VmConfiguration) -> Vec<OsString> {
    let generation = Generation::of(&wanted.os_type);
    let mut options = Options::default();
    options.add("--memory", wanted.memory.0.to_string());
    options.add("--vram", wanted.video_memory.0.to_string());
    options.add("--cpus", wanted.cpus.to_string());
    options.add("--firmware", wanted.firmware.as_str());
    options.add("--graphicscontroller", wanted.graphics.as_str());
    options.add("--accelerate-3d", on_off(wanted.accelerate_3d));
    options.add("--rtc-use-utc", "on");
    for (position, device) in [("--boot1", "disk"), ("--boot2", "dvd"), ("--boot3", "none")] {
        options.add(position, device);
    }
    options.add("--boot4", "none");
    if generation != Generation::Arm {
        options.add("--hwvirtex", on_off(wanted.hardware_acceleration));
        options.add("--nested-hw-virt", on_off(wanted.nested_virtualization));
    }
    if wanted.execution_engine != ExecutionEngine::Default {
        // New in 7.1; where it is unknown the error says so.
        options.add("--vm-execution-engine", wanted.execution_engine.as_str());
    }
    if wanted.tpm == Switch::On {
        options.add("--tpm-type", "2.0");
    }
    if generation != Generation::Legacy {
        // Points where it is told to, so that a click hits what a picture shows.
        options.add("--usb-xhci", "on");
        options.add("--mouse", "usbtablet");
    }
    options.add("--audio-driver", "none");
    options.add("--audio-enabled", "off");
    network(&mut options, wanted, generation);
    match &wanted.remote_display {
        Some(display) => {
            options.add("--vrde", "on");
            options.add("--vrde-address", display.address.to_string());
            options.add("--vrde-port", display.port.to_string());
        }
        None => options.add("--vrde", "off"),
    }
    options.add("--guest-memory-balloon", wanted.balloon.0.to_string());
    options.add("--vm-process-priority", wanted.process_priority.as_str());
    if let Some(folder) = &wanted.snapshots_folder {
        options.add("--snapshot-folder", folder);
    }
    if !wanted.description.is_empty() {
        options.add("--description", &wanted.description);
    }
    options.0
}

/// Returns a rule as `--nat-pf1` and `natpf1` read it.
pub(super) fn rule(forward: &Forward) -> String {
    let Forward { name, protocol, host_address, host_port, guest_port } = forward;
    let address = host_address.map_or_else(String::new, |address| address.to_string());
    format!("{name},{protocol},{address},{host_port},,{guest_port}")
}

fn network(options: &mut Options, wanted: &VmConfiguration, generation: Generation) {
    let (kind, named) = match &wanted.nic {
        Nic::None => ("none", None),
        Nic::Nat => ("nat", None),
        Nic::Bridged(name) => ("bridged", Some(("--bridge-adapter1", name))),
        // macOS has no host-only adapters but networks of that kind.
        Nic::HostOnly(name) if cfg!(target_os = "macos") => {
            ("hostonlynet", Some(("--host-only-net1", name)))
        }
        Nic::HostOnly(name) => ("hostonly", Some(("--host-only-adapter1", name))),
        Nic::Internal(name) => ("intnet", Some(("--intnet1", name))),
        Nic::NatNetwork(name) => ("natnetwork", Some(("--nat-network1", name))),
    };
    options.add("--nic1", kind);
    if let Some((option, name)) = named {
        options.add(option, name);
    }
    match generation {
        Generation::Current => options.add("--nic-type1", "82540EM"),
        Generation::Legacy => options.add("--nic-type1", "Am79C973"),
        Generation::Arm => {}
    }
    if wanted.nic == Nic::Nat {
        for forward in &wanted.forwards {
            options.add("--nat-pf1", rule(forward));
        }
    }
}

fn on_off(switch: Switch) -> &'static str {
    match switch {
        Switch::On => "on",
        Switch::Off => "off",
    }
}

#[derive(Debug, Default)]
struct Options(Vec<OsString>);

impl Options {
    fn add(&mut self, option: &str, value: impl Into<OsString>) {
        self.0.push(option.into());
        self.0.push(value.into());
    }
}

#[cfg(test)]
#[path = "modify_tests.rs"]
mod tests;
