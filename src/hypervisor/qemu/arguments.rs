//! What QEMU is told of a VM. Pure.
//!
//! Source: qemu-system-x86_64(1), QEMU 7.2.

use std::path::Path;

use serde_json::json;

use super::definition::Definition;
use super::place::Place;
use crate::model::{Display, ExecutionEngine, GraphicsController, Mebibytes, Nic, Switch};

/// The names under which QEMU knows its disks.
pub(super) const MEMORY_NODE: &str = "memory";
pub(super) const DISK_NODE: &str = "disk";
/// The name under which QEMU knows the network.
pub(super) const NETWORK: &str = "n0";

/// What makes the guest's instructions run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Accelerator {
    /// The processor itself, through Linux' KVM.
    Kvm,
    /// QEMU's recompiler: slower, works everywhere.
    Tcg,
}

/// What a started VM does first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Beginning {
    /// It boots.
    Boot,
    /// It waits for its memory.
    Wait,
}

impl Accelerator {
    /// Chooses what runs a VM; `best` is what works here.
    pub(super) fn choose(engine: ExecutionEngine, hardware: Switch, best: Self) -> Self {
        match (engine, hardware) {
            (ExecutionEngine::Interpreter | ExecutionEngine::Recompiler, _) | (_, Switch::Off) => {
                Self::Tcg
            }
            (ExecutionEngine::Hwvirt | ExecutionEngine::Nem, Switch::On) => Self::Kvm,
            (ExecutionEngine::Auto | ExecutionEngine::Default, Switch::On) => best,
        }
    }

    /// Returns QEMU's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Tcg => "tcg",
        }
    }
}

/// Returns the arguments with which QEMU runs a VM.
pub(super) fn arguments(
    it: &Definition,
    place: &Place,
    accelerator: Accelerator,
    beginning: Beginning,
    display: Display,
) -> Vec<String> {
    let settings = &it.settings;
    let mut arguments = Arguments::default();
    arguments.option("-name", &format!("guest={}", escaped(settings.name.as_str())));
    arguments.option("-uuid", &it.id.to_string());
    arguments.option("-machine", "q35");
    arguments.option("-accel", accelerator.as_str());
    arguments.option("-cpu", "max");
    arguments.option("-smp", &settings.cpus.to_string());
    arguments.option("-m", &settings.memory.0.to_string());
    arguments.option("-nodefaults", "");
    arguments.graphics(settings.graphics, settings.video_memory);
    if display == Display::Headless {
        arguments.option("-display", "none");
    }
    arguments.disks(it, place);
    arguments.network(it);
    arguments.option("-usb", "");
    arguments.option("-device", "usb-tablet");
    let serial = escaped(&place.serial().to_string_lossy());
    arguments.option("-chardev", &format!("file,id=serial,path={serial}"));
    arguments.option("-serial", "chardev:serial");
    let socket = escaped(&place.socket().to_string_lossy());
    arguments.option("-chardev", &format!("socket,id=qmp,path={socket},server=on,wait=off"));
    arguments.option("-mon", "chardev=qmp,mode=control");
    if beginning == Beginning::Wait {
        arguments.option("-S", "");
    }
    arguments.option("-pidfile", &place.pid().to_string_lossy());
    arguments.option("-daemonize", "");
    arguments.0
}

#[derive(Debug, Default)]
struct Arguments(Vec<String>);

impl Arguments {
    fn option(&mut self, name: &str, value: &str) {
        let value = Some(value).filter(|value| !value.is_empty());
        self.0.extend([Some(name), value].into_iter().flatten().map(ToOwned::to_owned));
    }

    /// QEMU's standard VGA stands for each of VirtualBox's cards: every guest can draw on it.
    fn graphics(&mut self, card: GraphicsController, memory: Mebibytes) {
        let megabytes = memory.0.clamp(1, 256).next_power_of_two();
        match card {
            GraphicsController::VboxVga
            | GraphicsController::VboxSvga
            | GraphicsController::Vmsvga => {
                self.option("-device", &format!("VGA,vgamem_mb={megabytes}"));
            }
            GraphicsController::QemuRamfb => self.option("-device", "ramfb"),
            GraphicsController::None => {}
        }
    }

    /// The disk is on the first port and boots first, as on VirtualBox; discs follow.
    fn disks(&mut self, it: &Definition, place: &Place) {
        self.image(MEMORY_NODE, &place.memory());
        if let Some(disk) = &it.disk {
            self.image(DISK_NODE, disk);
            self.option("-device", &format!("ide-hd,drive={DISK_NODE},bus=ide.0,bootindex=1"));
        }
        for (number, disc) in (1..).zip(&it.settings.discs) {
            let drive = format!("ide-cd,bus=ide.{number},bootindex={}", number + 1);
            if disc.as_os_str().is_empty() {
                self.option("-device", &drive);
                continue;
            }
            let file = json!({"driver": "file", "filename": disc.to_string_lossy()});
            let node = format!("disc{number}");
            self.node(&json!({
                "driver": "raw", "node-name": node, "read-only": true, "file": file,
            }));
            self.option("-device", &format!("{drive},drive={node}"));
        }
    }

    fn image(&mut self, node: &str, image: &Path) {
        let file = json!({"driver": "file", "filename": image.to_string_lossy()});
        self.node(&json!({"driver": "qcow2", "node-name": node, "file": file}));
    }

    fn node(&mut self, node: &serde_json::Value) {
        self.option("-blockdev", &node.to_string());
    }

    fn network(&mut self, it: &Definition) {
        match it.settings.nic {
            Nic::Nat => {
                self.option("-netdev", &format!("user,id={NETWORK}"));
                self.option("-device", &format!("e1000,netdev={NETWORK},mac={}", mac(it, ":")));
            }
            Nic::None
            | Nic::Bridged(_)
            | Nic::HostOnly(_)
            | Nic::Internal(_)
            | Nic::NatNetwork(_) => self.option("-nic", "none"),
        }
    }
}

/// Returns a VM's hardware address: of QEMU's range, from the end of its identity.
pub(super) fn mac(it: &Definition, between: &str) -> String {
    let digits: Vec<char> = it.id.to_string().to_uppercase().chars().skip(30).collect();
    let own = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    let all: Vec<String> = ["52", "54", "00"].map(str::to_owned).into_iter().chain(own).collect();
    all.join(between)
}

/// Doubles the commas, at which QEMU would end a value.
fn escaped(value: &str) -> String {
    value.replace(',', ",,")
}
