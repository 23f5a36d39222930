//! The machine that a Windows wants (Microsoft's "Windows 11 requirements", "Windows 10 system
//! requirements" and "Hardware requirements for Windows Server").

use super::super::machine::{BootPrompt, Machine, Resources};
use super::{Requirement, Windows};
use crate::iso::WindowsRelease;
use crate::model::{Architecture, Firmware, GraphicsController, Mebibytes, Switch};

/// What Windows 11 wants; told otherwise, it does with what it needs.
pub(super) const MEMORY_OF_11: Mebibytes = Mebibytes(4096);

impl Windows {
    /// Returns its release and its edition.
    pub(super) fn full_name(&self) -> String {
        let release = self.release.map_or("Windows", WindowsRelease::as_str);
        match &self.image.edition {
            Some(edition) => format!("{release} {edition}"),
            None => release.to_owned(),
        }
    }

    pub(super) fn machine_for(&self) -> Machine {
        let has = |what| {
            let is_there = self.wants_security() && self.firmware == Firmware::Efi;
            Switch::from(is_there && !self.lacking.contains(&what))
        };
        let (good, least) = if self.wants_security() {
            (Resources::new(4, 8192, 80), Resources::new(2, 2048, 64))
        } else {
            (Resources::new(2, 4096, 64), Resources::new(1, 2048, 32))
        };
        Machine {
            os_type: self.os_type(),
            firmware: self.firmware,
            tpm: has(Requirement::Tpm),
            secure_boot: has(Requirement::SecureBoot),
            graphics: match self.architecture {
                Architecture::Arm64 => GraphicsController::QemuRamfb,
                Architecture::X86 | Architecture::X64 => GraphicsController::VboxSvga,
            },
            video_memory: Mebibytes(128),
            good,
            least,
            boot_prompt: BootPrompt::AnyKey,
        }
    }

    /// Finds out what its setup would miss on a machine with this memory.
    pub fn lacks(&self, memory: Mebibytes) -> Vec<Requirement> {
        if !self.wants_security() {
            return Vec::new();
        }
        let mut lacking = Vec::new();
        if self.firmware == Firmware::Bios {
            lacking.extend([Requirement::Tpm, Requirement::SecureBoot]);
        } else if self.architecture == Architecture::Arm64 {
            // VirtualBox enrolls keys of PCs only.
            lacking.push(Requirement::SecureBoot);
        }
        if memory < MEMORY_OF_11 {
            lacking.push(Requirement::Memory);
        }
        lacking
    }

    /// Whether it refuses machines without TPM and Secure Boot. What came later does too.
    fn wants_security(&self) -> bool {
        match self.release {
            Some(
                WindowsRelease::Ten
                | WindowsRelease::Server2016
                | WindowsRelease::Server2019
                | WindowsRelease::Server2022,
            ) => false,
            Some(WindowsRelease::Eleven | WindowsRelease::Server2025) | None => true,
        }
    }

    fn os_type(&self) -> String {
        let stem = match self.release {
            Some(WindowsRelease::Ten) => "Windows10",
            Some(WindowsRelease::Server2016) => "Windows2016",
            Some(WindowsRelease::Server2019) => "Windows2019",
            Some(WindowsRelease::Server2022) => "Windows2022",
            Some(WindowsRelease::Server2025) => "Windows2025",
            Some(WindowsRelease::Eleven) | None => "Windows11",
        };
        let ending = match self.architecture {
            Architecture::X86 => "",
            Architecture::X64 => "_64",
            Architecture::Arm64 => "_arm64",
        };
        format!("{stem}{ending}")
    }
}
