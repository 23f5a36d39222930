use std::path::Path;
use std::path::PathBuf;

use super::Environment;
use crate::error::Error;
use crate::error::ErrorKind;

/// The folder names of the systems that vm-cli runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Linux and its like: the XDG folders.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Platform {
    /// Returns the one that this program was built for.
    pub const fn current() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Linux
        }
    }

    /// Returns the user's home folder, what a leading `~` stands for.
    pub fn home(self, environment: &Environment) -> Option<PathBuf> {
        match self {
            Self::Linux | Self::MacOs => variable(environment, "HOME"),
            Self::Windows => variable(environment, "USERPROFILE"),
        }
    }
}

/// Where vm-cli keeps what is the user's: one folder of state, one file of configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    state: PathBuf,
    config_file: PathBuf,
}

impl Folders {
    /// Finds the folders. `VM_CLI_HOME` moves all of them, and may be relative to the given
    /// current folder.
    pub fn find(
        platform: Platform,
        environment: &Environment,
        current: &Path,
    ) -> Result<Self, Error> {
        if let Some(home) = environment.get("VM_CLI_HOME") {
            return Ok(Self::within(current.join(home)));
        }
        let absolute = |name| {
            // The XDG specification: a relative path is to be ignored.
            environment.get(name).map(PathBuf::from).filter(|path| path.has_root())
        };
        let home = platform.home(environment);
        let at_home = |folder: &str| home.as_ref().map(|home| home.join(folder));
        let (data, config) = match platform {
            Platform::Linux => (
                absolute("XDG_DATA_HOME").or_else(|| at_home(".local/share")),
                absolute("XDG_CONFIG_HOME").or_else(|| at_home(".config")),
            ),
            Platform::MacOs => {
                let support = at_home("Library/Application Support");
                (support.clone(), support)
            }
            Platform::Windows => (
                variable(environment, "LOCALAPPDATA").or_else(|| at_home("AppData/Local")),
                variable(environment, "APPDATA").or_else(|| at_home("AppData/Roaming")),
            ),
        };
        match (data, config) {
            (Some(data), Some(config)) => Ok(Self {
                state: data.join("vm-cli"),
                config_file: config.join("vm-cli").join("config.json"),
            }),
            (None, _) | (_, None) => Err(homeless(platform)),
        }
    }

    /// Keeps everything in one folder, as `VM_CLI_HOME` does.
    pub fn within(folder: impl Into<PathBuf>) -> Self {
        let state = folder.into();
        Self { config_file: state.join("config.json"), state }
    }

    /// Returns the folder of everything that vm-cli remembers.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Returns the folder of the log files, unless the configuration names another.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    /// Returns the folder of the lock files, one a VM.
    pub fn locks(&self) -> PathBuf {
        self.state.join("locks")
    }

    /// Returns the file of the host keys of guests.
    pub fn known_hosts(&self) -> PathBuf {
        self.state.join("known_hosts")
    }

    /// Returns the file of the store.
    pub fn store_file(&self) -> PathBuf {
        self.state.join("store.sqlite")
    }

    /// Returns the file of the lines of text that were read on screens before.
    pub fn lines_file(&self) -> PathBuf {
        self.state.join("screen-lines.tsv")
    }

    /// Returns the file in which the simulator keeps its VMs.
    pub fn simulator_file(&self) -> PathBuf {
        self.state.join("simulator.json")
    }

    /// Returns the user's configuration file.
    pub fn config_file(&self) -> &Path {
        &self.config_file
    }
}

fn variable(environment: &Environment, name: &str) -> Option<PathBuf> {
    environment.get(name).map(PathBuf::from)
}

fn homeless(platform: Platform) -> Error {
    let unset = match platform {
        Platform::Linux | Platform::MacOs => "HOME",
        Platform::Windows => "USERPROFILE",
    };
    Error::new(
        ErrorKind::Config,
        format!("no folder for the program's state: `{unset}` is not set"),
    )
    .hint("set `VM_CLI_HOME` to a folder")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Folders;
    use super::Platform;
    use crate::error::ErrorKind;

    fn find(platform: Platform, variables: &[(&str, &str)]) -> (String, String) {
        let environment = variables.iter().copied().collect();
        let folders = Folders::find(platform, &environment, Path::new("/here")).unwrap();
        // Joining is done by the system that the tests run on.
        let text = |path: &Path| path.display().to_string().replace('\\', "/");
        (text(folders.state()), text(folders.config_file()))
    }

    fn pair(state: &str, config: &str) -> (String, String) {
        (state.to_owned(), config.to_owned())
    }

    #[test]
    fn linux_follows_xdg_and_ignores_relative_values() {
        let usual = pair("/home/me/.local/share/vm-cli", "/home/me/.config/vm-cli/config.json");
        let home = ("HOME", "/home/me");
        assert_eq!(find(Platform::Linux, &[home]), usual);
        assert_eq!(find(Platform::Linux, &[home, ("XDG_DATA_HOME", "data")]), usual);
        let moved = [("XDG_DATA_HOME", "/d"), ("XDG_CONFIG_HOME", "/c")];
        assert_eq!(find(Platform::Linux, &moved), pair("/d/vm-cli", "/c/vm-cli/config.json"));
    }

    #[test]
    fn macos_uses_application_support() {
        let folder = "/Users/me/Library/Application Support/vm-cli";
        let expected = pair(folder, &format!("{folder}/config.json"));
        assert_eq!(
            find(Platform::MacOs, &[("HOME", "/Users/me"), ("XDG_DATA_HOME", "/d")]),
            expected
        );
    }

    #[test]
    fn windows_keeps_state_local_and_configuration_roaming() {
        let variables = [("LOCALAPPDATA", "C:/Local"), ("APPDATA", "C:/Roaming")];
        let expected = pair("C:/Local/vm-cli", "C:/Roaming/vm-cli/config.json");
        assert_eq!(find(Platform::Windows, &variables), expected);
        let profile = [("USERPROFILE", "C:/me")];
        let expected =
            pair("C:/me/AppData/Local/vm-cli", "C:/me/AppData/Roaming/vm-cli/config.json");
        assert_eq!(find(Platform::Windows, &profile), expected);
    }

    #[test]
    fn one_variable_moves_everything() {
        for platform in [Platform::Linux, Platform::MacOs, Platform::Windows] {
            let found = find(platform, &[("VM_CLI_HOME", "/vm"), ("HOME", "/home/me")]);
            assert_eq!(found, pair("/vm", "/vm/config.json"));
        }
        let relative = find(Platform::Linux, &[("VM_CLI_HOME", "state")]);
        assert_eq!(relative, pair("/here/state", "/here/state/config.json"));
    }

    #[test]
    fn without_a_home_the_error_names_the_way_out() {
        for platform in [Platform::Linux, Platform::MacOs, Platform::Windows] {
            let error =
                Folders::find(platform, &[("HOME", ""); 1].into_iter().collect(), Path::new("/"));
            let error = error.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.next_step().unwrap().contains("VM_CLI_HOME"));
        }
    }
}
