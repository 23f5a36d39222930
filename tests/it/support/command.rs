//! Runs the built `vm-cli` as a person would, in a world of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A home for `vm-cli` that no other test shares; removed at the end.
#[derive(Debug)]
pub(crate) struct Home {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What a run of `vm-cli` came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    /// Makes a home whose VMs are simulated.
    pub(crate) fn simulated() -> Self {
        Self::with([("VM_CLI_HYPERVISOR".to_owned(), "simulated".to_owned())])
    }

    /// Makes a home with these variables in its environment, and little else.
    pub(crate) fn with(environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let folder = tempfile::Builder::new().prefix("vm-cli-test-").tempdir().unwrap();
        Self { folder, environment: environment.into_iter().collect() }
    }

    /// Returns the folder: the working folder of what is run, its home below.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Sets a variable for what is run from now on.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.into()));
    }

    /// Returns the variables that were set.
    #[cfg(unix)] // The live tests ask for it.
    pub(crate) fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// Returns the value of a variable that was set.
    #[cfg(unix)]
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns what is set in the environment of what is run.
    #[cfg(unix)]
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let state = self.path().join("state").display().to_string();
        let mut all = self.environment.clone();
        all.push(("VM_CLI_HOME".to_owned(), state));
        all
    }

    /// Prepares a run of a program in this home; standard input is empty.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::null()).current_dir(self.path());
        let folder = program_file().parent().map(Path::to_path_buf).unwrap_or_default();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders).unwrap());
        // Windows programs need to know where the system is.
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        command.env("HOME", self.path()).env("VM_CLI_HOME", self.path().join("state"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs `vm-cli` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::from(self.command(program_file()).args(arguments).output().unwrap())
    }

    /// Runs `vm-cli`, which must succeed, and returns what it printed.
    #[track_caller]
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "vm-cli {}\n{run:#?}", arguments.join(" "));
        run.stdout
    }

    /// Runs `vm-cli` with `--json`, which must succeed, and returns the document.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let text = self.ok(&all);
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    /// Runs `vm-cli` with `--json`, which must end with this exit code, and returns its error.
    #[track_caller]
    pub(crate) fn error(&self, code: i32, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let run = self.run(&all);
        assert_eq!(run.code, code, "vm-cli {}\n{run:#?}", arguments.join(" "));
        assert!(!run.stderr.contains("panicked"), "{run:#?}");
        let document: Value = serde_json::from_str(&run.stdout)
            .unwrap_or_else(|e| panic!("{e}: vm-cli {}\n{run:#?}", arguments.join(" ")));
        document.get("error").cloned().unwrap_or_else(|| panic!("no error in {document}"))
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Returns the built `vm-cli`.
pub(crate) fn program_file() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vm-cli"))
}
