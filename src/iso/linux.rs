use std::fmt;

use super::disc::Disc;
use super::fault::Fault;
use super::image::Image;
use crate::model::Architecture;

/// A distribution of Linux whose installers are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
    /// Fedora.
    Fedora,
    /// Red Hat Enterprise Linux.
    Rhel,
    /// CentOS and CentOS Stream.
    CentOs,
    /// Rocky Linux.
    Rocky,
    /// AlmaLinux.
    Alma,
    /// Alpine.
    Alpine,
}

impl Distribution {
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Debian, "debian", "Debian"),
        (Self::Ubuntu, "ubuntu", "Ubuntu"),
        (Self::Fedora, "fedora", "Fedora"),
        (Self::Rhel, "rhel", "Red Hat Enterprise Linux"),
        (Self::CentOs, "centos", "CentOS"),
        (Self::Rocky, "rocky", "Rocky Linux"),
        (Self::Alma, "alma", "AlmaLinux"),
        (Self::Alpine, "alpine", "Alpine"),
    ];

    /// Reads its name for programs.
    pub fn known(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|it| it.1 == name).map(|it| it.0)
    }

    /// Returns all names for programs.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|it| it.1)
    }

    /// Returns its name for programs.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }

    /// Finds the one that a text begins with: its name as its makers write it.
    fn at_beginning(text: &str) -> Option<(Self, &str)> {
        Self::ALL.iter().find_map(|(it, _, name)| Some((*it, text.strip_prefix(name)?)))
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::ALL.iter().find(|it| it.0 == *self).map_or("", |it| it.2))
    }
}

/// A medium that installs a Linux.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinuxMedium {
    /// Which one.
    pub distribution: Distribution,
    /// Its version, such as `12.5.0`.
    pub version: Option<String>,
    /// What it is made for.
    pub architecture: Option<Architecture>,
    /// How the medium describes itself.
    pub description: String,
    /// What its installer boots, if it was found.
    pub kernel: Option<Kernel>,
    /// The files of its boot menus.
    pub boot_menus: Vec<&'static str>,
}

/// What an installer boots: paths on its medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kernel {
    /// The kernel.
    pub kernel: &'static str,
    /// Its initial file system.
    pub initial: &'static str,
}

/// Where installers that are told by their boot menu have their kernels.
const KERNELS: [(&str, &str); 5] = [
    ("install.amd/vmlinuz", "install.amd/initrd.gz"),
    ("install.a64/vmlinuz", "install.a64/initrd.gz"),
    ("install.386/vmlinuz", "install.386/initrd.gz"),
    ("casper/vmlinuz", "casper/initrd"),
    ("casper/hwe-vmlinuz", "casper/hwe-initrd"),
];

/// Where they have their boot menus: for UEFI, and for a PC's BIOS.
const BOOT_MENUS: [&str; 2] = ["boot/grub/grub.cfg", "isolinux/isolinux.cfg"];

impl LinuxMedium {
    /// Returns its distribution and version.
    pub fn name(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.distribution),
            None => self.distribution.to_string(),
        }
    }

    fn of(distribution: Distribution, description: &str) -> Self {
        let (version, architecture, kernel) = (None, None, None);
        let description = description.to_owned();
        Self { distribution, version, architecture, description, kernel, boot_menus: Vec::new() }
    }
}

/// Looks for a Linux on a disc, by the files in which distributions describe their media.
pub(super) fn medium(image: &mut Image<'_>, disc: &Disc) -> Result<Option<LinuxMedium>, Fault> {
    if let Some(text) = disc.text(image, ".disk/info")? {
        let Some(mut medium) = disk_info(&text) else { return Ok(None) };
        for (kernel, initial) in KERNELS {
            if disc.file(image, kernel)?.is_some() && disc.file(image, initial)?.is_some() {
                medium.kernel = Some(Kernel { kernel, initial });
                break;
            }
        }
        for menu in BOOT_MENUS {
            medium.boot_menus.extend(disc.file(image, menu)?.map(|_| menu));
        }
        return Ok(Some(medium));
    }
    if let Some(text) = disc.text(image, ".treeinfo")? {
        return Ok(tree_info(&text));
    }
    if let Some(text) = disc.text(image, ".alpine-release")? {
        return Ok(alpine_release(&text, &disc.volume.label));
    }
    let disc_info = disc.text(image, ".discinfo")?;
    Ok(disc_info.and_then(|text| self::disc_info(&text, &disc.volume.label)))
}

/// Returns the first word that is a version.
fn version<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<String> {
    let found = words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    found.map(ToOwned::to_owned)
}

/// `.disk/info` of Debian and Ubuntu:
/// `Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST with firmware 20240210-11:27`.
fn disk_info(text: &str) -> Option<LinuxMedium> {
    let line = text.lines().next().unwrap_or_default().trim();
    let (distribution, rest) = Distribution::at_beginning(line)?;
    Some(LinuxMedium {
        version: version(rest.split_whitespace()),
        architecture: rest.split_whitespace().find_map(Architecture::known),
        ..LinuxMedium::of(distribution, line)
    })
}

