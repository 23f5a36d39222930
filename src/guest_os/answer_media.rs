use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::Password;
use super::viso::{self, Shown};
use crate::error::{self, Error, ErrorKind};
use crate::iso::{self, Label};

/// A file of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerFile {
    /// Its path on the disc.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl AnswerFile {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// How an installer gets its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// From a disc of their own, beside its medium.
    SecondDisc(Label),
    /// From its own medium, in which they stand and of which they replace these files.
    WithinMedium(Vec<&'static str>),
}

/// What answers an installer's questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerMedia {
    /// The files.
    pub files: Vec<AnswerFile>,
    /// How they come to the installer.
    pub delivery: Delivery,
    /// What a person does with them.
    pub next: &'static str,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The files of answers.
    pub files: Vec<PathBuf>,
    /// The disc that VirtualBox reads from a text.
    pub viso: PathBuf,
    /// The disc that every hypervisor reads, if there is one.
    pub iso: Option<PathBuf>,
}

impl AnswerMedia {
    /// Returns what [`AnswerMedia::write`] writes into a folder.
    pub fn places(&self, folder: &Path) -> Written {
        let own = |file: &AnswerFile| folder.join("files").join(&file.path);
        let iso = match &self.delivery {
            Delivery::SecondDisc(_) => Some(folder.join("answers.iso")),
            Delivery::WithinMedium(_) => None,
        };
        let files = self.files.iter().map(own).collect();
        Written { files, viso: folder.join("answers.viso"), iso }
    }

    /// Writes the files into a new folder that nobody else can look into, and their discs. The
    /// folder's path and the medium's must be absolute: VirtualBox looks for them.
    pub fn write(&self, folder: &Path, medium: Option<&Path>, id: Uuid) -> Result<Written, Error> {
        let places = self.places(folder);
        let on_host: Vec<(&str, &Path)> = self
            .files
            .iter()
            .zip(&places.files)
            .map(|(file, host)| (file.path.as_str(), host.as_path()))
            .collect();
        let shown = match (&self.delivery, medium) {
            (Delivery::SecondDisc(label), _) => Shown::Files(label),
            (Delivery::WithinMedium(replaced), Some(iso)) => Shown::Within { iso, replaced },
            (Delivery::WithinMedium(_), None) => {
                return Err(Error::new(ErrorKind::Internal, "the answers need their medium"));
            }
        };
        let viso = viso::text(id, shown, &on_host)?;
        let disc = match &self.delivery {
            Delivery::SecondDisc(label) => {
                let files: Vec<_> = self
                    .files
                    .iter()
                    .map(|file| (file.path.as_str(), file.text.as_bytes()))
                    .collect();
                Some(iso::write(label, &files)?)
            }
            Delivery::WithinMedium(_) => None,
        };
        make_new(folder)?;
        for (file, place) in self.files.iter().zip(&places.files) {
            write_private(place, file.text.as_bytes())?;
        }
        write_private(&places.viso, viso.as_bytes())?;
        if let Some((place, disc)) = places.iso.as_ref().zip(disc) {
            write_private(place, &disc)?;
        }
        Ok(places)
    }

    /// Keeps a password beside what was written, and returns where.
    pub fn keep_password(&self, folder: &Path, password: &Password) -> Result<PathBuf, Error> {
        let file = folder.join("password");
        write_private(&file, format!("{}\n", password.reveal()).as_bytes())?;
        Ok(file)
    }
}

/// Makes a folder that is not there, or is empty.
fn make_new(folder: &Path) -> Result<(), Error> {
    let shown = folder.display();
    if fs::read_dir(folder).is_ok_and(|mut inside| inside.next().is_some()) {
        let message = format!("the folder `{shown}` is not empty");
        return Err(Error::new(ErrorKind::AlreadyExists, message)
            .hint("name a new folder: the discs stay tied to their files"));
    }
    make_folder(folder).map_err(|e| error::making(format!("make the folder `{shown}`"), e))
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a new file that nobody else can read, and the folders that it lies in.
fn write_private(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = file
        .parent()
        .map_or(Ok(()), make_folder)
        .and_then(|()| options.open(file))
        .and_then(|mut it| it.write_all(bytes));
    written.map_err(|e| error::making(format!("write `{}`", file.display()), e))
}
