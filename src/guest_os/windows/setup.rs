//! What Windows Setup asks before it installs, and what is set before the first start.

use super::super::installation::Installation;
use super::super::xml::Element;
use super::component::{added, component, run_synchronous};
use super::{Requirement, Windows, input_locale};
use crate::error::Error;
use crate::model::Firmware;

/// A partition: its type, its size in MB (`None` is the rest), and how it is formatted.
type Partition = (&'static str, Option<u32>, Option<Formatted>);

/// How a partition is formatted: file system, label, letter.
type Formatted = (&'static str, &'static str, Option<&'static str>);

impl Windows {
    pub(super) fn windows_pe(&self, wanted: &Installation) -> Vec<Element> {
        let language = self.language();
        let international = [
            Element::of("SetupUILanguage", [Element::text("UILanguage", language)]),
            Element::text("InputLocale", input_locale(wanted.keyboard)),
            Element::text("SystemLocale", &wanted.locale),
            Element::text("UILanguage", language),
            Element::text("UserLocale", &wanted.locale),
        ];
        let mut setup = vec![self.disks(), self.image_to_install(), self.user_data()];
        setup.push(Element::of(
            "DynamicUpdate",
            [Element::text("Enable", "false"), Element::text("WillShowUI", "Never")],
        ));
        if !self.lacking.is_empty() {
            let commands: Vec<String> = self.lacking.iter().copied().map(bypass).collect();
            setup.push(run_synchronous(&commands));
        }
        let part = |name, settings: Vec<Element>| component(name, self.architecture, settings);
        vec![
            part("Microsoft-Windows-International-Core-WinPE", international.into()),
            part("Microsoft-Windows-Setup", setup),
        ]
    }

    pub(super) fn specialize(&self, wanted: &Installation) -> Result<Vec<Element>, Error> {
        // Without a network Windows 11 would wait for one.
        let without_network = r"reg add HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\OOBE /v BypassNRO /t REG_DWORD /d 1 /f";
        let unencrypted = r"reg add HKLM\SYSTEM\CurrentControlSet\Control\BitLocker /v PreventDeviceEncryption /t REG_DWORD /d 1 /f";
        let commands = [without_network, unencrypted].map(ToOwned::to_owned);
        let names = [
            Element::text("ComputerName", &wanted.host_name),
            Element::text("TimeZone", wanted.time_zone.windows()?),
        ];
        let part = |name, settings: Vec<Element>| component(name, self.architecture, settings);
        Ok(vec![
            part("Microsoft-Windows-Deployment", vec![run_synchronous(&commands)]),
            part("Microsoft-Windows-Shell-Setup", names.into()),
        ])
    }

    /// The partitions of Microsoft's "UEFI/GPT-based" and "BIOS/MBR-based hard drive partitions".
    fn partitions(&self) -> Vec<Partition> {
        let windows = ("Primary", None, Some(("NTFS", "Windows", Some("C"))));
        match self.firmware {
            Firmware::Efi => vec![
                ("EFI", Some(300), Some(("FAT32", "System", None))),
                ("MSR", Some(16), None),
                windows,
            ],
            Firmware::Bios => {
                vec![("Primary", Some(500), Some(("NTFS", "System", None))), windows]
            }
        }
    }

    fn disks(&self) -> Element {
        let partitions = self.partitions();
        let created = (1u32..).zip(&partitions).map(|(order, (kind, size, _))| {
            let size = match size {
                Some(megabytes) => Element::text("Size", megabytes),
                None => Element::text("Extend", "true"),
            };
            let elements = [Element::text("Order", order), size, Element::text("Type", kind)];
            added("CreatePartition", elements)
        });
        let formatted = (1u32..).zip(&partitions).filter_map(|(id, (_, _, format))| {
            let (system, label, letter) = (*format)?;
            Some((id, system, label, letter))
        });
        let modified = (1u32..).zip(formatted).map(|(order, (id, system, label, letter))| {
            let mut elements =
                vec![Element::text("Order", order), Element::text("PartitionID", id)];
            elements.extend([Element::text("Format", system), Element::text("Label", label)]);
            elements.extend(letter.map(|letter| Element::text("Letter", letter)));
            if self.firmware == Firmware::Bios && id == 1 {
                elements.push(Element::text("Active", "true"));
            }
            added("ModifyPartition", elements)
        });
        let disk = [
            Element::text("DiskID", 0),
            Element::text("WillWipeDisk", "true"),
            Element::of("CreatePartitions", created),
            Element::of("ModifyPartitions", modified),
        ];
        let disk = added("Disk", disk);
        Element::of("DiskConfiguration", [disk, Element::text("WillShowUI", "OnError")])
    }

    fn image_to_install(&self) -> Element {
        let index =
            [Element::text("Key", "/IMAGE/INDEX"), Element::text("Value", self.image.index)];
        let last = self.partitions().len();
        let to = [Element::text("DiskID", 0), Element::text("PartitionID", last)];
        let image =
            [Element::of("InstallFrom", [added("MetaData", index)]), Element::of("InstallTo", to)];
        Element::of("ImageInstall", [Element::of("OSImage", image)])
    }

    /// An empty key stops Setup: there is one, or none is spoken of.
    fn user_data(&self) -> Element {
        let mut key: Vec<Element> = Vec::new();
        key.extend(self.product_key.as_ref().map(|key| Element::text("Key", key.reveal())));
        key.push(Element::text("WillShowUI", "OnError"));
        let said = [Element::text("AcceptEula", "true"), Element::of("ProductKey", key)];
        Element::of("UserData", said)
    }
}

/// Returns the command that makes Setup do without something.
fn bypass(lacking: Requirement) -> String {
    let check = match lacking {
        Requirement::Tpm => "BypassTPMCheck",
        Requirement::SecureBoot => "BypassSecureBootCheck",
        Requirement::Memory => "BypassRAMCheck",
    };
    format!(r"reg add HKLM\SYSTEM\Setup\LabConfig /v {check} /t REG_DWORD /d 1 /f")
}
