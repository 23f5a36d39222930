use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{DiskImage, Forward, Gibibytes, Invalid, Mebibytes, VmName};

/// What a VM should be. Every part is decided: defaults were filled in before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VmConfiguration {
    /// Its name.
    pub name: VmName,
    /// The hypervisor's identifier of its operating system, such as `Windows11_64`.
    pub os_type: String,
    /// Memory.
    pub memory: Mebibytes,
    /// Video memory.
    pub video_memory: Mebibytes,
    /// Virtual CPUs.
    pub cpus: u32,
    /// The size of its disk; `None` is a VM without one.
    pub disk: Option<Gibibytes>,
    /// What its disk begins with; `None` is an empty one.
    pub disk_image: Option<DiskImage>,
    /// The disc images in its drives, the one to boot from first.
    pub discs: Vec<PathBuf>,
    /// The firmware.
    pub firmware: Firmware,
    /// A TPM 2.0.
    pub tpm: Switch,
    /// Secure Boot, with Microsoft's keys (UEFI only).
    pub secure_boot: Switch,
    /// The graphics controller.
    pub graphics: GraphicsController,
    /// 3D acceleration.
    pub accelerate_3d: Switch,
    /// What runs the guest's instructions; never [`ExecutionEngine::Auto`] when a driver sees it.
    pub execution_engine: ExecutionEngine,
    /// Hardware virtualisation (VT-x, AMD-V).
    pub hardware_acceleration: Switch,
    /// Hardware virtualisation offered to the guest.
    pub nested_virtualization: Switch,
    /// The first network adapter.
    pub nic: Nic,
    /// Port forwards of the first adapter (NAT only).
    pub forwards: Vec<Forward>,
    /// The remote display (VRDE).
    pub remote_display: Option<RemoteDisplay>,
    /// Groups, each beginning with `/`.
    pub groups: Vec<String>,
    /// A description, possibly of several lines.
    pub description: String,
    /// Memory that the host may take back through the balloon; zero is none.
    pub balloon: Mebibytes,
    /// The priority of the VM's process on the host.
    pub process_priority: ProcessPriority,
    /// The folder under which its own folder is made; `None` is the hypervisor's default.
    pub folder: Option<PathBuf>,
    /// The folder for its snapshots; `None` is inside its own folder.
    pub snapshots_folder: Option<PathBuf>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl From<bool> for Switch {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// How a VM's first network adapter is attached.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Nic {
    /// None.
    None,
    /// Behind the host's address; the only kind with forwards.
    Nat,
    /// On the host's own network, through the named host interface.
    Bridged(String),
    /// A network of the host and its VMs, by interface name.
    HostOnly(String),
    /// A network of VMs only, by name.
    Internal(String),
    /// A NAT network shared by VMs, by name.
    NatNetwork(String),
}

impl FromStr for Nic {
    type Err = Invalid;

    /// Reads `none`, `nat`, `bridged:IF`, `hostonly:IF`, `intnet:NAME`, `natnetwork:NAME`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (kind, name) = match text.split_once(':') {
            Some((kind, name)) => (kind, Some(name)),
            None => (text, None),
        };
        let named = |make: fn(String) -> Self| {
            let name = name.unwrap_or_default();
            if name.trim().is_empty() || name.starts_with('-') || name.chars().any(char::is_control)
            {
                return Err(Invalid::new("network", text, format!("needs a name: `{kind}:NAME`")));
            }
            Ok(make(name.to_owned()))
        };
        match kind {
            "none" if name.is_none() => Ok(Self::None),
            "nat" if name.is_none() => Ok(Self::Nat),
            "bridged" => named(Self::Bridged),
            "hostonly" => named(Self::HostOnly),
            "intnet" => named(Self::Internal),
            "natnetwork" => named(Self::NatNetwork),
            _ => {
                let why = "is not one of none, nat, bridged:IF, hostonly:IF, intnet:NAME, natnetwork:NAME";
                Err(Invalid::new("network", text, why))
            }
        }
    }
}

