use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use super::Effective;
use super::Environment;
use super::FileRole;
use super::Layer;
use super::Origin;
use super::Problem;
use super::Problems;
use super::Settings;
use super::combinations;
use super::document;
use super::environment;
use super::file;
use super::find;
use super::typed;
use crate::error::Error;

/// The project's file, seen from the folder in which the program runs.
pub const PROJECT_FILE: &str = "config/vm_orchestrator.json";

/// Everything that may say something, from the lowest to the highest. The default is nothing.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The user's file.
    pub user: Option<PathBuf>,
    /// The project's file, see [`PROJECT_FILE`].
    pub project: Option<PathBuf>,
    /// The file that was named with `--config`; it must be there.
    pub named: Option<PathBuf>,
    /// The environment.
    pub environment: Environment,
    /// Flags that stand for a key.
    pub flags: Vec<Flag>,
    /// What a leading `~` in a path stands for.
    pub home: Option<PathBuf>,
}

/// A flag of the command line that stands for a key.
#[derive(Debug, Clone)]
pub struct Flag {
    /// The flag, such as `--vboxmanage`.
    pub name: String,
    /// The path of the key, such as `hypervisor.vboxmanage`.
    pub key: &'static str,
    /// The value as it was typed.
    pub value: OsString,
}

/// A configuration that was found right.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What holds.
    pub settings: Settings,
    /// The same by key, with where each value came from.
    pub effective: Effective,
    /// The files that were looked for, from the lowest to the highest.
    pub files: Vec<FileFound>,
}

/// A file that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFound {
    /// Why it is read.
    pub role: FileRole,
    /// Where it is.
    pub path: PathBuf,
    /// Whether it was there.
    pub presence: Presence,
}

/// Whether a file was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It was there and was read.
    Read,
    /// It was not there.
    Missing,
}

/// Loads the configuration, or reports everything that is wrong with it at once (see
/// [`Problems::of`]).
pub fn load(sources: &Sources) -> Result<Loaded, Error> {
    let mut loading = Loading::default();
    for (role, path) in sources.files() {
        loading.file(role, path);
    }
    let (layers, problems) = environment::read(&sources.environment);
    loading.layers.extend(layers);
    loading.problems.extend(problems);
    for flag in &sources.flags {
        loading.flag(flag);
    }
    loading.finish(sources.home.as_deref())
}

impl Sources {
    /// Returns the files to look for, from the lowest to the highest, each one once.
    pub fn files(&self) -> Vec<(FileRole, &Path)> {
        let all = [
            (FileRole::User, &self.user),
            (FileRole::Project, &self.project),
            (FileRole::Named, &self.named),
        ];
        let mut files: Vec<(FileRole, &Path)> = Vec::new();
        for (role, path) in all {
            if let Some(path) = path.as_deref() {
                files.retain(|(_, lower)| !is_same(lower, path));
                files.push((role, path));
            }
        }
        files
    }
}

fn is_same(left: &Path, right: &Path) -> bool {
    let real = |path| fs::canonicalize(path).ok();
    left == right || real(left).is_some_and(|left| Some(left) == real(right))
}

#[derive(Default)]
struct Loading {
    layers: Vec<Layer>,
    problems: Vec<Problem>,
    files: Vec<FileFound>,
}

impl Loading {
    fn file(&mut self, role: FileRole, path: &Path) {
        let presence = match file::read(role, path) {
            Ok(None) => Presence::Missing,
            Ok(Some(content)) => {
                let origin = Origin::File(role, path.to_owned());
                let (layer, problems) = document::read(origin, &content);
                self.layers.push(layer);
                self.problems.extend(problems);
                Presence::Read
            }
            Err(problem) => return self.problems.push(problem),
        };
        self.files.push(FileFound { role, path: path.to_owned(), presence });
    }

    fn flag(&mut self, flag: &Flag) {
        let origin = Origin::Flag(flag.name.clone());
        let layer = match find(flag.key) {
            Some(key) => environment::one(origin, key, &flag.value),
            None => Err(Problem::with(&origin, flag.key, "is no key")),
        };
        match layer {
            Ok(layer) => self.layers.push(layer),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn finish(mut self, home: Option<&Path>) -> Result<Loaded, Error> {
        let effective = Effective::stack(self.layers);
        self.problems.extend(combinations::check(&effective, &self.problems));
        if !self.problems.is_empty() {
            return Err(Problems(self.problems).into_error());
        }
        let settings = typed::settings(&effective, home)?;
        Ok(Loaded { settings, effective, files: self.files })
    }
}
