use std::str::FromStr;

use super::installation::refused;
use super::{CloudImage, GuestOs, ProductKey, Windows, for_linux};
use crate::error::Error;
use crate::iso::{Content, Distribution, WindowsRelease};
use crate::model::{Firmware, Invalid, Mebibytes};

/// Which system a person wants installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemWish {
    /// A Windows.
    Windows(WindowsWish),
    /// A Linux.
    Linux(LinuxWish),
}

/// Which Windows is wanted; what is not said the medium decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WindowsWish {
    /// The release.
    pub release: Option<WindowsRelease>,
    /// The edition, by its identity such as `Professional`.
    pub edition: Option<String>,
    /// The user's own product key.
    pub product_key: Option<ProductKey>,
    /// What it boots with.
    pub firmware: Option<Firmware>,
}

/// Which Linux is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinuxWish {
    /// Whichever the medium installs.
    Any,
    /// This one.
    Distribution(Distribution),
    /// Whatever it is, cloud-init asks the questions.
    CloudInit,
}

impl LinuxWish {
    const CLOUD_INIT: &str = "cloud-init";

    /// Returns the names of all that can be wished.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Distribution::names().chain([Self::CLOUD_INIT])
    }
}

impl FromStr for LinuxWish {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text == Self::CLOUD_INIT {
            return Ok(Self::CloudInit);
        }
        let found = Distribution::known(text).map(Self::Distribution);
        found.ok_or_else(|| Invalid::new("distribution", text, "is not one that is known here"))
    }
}

/// Finds the system that a medium installs, and refuses one that was not wanted. The memory of the
/// machine decides what Windows 11 must do without.
pub fn choose(
    wish: &SystemWish,
    content: Content,
    memory: Option<Mebibytes>,
) -> Result<Box<dyn GuestOs>, Error> {
    match (wish, content) {
        (SystemWish::Windows(wish), Content::Windows(medium)) => {
            if let (Some(wanted), Some(found)) = (wish.release, medium.release)
                && wanted != found
            {
                return Err(another(&found.to_string(), &wanted.to_string()));
            }
            let mut system = Windows::of(&medium, wish.edition.as_deref())?;
            system.firmware = wish.firmware.unwrap_or(system.firmware);
            system.product_key.clone_from(&wish.product_key);
            let memory = memory.unwrap_or_else(|| system.machine().good.memory);
            system.lacking = system.lacks(memory);
            Ok(Box::new(system))
        }
        (SystemWish::Linux(LinuxWish::CloudInit), Content::Other | Content::Linux(_)) => {
            Ok(Box::new(CloudImage))
        }
        (SystemWish::Linux(LinuxWish::Distribution(wanted)), Content::Linux(medium))
            if *wanted != medium.distribution =>
        {
            Err(another(&medium.name(), &wanted.to_string()))
        }
        (SystemWish::Linux(_), Content::Linux(medium)) => Ok(for_linux(medium)),
        (SystemWish::Linux(_), Content::Windows(_)) => {
            Err(refused("the ISO installs Windows", "use `vm-cli create-windows`"))
        }
        (SystemWish::Windows(_), Content::Linux(medium)) => Err(refused(
            format!("the ISO installs {}, not Windows", medium.name()),
            "use `vm-cli create-linux`",
        )),
        (SystemWish::Windows(_) | SystemWish::Linux(_), Content::Other) => Err(refused(
            "the ISO installs nothing that is known here",
            "see `vm-cli iso info`; what reads cloud-init's answers takes `create-linux --distro \
             cloud-init`, everything else `vm-cli create --iso`",
        )),
    }
}

/// Finds the system on the image of a disk: cloud-init, for there is nothing else to ask it.
pub fn choose_of_image(wish: &SystemWish) -> Result<Box<dyn GuestOs>, Error> {
    match wish {
        SystemWish::Linux(LinuxWish::Any | LinuxWish::CloudInit) => Ok(Box::new(CloudImage)),
        SystemWish::Linux(LinuxWish::Distribution(_)) | SystemWish::Windows(_) => Err(refused(
            "what is on the image of a disk is asked by cloud-init, whatever it is",
            "leave out `--distro`",
        )),
    }
}

fn another(found: &str, wanted: &str) -> Error {
    refused(format!("the ISO installs {found}, not {wanted}"), "name the ISO that you mean")
}
