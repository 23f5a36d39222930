//! Guests' systems: what their installers ask, answered beforehand.
//!
//! ```text
//!  ISO ─► Inspection ─► dyn GuestOs ─┬─ answers(Installation) ─► AnswerMedia ─► folder, VISO, ISO
//!                                    └─ machine() ─► Machine: firmware, TPM, graphics, memory, …
//! ```
//! Each family is one file behind one trait. Whatever a person chose is checked where its type is
//! made, and by the family before anything is written: it is escaped, or refused with the reason.
//! All is pure but for [`AnswerMedia::write`].

mod account;
mod alpine;
mod answer_media;
mod boot_menu;
mod choose;
mod cloud_image;
mod crypt;
mod debian;
mod host_name;
mod installation;
mod kickstart;
mod locale;
mod machine;
mod package;
mod password;
mod renewal;
mod shell;
mod time_zone;
mod ubuntu;
mod viso;
mod windows;
mod xml;

#[cfg(test)]
mod awkward_tests;
#[cfg(test)]
mod machine_tests;
#[cfg(test)]
mod tests;

use std::fmt::Debug;

pub use account::UserName;
pub use alpine::Alpine;
pub use answer_media::{AnswerFile, AnswerMedia, Delivery, Written};
pub use choose::{LinuxWish, SystemWish, WindowsWish, choose, choose_of_image};
pub use cloud_image::CloudImage;
pub use debian::Debian;
pub use host_name::HostName;
pub use installation::{Installation, PostInstall};
pub use kickstart::Kickstart;
pub use locale::Locale;
pub use machine::{BootPrompt, Machine, Resources};
pub use package::PackageName;
pub use password::{Password, Randomness};
pub use renewal::renewal;
pub use time_zone::TimeZone;
pub use ubuntu::Ubuntu;
pub use windows::{ProductKey, Requirement, Windows, choose_edition};

use crate::error::{Error, ErrorKind};
use crate::iso::{Distribution, LinuxMedium};

/// Whether installing accepts somebody's terms in the name of who installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// It does: of these.
    Accepted(&'static str),
    /// Nobody asks.
    None,
}

/// Whether who installs accepts what is to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum License {
    /// They said so.
    Accepted,
    /// They said nothing.
    Unsaid,
}

impl From<bool> for License {
    fn from(accepted: bool) -> Self {
        if accepted { Self::Accepted } else { Self::Unsaid }
    }
}

impl Terms {
    /// Refuses to accept terms in the name of somebody who did not say so.
    pub fn check(self, license: License) -> Result<(), Error> {
        match (self, license) {
            (Self::None, _) | (Self::Accepted(_), License::Accepted) => Ok(()),
            (Self::Accepted(whose), License::Unsaid) => {
                let message = format!("the answers accept {whose} in your name");
                Err(Error::new(ErrorKind::ConfirmationRequired, message)
                    .hint("read them, and add `--accept-license`"))
            }
        }
    }
}

/// What is known of a system when it starts from its disk for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstBoot {
    /// What its user runs there, by its own shell: it ends with 0 when everything is installed.
    pub ready: &'static str,
    /// Where its installer says why it stopped.
    pub logs: &'static str,
}

impl FirstBoot {
    /// That the user can log in says it: installers make users last.
    const LINUX: Self = Self { ready: "true", logs: "/var/log/installer, /root" };
}

/// A family of guests' systems.
pub trait GuestOs: Debug + Send + Sync {
    /// Returns what people call it.
    fn name(&self) -> String;

    /// Returns the machine on which it is installed.
    fn machine(&self) -> Machine;

    /// Returns where it begins to work by itself, and how one sees that it is ready.
    fn first_boot(&self) -> FirstBoot {
        FirstBoot::LINUX
    }

    /// Returns whose terms its answers accept.
    fn terms(&self) -> Terms;

    /// Tells what its installer is told to do without on that machine.
    fn concessions(&self) -> Vec<String> {
        Vec::new()
    }

    /// Answers what its installer asks. Fails if something that is wanted cannot be had of it.
    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error>;
}

/// Returns the family of a Linux that a medium installs.
pub fn for_linux(medium: LinuxMedium) -> Box<dyn GuestOs> {
    match medium.distribution {
        Distribution::Debian => Box::new(Debian { medium }),
        Distribution::Ubuntu => Box::new(Ubuntu { medium }),
        Distribution::Alpine => Box::new(Alpine { architecture: medium.architecture }),
        Distribution::Fedora
        | Distribution::Rhel
        | Distribution::CentOs
        | Distribution::Rocky
        | Distribution::Alma => Box::new(Kickstart { medium }),
    }
}