/// Where a VM's remote display listens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RemoteDisplay {
    /// The host address.
    pub address: IpAddr,
    /// The host port.
    pub port: u16,
}

/// Declares an enum with one word a variant, readable and printable.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal, $($(#[$vmeta:meta])* $variant:ident = $word:literal,)*) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)*
        }

        impl $name {
            /// Every variant.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns its word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::ALL.iter().copied().find(|it| it.as_str() == text).ok_or_else(|| {
                    let words: Vec<_> = Self::ALL.iter().map(|it| it.as_str()).collect();
                    Invalid::new($what, text, format!("is not one of {}", words.join(", ")))
                })
            }
        }
    };
}

words! {
    /// What a VM boots with.
    Firmware, "firmware",
    /// A PC BIOS.
    Bios = "bios",
    /// UEFI.
    Efi = "efi",
}

words! {
    /// The graphics card that a VM sees (VirtualBox's words).
    GraphicsController, "graphics controller",
    /// VirtualBox's old VGA.
    VboxVga = "vboxvga",
    /// VirtualBox's SVGA, for Windows guests.
    VboxSvga = "vboxsvga",
    /// VMware's SVGA, for Linux guests.
    Vmsvga = "vmsvga",
    /// QEMU's framebuffer, for ARM guests.
    QemuRamfb = "qemuramfb",
    /// None.
    None = "none",
}

words! {
    /// What runs the guest's instructions (VirtualBox 7.1: `--vm-execution-engine`).
    ExecutionEngine, "execution engine",
    /// The best that works on this host, decided when the VM is made.
    Auto = "auto",
    /// VirtualBox decides.
    Default = "default",
    /// VirtualBox's own driver with VT-x or AMD-V.
    Hwvirt = "hwvirt",
    /// The host's native API (Hyper-V, KVM, Hypervisor.framework).
    Nem = "nem",
    /// An instruction interpreter: slow, works everywhere.
    Interpreter = "interpreter",
    /// A recompiler: works everywhere.
    Recompiler = "recompiler",
}

words! {
    /// The priority of a VM's process on the host (VirtualBox: `--vm-process-priority`).
    ProcessPriority, "CPU priority",
    /// The system's own.
    Default = "default",
    /// The same for every thread.
    Flat = "flat",
    /// Below other programs.
    Low = "low",
    /// As other programs.
    Normal = "normal",
    /// Above other programs.
    High = "high",
}

words! {
    /// Where a started VM shows its screen.
    Display, "display",
    /// Nowhere.
    Headless = "headless",
    /// In a window.
    Gui = "gui",
}

words! {
    /// How a VM is stopped.
    StopMode, "stop mode",
    /// By the ACPI power button: the guest decides.
    Acpi = "acpi",
    /// By pulling the plug.
    PowerOff = "poweroff",
    /// By writing its memory to disk.
    Save = "save",
}

#[cfg(test)]
mod tests {
    use super::{ExecutionEngine, Nic};

    #[test]
    fn a_word_reads_back_and_a_wrong_one_names_the_right_ones() {
        for engine in ExecutionEngine::ALL {
            assert_eq!(&engine.as_str().parse::<ExecutionEngine>().unwrap(), engine);
        }
        let refused = "magic".parse::<ExecutionEngine>().unwrap_err().to_string();
        assert!(refused.contains("auto, default, hwvirt"), "{refused}");
    }

    #[test]
    fn a_network_that_needs_a_name_says_so() {
        assert_eq!("bridged:eth0".parse::<Nic>().unwrap(), Nic::Bridged("eth0".into()));
        assert!("bridged".parse::<Nic>().unwrap_err().to_string().contains("bridged:NAME"));
        assert!("bridged:--x".parse::<Nic>().is_err());
        assert!("nat:x".parse::<Nic>().is_err());
        // As the schema has it.
        assert!("nat:".parse::<Nic>().is_err());
    }
}
