//! Windows, by an answer file (Microsoft's "Unattended Windows Setup Reference").

mod component;
mod edition;
mod first_logon;
mod machine;
mod product_key;
mod setup;
mod welcome;

pub use edition::choose_edition;
pub use product_key::ProductKey;

use super::answer_media::{AnswerFile, AnswerMedia, Delivery};
use super::installation::{Installation, PostInstall, refused};
use super::xml::Element;
use super::{FirstBoot, GuestOs, Machine, Terms};
use crate::error::{Error, ErrorKind};
use crate::iso::{WindowsImage, WindowsMedium, WindowsRelease};
use crate::keyboard::Layout;
use crate::model::{Architecture, Firmware};

/// What Windows 11 requires of a machine, and can be told to do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// A TPM 2.0.
    Tpm,
    /// Secure Boot.
    SecureBoot,
    /// 4 GB of memory.
    Memory,
}

/// Windows 10, 11, and Server 2019 to 2025.
#[derive(Debug, Clone)]
pub struct Windows {
    /// Which one it is; `None` for one that came after this was written.
    pub release: Option<WindowsRelease>,
    /// The edition.
    pub image: WindowsImage,
    /// What it is made for.
    pub architecture: Architecture,
    /// What the machine boots with: it decides about the disk's partitions.
    pub firmware: Firmware,
    /// What the machine lacks.
    pub lacking: Vec<Requirement>,
    /// The user's own product key; without one nothing is activated.
    pub product_key: Option<ProductKey>,
}

/// Why no package can be had.
const NO_PACKAGES: &str = "Windows has no packages to install by name";

impl GuestOs for Windows {
    fn name(&self) -> String {
        self.full_name()
    }

    fn machine(&self) -> Machine {
        self.machine_for()
    }

    fn concessions(&self) -> Vec<String> {
        let without = |lacking: &Requirement| match lacking {
            Requirement::Tpm => "its setup is told to do without a TPM 2.0",
            Requirement::SecureBoot => "its setup is told to do without Secure Boot",
            Requirement::Memory => "its setup is told to do with less than 4 GiB of memory",
        };
        self.lacking.iter().map(|it| without(it).to_owned()).collect()
    }

    fn first_boot(&self) -> FirstBoot {
        FirstBoot {
            ready: r"if (Test-Path C:\vm-cli\ready) { exit 0 } else { exit 1 }",
            logs: r"C:\Windows\Panther\setupact.log, C:\vm-cli\setup.log",
        }
    }

    fn terms(&self) -> Terms {
        Terms::Accepted("Microsoft's software license terms")
    }

    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error> {
        wanted.user.check_windows()?;
        if wanted.user.as_str().eq_ignore_ascii_case(wanted.host_name.as_str()) {
            let why = format!("the user and the host are both called `{}`", wanted.user);
            return Err(refused(why, "Windows wants two names: choose another"));
        }
        if !wanted.packages.is_empty() {
            return Err(refused(NO_PACKAGES, "install it in a script: `--post-install FILE`"));
        }
        let mut files = vec![
            AnswerFile::new("autounattend.xml", self.document(wanted)?),
            AnswerFile::new("vm-cli-setup.ps1", first_logon::script(wanted)?),
        ];
        let script = wanted.post_install.as_ref();
        files.extend(script.map(|it| AnswerFile::new(script_name(it), &*it.text)));
        Ok(AnswerMedia {
            files,
            delivery: Delivery::SecondDisc("ANSWERS".parse()?),
            next: "attach `answers.iso` as a second disc beside the ISO: Windows Setup finds it",
        })
    }
}

impl Windows {
    /// Takes an edition of a medium, by its identity if there are several. It boots by UEFI where
    /// it can.
    pub fn of(medium: &WindowsMedium, edition: Option<&str>) -> Result<Self, Error> {
        let image = choose_edition(medium, edition)?;
        let Some(architecture) = image.architecture else {
            let message = "the ISO does not say what its Windows is made for";
            return Err(Error::new(ErrorKind::Unsupported, message)
                .hint("take an ISO of Windows 10, 11 or Server 2019 to 2025"));
        };
        let firmware = match architecture {
            Architecture::X86 => Firmware::Bios,
            Architecture::X64 | Architecture::Arm64 => Firmware::Efi,
        };
        let (release, lacking, product_key) = (medium.release, Vec::new(), None);
        Ok(Self { release, image, architecture, firmware, lacking, product_key })
    }

    fn document(&self, wanted: &Installation) -> Result<String, Error> {
        let pass =
            |name, components: Vec<Element>| Element::of("settings", components).with("pass", name);
        let passes = [
            pass("windowsPE", self.windows_pe(wanted)),
            pass("specialize", self.specialize(wanted)?),
            pass("oobeSystem", self.oobe_system(wanted)),
        ];
        let document = Element::of("unattend", passes)
            .with("xmlns", "urn:schemas-microsoft-com:unattend")
            .with("xmlns:wcm", "http://schemas.microsoft.com/WMIConfig/2002/State");
        Ok(document.document())
    }

    /// Returns the language that the medium speaks: Setup stalls if it is asked for another.
    fn language(&self) -> &str {
        self.image.languages.first().map_or("en-US", String::as_str)
    }
}

/// Returns Windows' name of a keyboard layout (Microsoft, "Keyboard identifiers").
fn input_locale(layout: Layout) -> &'static str {
    match layout {
        Layout::Us => "0409:00000409",
        Layout::Uk => "0809:00000809",
        Layout::De => "0407:00000407",
        Layout::Fr => "040c:0000040c",
        Layout::Es => "0c0a:0000040a",
    }
}

/// Returns the name of the user's script on the disc: its ending says what runs it.
fn script_name(script: &PostInstall) -> String {
    let ending = script.name.rsplit_once('.').map_or("", |(_, ending)| ending);
    format!("vm-cli-post-install.{}", ending.to_ascii_lowercase())
}
