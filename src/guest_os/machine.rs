use crate::model::{Architecture, Firmware, Gibibytes, GraphicsController, Mebibytes, Switch};

/// What a system wants of the machine on which it is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// VirtualBox's identifier of it, such as `Windows11_64`.
    pub os_type: String,
    /// What it boots with.
    pub firmware: Firmware,
    /// A TPM 2.0.
    pub tpm: Switch,
    /// Secure Boot.
    pub secure_boot: Switch,
    /// The graphics card for which it has a driver.
    pub graphics: GraphicsController,
    /// Video memory: enough for its desktop.
    pub video_memory: Mebibytes,
    /// What it runs well with.
    pub good: Resources,
    /// What its installer refuses to do without.
    pub least: Resources,
    /// Whether its medium waits for a key before it boots.
    pub boot_prompt: BootPrompt,
}

/// What a machine takes of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resources {
    /// Virtual CPUs.
    pub cpus: u32,
    /// Memory.
    pub memory: Mebibytes,
    /// The size of the disk; it grows as it is filled.
    pub disk: Gibibytes,
}

/// What stands between power-on and an installer that works by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BootPrompt {
    /// Its medium waits some seconds for a key: "Press any key to boot from CD or DVD".
    AnyKey,
    /// It comes to a login prompt, and these lines begin the installation.
    Lines(&'static [&'static str]),
    /// Nothing.
    None,
}

impl Resources {
    /// Builds them: memory in MiB, the disk in GiB.
    pub(super) const fn new(cpus: u32, memory_mib: u64, disk_gib: u64) -> Self {
        Self { cpus, memory: Mebibytes(memory_mib), disk: Gibibytes(disk_gib) }
    }
}

impl Machine {
    /// Describes the machine of a Linux: what it runs well with, and what it needs.
    pub(super) fn linux(
        stem: &str,
        architecture: Option<Architecture>,
        good: Resources,
        least: Resources,
    ) -> Self {
        let (ending, firmware, graphics) = match architecture {
            Some(Architecture::Arm64) => ("_arm64", Firmware::Efi, GraphicsController::QemuRamfb),
            Some(Architecture::X86) => ("", Firmware::Bios, GraphicsController::Vmsvga),
            Some(Architecture::X64) | None => ("_64", Firmware::Bios, GraphicsController::Vmsvga),
        };
        Self {
            os_type: format!("{stem}{ending}"),
            firmware,
            tpm: Switch::Off,
            secure_boot: Switch::Off,
            graphics,
            video_memory: Mebibytes(32),
            good,
            least,
            boot_prompt: BootPrompt::None,
        }
    }
}
