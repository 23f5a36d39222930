use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use super::Environment;
use super::FileRole;

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

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::Sources;
    use crate::config::FileRole;

    #[test]
    fn a_file_that_is_named_and_found_is_read_once_as_the_named_one() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("x.json");
        fs::write(&file, "{}").unwrap();
        let sources = Sources {
            user: Some(folder.path().join("other.json")),
            project: Some(file),
            named: Some(folder.path().join(".").join("x.json")),
            ..Sources::default()
        };
        let roles: Vec<_> = sources.files().into_iter().map(|(role, _)| role).collect();
        assert_eq!(roles, [FileRole::User, FileRole::Named]);
    }
}
