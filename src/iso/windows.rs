use std::fmt;
use std::str::FromStr;

use super::disc::Disc;
use super::fault::Fault;
use super::image::Image;
use super::wim;
use super::wim_xml::{InstallationType, WindowsImage};
use crate::model::Invalid;

/// Where the editions are, in the order in which they are looked for.
const INSTALL: [&str; 3] = ["sources/install.wim", "sources/install.esd", "sources/install.swm"];

/// What the installer itself boots from.
const BOOT: &str = "sources/boot.wim";

/// A release of Windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowsRelease {
    /// Windows 10.
    Ten,
    /// Windows 11.
    Eleven,
    /// Windows Server 2016.
    Server2016,
    /// Windows Server 2019.
    Server2019,
    /// Windows Server 2022.
    Server2022,
    /// Windows Server 2025.
    Server2025,
}

impl WindowsRelease {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Ten, "10", "Windows 10"),
        (Self::Eleven, "11", "Windows 11"),
        (Self::Server2016, "2016", "Windows Server 2016"),
        (Self::Server2019, "2019", "Windows Server 2019"),
        (Self::Server2022, "2022", "Windows Server 2022"),
        (Self::Server2025, "2025", "Windows Server 2025"),
    ];

    /// Returns all names for programs, such as `11` and `2025`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|it| it.1)
    }

    /// Returns its name for people.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|it| it.0 == self).map_or("", |it| it.2)
    }
}

impl FromStr for WindowsRelease {
    type Err = Invalid;

    /// Reads its name for programs.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.iter().find(|it| it.1 == text).map(|it| it.0);
        found.ok_or_else(|| Invalid::new("Windows", text, "is not one that is known here"))
    }
}

impl fmt::Display for WindowsRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A medium that installs Windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowsMedium {
    /// What it installs; `None` for one that came after this was written.
    pub release: Option<WindowsRelease>,
    /// The file that holds the editions.
    pub install_file: &'static str,
    /// The editions, in the medium's order.
    pub images: Vec<WindowsImage>,
}

/// Looks for Windows on a disc.
pub(super) fn medium(image: &mut Image<'_>, disc: &Disc) -> Result<Option<WindowsMedium>, Fault> {
    for install_file in INSTALL {
        let Some(file) = disc.file(image, install_file)? else { continue };
        let images = wim::images(image, &file)?;
        if images.is_empty() {
            return Err(Fault::damaged("Windows image", "holds no edition"));
        }
        let Some(boot) = disc.file(image, BOOT)? else {
            return Err(Fault::damaged("installer", "is missing: there is no `sources/boot.wim`"));
        };
        wim::images(image, &boot)?;
        let release = images.first().and_then(release);
        return Ok(Some(WindowsMedium { release, install_file, images }));
    }
    Ok(None)
}

/// Tells releases apart by their builds (Microsoft's lists of Windows 10, 11 and Server releases).
fn release(image: &WindowsImage) -> Option<WindowsRelease> {
    let build = image.build?;
    let is_modern = (build.major, build.minor) == (10, 0);
    match (image.installation?, build.build) {
        _ if !is_modern => None,
        (InstallationType::Client, 10_240..22_000) => Some(WindowsRelease::Ten),
        (InstallationType::Client, 22_000..) => Some(WindowsRelease::Eleven),
        (InstallationType::Server | InstallationType::ServerCore, build) => match build {
            14_393..17_763 => Some(WindowsRelease::Server2016),
            17_763..20_348 => Some(WindowsRelease::Server2019),
            20_348..26_100 => Some(WindowsRelease::Server2022),
            26_100.. => Some(WindowsRelease::Server2025),
            _ => None,
        },
        (InstallationType::Client | InstallationType::WindowsPe, _) => None,
    }
}