/// `.treeinfo` of Fedora and its relatives: an INI file.
fn tree_info(text: &str) -> Option<LinuxMedium> {
    let value = |wanted: &str| {
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        let mut values = pairs.filter(|(key, _)| key.trim() == wanted);
        values.next().map(|(_, value)| value.trim())
    };
    let family = value("family").or_else(|| value("name"))?;
    let (distribution, _) = Distribution::at_beginning(family)?;
    let version = value("version").map(ToOwned::to_owned);
    let description = match (&version, value("name")) {
        (_, Some(name)) => name.to_owned(),
        (Some(version), None) => format!("{family} {version}"),
        (None, None) => family.to_owned(),
    };
    let architecture = value("arch").and_then(Architecture::known);
    Some(LinuxMedium { version, architecture, ..LinuxMedium::of(distribution, &description) })
}

/// `.alpine-release`, such as `alpine-virt-3.19.1 240126`; the architecture is in the disc's label,
/// such as `alpine-virt 3.19.1 x86_64`.
fn alpine_release(text: &str, label: &str) -> Option<LinuxMedium> {
    let line = text.lines().next().unwrap_or_default().trim();
    let name = line.strip_prefix("alpine-")?;
    let words = name.split(|c: char| c == '-' || c.is_whitespace());
    Some(LinuxMedium {
        version: version(words),
        architecture: label.split_whitespace().find_map(Architecture::known),
        ..LinuxMedium::of(Distribution::Alpine, line)
    })
}

/// `.discinfo` of Fedora and its relatives: a time, a version and an architecture, each on a line.
/// Which one it is, the disc's label begins with, such as `Fedora-E-dvd-x86_64-40`.
fn disc_info(text: &str, label: &str) -> Option<LinuxMedium> {
    let labels = [
        ("Fedora-", Distribution::Fedora),
        ("RHEL-", Distribution::Rhel),
        ("CentOS-", Distribution::CentOs),
        ("Rocky-", Distribution::Rocky),
        ("AlmaLinux-", Distribution::Alma),
    ];
    let (_, distribution) = labels.into_iter().find(|(mark, _)| label.starts_with(mark))?;
    let mut lines = text.lines().skip(1).map(str::trim);
    let version = version(lines.next().unwrap_or_default().split_whitespace());
    let architecture = lines.next().and_then(Architecture::known);
    Some(LinuxMedium { version, architecture, ..LinuxMedium::of(distribution, label) })
}

#[cfg(test)]
mod tests {
    use super::{Distribution, LinuxMedium, alpine_release, disc_info, disk_info, tree_info};

    fn told(medium: Option<LinuxMedium>) -> (Distribution, String, &'static str) {
        let medium = medium.expect("it is known");
        let architecture = medium.architecture.map_or("", |it| it.as_str());
        (medium.distribution, medium.version.unwrap_or_default(), architecture)
    }

    #[test]
    fn media_describe_themselves() {
        let debian = "Debian GNU/Linux 12.5.0 \"Bookworm\" - Official amd64 NETINST with \
                      firmware 20240210-11:27";
        let ubuntu = "Ubuntu-Server 24.04.1 LTS \"Noble Numbat\" - Release amd64 (20240827)";
        let rocky = "[general]\nname = Rocky Linux-9.3\nfamily = Rocky Linux\nversion = 9.3\n\
                     arch = x86_64\n";
        let alma = "[release]\nname = AlmaLinux\nversion = 9.3\n[tree]\narch = aarch64\n";
        assert_eq!(told(disk_info(debian)), (Distribution::Debian, "12.5.0".into(), "x64"));
        assert_eq!(told(disk_info(ubuntu)), (Distribution::Ubuntu, "24.04.1".into(), "x64"));
        assert_eq!(told(tree_info(rocky)), (Distribution::Rocky, "9.3".into(), "x64"));
        assert_eq!(told(tree_info(alma)), (Distribution::Alma, "9.3".into(), "arm64"));
        let alpine = alpine_release("alpine-virt-3.19.1 240126\n", "alpine-virt 3.19.1 aarch64");
        assert_eq!(told(alpine), (Distribution::Alpine, "3.19.1".into(), "arm64"));
        let fedora = disc_info("1713200000.0\n40\nx86_64\n", "Fedora-E-dvd-x86_64-40");
        assert_eq!(told(fedora), (Distribution::Fedora, "40".into(), "x64"));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        assert_eq!(disk_info("Linux Mint 21.3 \"Virginia\" - Release amd64"), None);
        assert_eq!(tree_info("family = openSUSE"), None);
        assert_eq!(disc_info("1\n40\nx86_64", "MY-DISC"), None);
        assert_eq!(alpine_release("", ""), None);
    }
}
