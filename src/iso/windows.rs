use super::disc::Disc;
use super::fault::Fault;
use super::image::Image;
use super::wim;
use super::wim_xml::{InstallationType, WindowsImage};

/// Where the editions are, in the order in which they are looked for.
const INSTALL: [&str; 3] = ["sources/install.wim", "sources/install.esd", "sources/install.swm"];

/// What the installer itself boots from.
const BOOT: &str = "sources/boot.wim";

/// A medium that installs Windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowsMedium {
    /// What it installs, such as `Windows 11`; `None` for one that came after this was written.
    pub name: Option<&'static str>,
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
        let name = images.first().and_then(name);
        return Ok(Some(WindowsMedium { name, install_file, images }));
    }
    Ok(None)
}

/// Tells releases apart by their builds (Microsoft's lists of Windows 10, 11 and Server releases).
fn name(image: &WindowsImage) -> Option<&'static str> {
    let build = image.build?;
    let is_modern = (build.major, build.minor) == (10, 0);
    match (image.installation?, build.build) {
        _ if !is_modern => None,
        (InstallationType::Client, 10_240..22_000) => Some("Windows 10"),
        (InstallationType::Client, 22_000..) => Some("Windows 11"),
        (InstallationType::Server | InstallationType::ServerCore, build) => match build {
            14_393..17_763 => Some("Windows Server 2016"),
            17_763..20_348 => Some("Windows Server 2019"),
            20_348..26_100 => Some("Windows Server 2022"),
            26_100.. => Some("Windows Server 2025"),
            _ => None,
        },
        (InstallationType::Client | InstallationType::WindowsPe, _) => None,
    }
}
