//! A VirtualBox and a home of vm-cli that a benchmark has to itself.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

const PROGRAMS: [&str; 2] = ["/usr/lib/virtualbox/VBoxManage", "/opt/VirtualBox/VBoxManage"];

/// Returns the real VBoxManage of this host, or says that there is none.
pub(crate) fn vboxmanage() -> Option<PathBuf> {
    let found = PROGRAMS.iter().map(PathBuf::from).find(|file| file.exists());
    if found.is_none() {
        println!("no VBoxManage on this host: the rest is not measured");
    }
    found
}

/// Returns the vm-cli under test.
pub(crate) fn vm_cli() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vm-cli"))
}

/// A world of its own for VirtualBox and vm-cli.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self { folder: tempfile::tempdir().context("a folder to measure in")? })
    }

    /// The folder of its VMs.
    pub(crate) fn machines(&self) -> String {
        self.folder.path().join("vms").display().to_string()
    }

    /// The home of its vm-cli.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// What is set in the environment of what runs in it.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let folder = self.folder.path();
        let socket = folder.file_name().expect("a temporary folder has a name");
        [
            ("VBOX_USER_HOME", folder.join("vbox").into_os_string()),
            ("VBOX_IPC_SOCKETID", socket.to_owned()),
            ("VM_CLI_HOME", self.home().into_os_string()),
            ("LC_ALL", "C.UTF-8".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_string_lossy().into_owned()))
        .to_vec()
    }

    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .envs(self.variables())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Runs a program, which must succeed, and tells how long it took.
    pub(crate) fn time(&self, program: &Path, arguments: &[&str]) -> Duration {
        time(self.command(program).args(arguments))
    }
}

/// Runs a command, which must succeed, and tells how long it took.
pub(crate) fn time(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let output = command.output().expect("the program starts");
    let took = begun.elapsed();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    took
}

/// Returns the value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
