//! This host, as the search for VBoxManage and VirtualBox's settings sees it.

use std::path::{Path, PathBuf};

use super::installed;
use super::locate::{self, HostView, PathKind, Search, System};

/// What the environment says of VirtualBox.
#[derive(Debug, Clone)]
pub struct Surroundings {
    variables: Vec<(String, String)>,
    system: System,
}

impl Surroundings {
    /// Takes in the environment of this system.
    pub fn new(variables: &[(String, String)]) -> Self {
        let system = if cfg!(windows) {
            System::Windows
        } else if cfg!(target_os = "macos") {
            System::MacOs
        } else {
            System::Unix
        };
        Self { variables: variables.to_vec(), system }
    }

    /// Searches for VBoxManage; one that is named is the only place that is looked at.
    pub fn search(&self, named: Option<PathBuf>) -> Search {
        let mut folders: Vec<PathBuf> = ["VBOX_MSI_INSTALL_PATH", "VBOX_INSTALL_PATH"]
            .iter()
            .filter_map(|name| self.get(name))
            .flat_map(|value| self.split(value))
            .collect();
        folders.extend(installed::folder());
        locate::locate(&HostView {
            system: self.system,
            explicit: named,
            path: self.get("PATH").map(|value| self.split(value)).unwrap_or_default(),
            named: folders,
            program_files: self.get("ProgramFiles").map(PathBuf::from),
            kind_of: &locate::kind_of,
        })
    }

    /// Searches for the web service: beside VBoxManage first, and never a script.
    pub fn web_service(&self, vboxmanage: Option<&Path>) -> Option<PathBuf> {
        let name = if self.system == System::Windows { "VBoxWebSrv.exe" } else { "vboxwebsrv" };
        let is_there = |program: &PathBuf| locate::kind_of(program) == PathKind::Program;
        let beside = vboxmanage.map(|program| program.with_file_name(name)).filter(is_there);
        beside.or_else(|| {
            let usual = self.search(None).looked_at.into_iter();
            usual.map(|it| it.program.with_file_name(name)).find(is_there)
        })
    }

    /// Returns VirtualBox's settings folder, as its manual names it for each system.
    pub fn settings_folder(&self) -> Option<PathBuf> {
        if let Some(folder) = self.get("VBOX_USER_HOME") {
            return Some(PathBuf::from(folder));
        }
        let home = |name, folder: &str| self.get(name).map(|home| Path::new(home).join(folder));
        match self.system {
            System::Windows => home("USERPROFILE", ".VirtualBox"),
            System::MacOs => home("HOME", "Library/VirtualBox"),
            System::Unix => {
                // The folder of old versions is used on where it is.
                let old = home("HOME", ".VirtualBox").filter(|folder| folder.is_dir());
                old.or_else(|| home("XDG_CONFIG_HOME", "VirtualBox"))
                    .or_else(|| home("HOME", ".config/VirtualBox"))
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let same = |known: &str| match self.system {
            System::Windows => known.eq_ignore_ascii_case(name),
            System::Unix | System::MacOs => known == name,
        };
        let found = self.variables.iter().find(|(known, _)| same(known));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn split(&self, value: &str) -> Vec<PathBuf> {
        let separator = if self.system == System::Windows { ';' } else { ':' };
        value.split(separator).filter(|part| !part.is_empty()).map(PathBuf::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Surroundings, System};

    fn on(system: System, variables: &[(&str, &str)]) -> Surroundings {
        let variables = variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Surroundings { variables, system }
    }

    #[test]
    fn the_settings_are_where_the_manual_says() {
        let windows = on(System::Windows, &[("UserProfile", "C:/Users/ada")]);
        assert_eq!(windows.settings_folder(), Some(PathBuf::from("C:/Users/ada/.VirtualBox")));
        let mac = on(System::MacOs, &[("HOME", "/Users/ada")]);
        assert_eq!(mac.settings_folder(), Some(PathBuf::from("/Users/ada/Library/VirtualBox")));
        let linux = on(System::Unix, &[("HOME", "/nonexistent/ada")]);
        let expected = Some(PathBuf::from("/nonexistent/ada/.config/VirtualBox"));
        assert_eq!(linux.settings_folder(), expected);
        let moved = on(System::Unix, &[("HOME", "/home/ada"), ("VBOX_USER_HOME", "/tmp/world")]);
        assert_eq!(moved.settings_folder(), Some(PathBuf::from("/tmp/world")));
    }

    #[test]
    fn the_web_service_is_beside_vboxmanage_and_no_script() {
        let folder = tempfile::tempdir().unwrap();
        let linux = on(System::Unix, &[("PATH", "/nonexistent")]);
        let service = folder.path().join("vboxwebsrv");
        let beside = || linux.web_service(Some(&folder.path().join("VBoxManage")));
        std::fs::write(&service, "#!/bin/sh\n").unwrap();
        assert_ne!(beside(), Some(service.clone()), "a script would outlive what ends it");
        std::fs::write(&service, "\x7fELF").unwrap();
        assert_eq!(beside(), Some(service));
    }

    #[test]
    fn a_named_program_is_the_only_place_that_is_looked_at() {
        let linux = on(System::Unix, &[("PATH", "/usr/bin")]);
        let search = linux.search(Some(PathBuf::from("/nowhere/VBoxManage")));
        assert_eq!((search.found, search.looked_at.len()), (None, 1));
    }
}
