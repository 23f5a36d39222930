//! Guests' systems: what their installers ask, answered beforehand.
//!
//! ```text
//!  ISO ─► Inspection ─► dyn GuestOs ─ answers(Installation) ─► AnswerMedia ─► folder, VISO, ISO
//! ```
//! Each family is one file behind one trait. Whatever a person chose is checked where its type is
//! made, and by the family before anything is written: it is escaped, or refused with the reason.
//! All is pure but for [`AnswerMedia::write`].

mod account;
mod alpine;
mod answer_media;
mod boot_menu;
mod cloud_image;
mod crypt;
mod debian;
mod host_name;
mod installation;
mod kickstart;
mod locale;
mod package;
mod password;
mod shell;
mod time_zone;
mod ubuntu;
mod viso;
mod windows;
mod xml;

#[cfg(test)]
mod tests;

use std::fmt::Debug;

pub use account::UserName;
pub use alpine::Alpine;
pub use answer_media::{AnswerFile, AnswerMedia, Delivery, Written};
pub use cloud_image::CloudImage;
pub use debian::Debian;
pub use host_name::HostName;
pub use installation::{Installation, PostInstall};
pub use kickstart::Kickstart;
pub use locale::Locale;
pub use package::PackageName;
pub use password::{Password, Randomness};
pub use time_zone::TimeZone;
pub use ubuntu::Ubuntu;
pub use windows::{ProductKey, Requirement, Windows, choose_edition};

use crate::error::Error;
use crate::iso::{Distribution, LinuxMedium};

/// Whether installing accepts somebody's terms in the name of who installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// It does: of these.
    Accepted(&'static str),
    /// Nobody asks.
    None,
}

/// A family of guests' systems.
pub trait GuestOs: Debug + Send + Sync {
    /// Returns whose terms its answers accept.
    fn terms(&self) -> Terms;

    /// Answers what its installer asks. Fails if something that is wanted cannot be had of it.
    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error>;
}

/// Returns the family of a Linux that a medium installs.
pub fn for_linux(medium: LinuxMedium) -> Box<dyn GuestOs> {
    match medium.distribution {
        Distribution::Debian => Box::new(Debian { medium }),
        Distribution::Ubuntu => Box::new(Ubuntu { medium }),
        Distribution::Alpine => Box::new(Alpine),
        Distribution::Fedora
        | Distribution::Rhel
        | Distribution::CentOs
        | Distribution::Rocky
        | Distribution::Alma => Box::new(Kickstart { distribution: medium.distribution }),
    }
}
