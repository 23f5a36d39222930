use std::path::{Path, PathBuf};

use clap::Args;
use uuid::Uuid;

use super::answers::{AnswersWish, fresh};
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::usage;
use crate::error::{self, Error, ErrorKind};
use crate::guest_os::{CloudImage, GuestOs, License, ProductKey, Requirement, Windows, for_linux};
use crate::iso::{self, Content};
use crate::model::Firmware;
use crate::report::{Answered, Document};
use crate::request::Secret;

/// Write what answers an installer's questions
///
/// It makes a folder with the answer files of the system that the ISO installs, and a disc of
/// them: a VISO, which VirtualBox reads, and a real ISO for other hypervisors. A password that is
/// made up is shown once, and kept in the folder. Where answering accepts somebody's terms in your
/// name, `--accept-license` must say so.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli answer-media --iso debian-12.iso --output deb --user ada --package git
  vm-cli answer-media --iso Windows11.iso --edition Professional --output win --accept-license
  vm-cli answer-media --cloud-image --output seed --locale de-DE --keyboard de")]
pub(crate) struct AnswerMediaCommand {
    /// Answer the installer on this ISO file
    #[arg(long, alias = "iso-path", value_name = "FILE", required_unless_present = "cloud_image")]
    iso: Option<PathBuf>,

    /// Answer cloud-init, as the cloud images of all distributions have it
    #[arg(long, conflicts_with = "iso")]
    cloud_image: bool,

    /// Write into this new folder
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,

    #[command(flatten)]
    answers: AnswersWish,

    #[command(flatten)]
    windows: WindowsWish,

    /// Accept the terms of what is installed, where its answers do so
    #[arg(long)]
    accept_license: bool,
}

/// What only Windows is asked.
#[derive(Debug, Args)]
struct WindowsWish {
    /// Install this edition of Windows, such as Professional
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,

    /// Install Windows with the product key in this file
    #[arg(long, value_name = "FILE")]
    product_key_file: Option<PathBuf>,

    /// Part the disk of Windows for this firmware: efi, bios
    #[arg(long, value_name = "FIRMWARE", default_value = "efi")]
    firmware: Firmware,

    /// Let Windows 11 do without what the machine lacks: tpm, secure-boot, memory
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = requirement)]
    without: Vec<Requirement>,
}

fn requirement(word: &str) -> Result<Requirement, String> {
    match word {
        "tpm" => Ok(Requirement::Tpm),
        "secure-boot" => Ok(Requirement::SecureBoot),
        "memory" => Ok(Requirement::Memory),
        _ => Err("is none of tpm, secure-boot, memory".to_owned()),
    }
}

impl AnswerMediaCommand {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let medium = self.iso.as_deref().map(absolute).transpose()?;
        let folder = absolute(&self.output)?;
        let system = self.system(&app.shell)?;
        system.terms().check(License::from(self.accept_license))?;
        let randomness = fresh();
        let (wanted, made_up) = self.answers.installation(&app.shell.environment, randomness)?;
        let media = system.answers(&wanted)?;
        let written = if app.shell.global.dry_run {
            media.places(&folder)
        } else {
            media.write(&folder, medium.as_deref(), Uuid::new_v4())?
        };
        let password = match (made_up, app.shell.global.dry_run) {
            (Some(password), false) => {
                Some((Secret::new(password), media.keep_password(&folder, &wanted.password)?))
            }
            (Some(_) | None, _) => None,
        };
        let answered = Answered { written, password, next: media.next };
        app.shell.show(&Document::answered(&answered))?;
        if app.shell.global.dry_run {
            app.shell.remark("this was a rehearsal: nothing was written");
        }
        Ok(0)
    }

    /// Finds out whose questions are answered.
    fn system(&self, shell: &Shell) -> Result<Box<dyn GuestOs>, Error> {
        let Some(file) = &self.iso else { return Ok(Box::new(CloudImage)) };
        let content = iso::inspect_file(file)?.content;
        match content {
            Content::Windows(medium) => Ok(Box::new(Windows {
                firmware: self.windows.firmware,
                lacking: self.windows.without.clone(),
                product_key: product_key(self.windows.product_key_file.as_deref(), shell)?,
                ..Windows::of(&medium, self.windows.edition.as_deref())?
            })),
            Content::Linux(medium) => Ok(for_linux(medium)),
            Content::Other => {
                let message = format!("`{}` installs nothing that is known here", file.display());
                Err(Error::new(ErrorKind::Unsupported, message)
                    .hint("see `vm-cli iso info`; answer it by hand"))
            }
        }
    }
}

/// Reads the user's own product key from a file, else from the environment.
pub(super) fn product_key(file: Option<&Path>, shell: &Shell) -> Result<Option<ProductKey>, Error> {
    let text = match file {
        Some(file) => {
            let what = format!("read the product key in `{}`", file.display());
            Some(std::fs::read_to_string(file).map_err(|e| error::io(what, e))?)
        }
        None => shell.environment.text("VM_CLI_PRODUCT_KEY"),
    };
    Ok(text.map(|text| text.parse()).transpose()?)
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path)
        .map_err(|e| usage(format!("`{}` is no path", path.display())).caused_by(e))
}
