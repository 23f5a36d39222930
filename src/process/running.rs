//! The programs that run on this host, ours and others'.

use std::ffi::OsString;
use std::path::Path;

use sysinfo::Pid;
use sysinfo::Process;
use sysinfo::ProcessRefreshKind;
use sysinfo::ProcessesToUpdate;
use sysinfo::System;
use sysinfo::UpdateKind;

/// A program that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The file name of the program as it was called.
    pub program: String,
    /// Its arguments, those that are no text with replacements.
    pub arguments: Vec<String>,
    /// Its environment as `NAME=value`; empty where the host does not show it.
    pub environment: Vec<String>,
}

impl Running {
    /// Returns a variable of its environment.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.iter().find_map(|it| it.strip_prefix(name)?.strip_prefix('='))
    }

    /// Finds the process of this id; `None` if there is none, or the host does not show it.
    pub fn of_process(pid: u32) -> Option<Self> {
        let id = Pid::from_u32(pid);
        let system = look(ProcessesToUpdate::Some(&[id]))?;
        Self::of(system.process(id)?)
    }

    /// Finds every process whose program's name begins so, in upper or lower case.
    pub fn of_program(name: &str) -> Vec<Self> {
        let Some(system) = look(ProcessesToUpdate::All) else { return Vec::new() };
        let mut found: Vec<_> = system.processes().values().filter_map(Self::of).collect();
        found.retain(|it| it.program.to_lowercase().starts_with(&name.to_lowercase()));
        found
    }

    fn of(process: &Process) -> Option<Self> {
        let Some((first, arguments)) = process.cmd().split_first() else {
            return Self::of_name(process);
        };
        let program = Path::new(first).file_name().unwrap_or(first).to_string_lossy().into_owned();
        let texts = |words: &[OsString]| {
            words.iter().map(|word| word.to_string_lossy().into_owned()).collect()
        };
        let (arguments, environment) = (texts(arguments), texts(process.environ()));
        Some(Self { program, arguments, environment })
    }

    /// Windows may hide how a process was called, and still tells what it is; elsewhere a process
    /// without a command line has ended, or is none of a program.
    fn of_name(process: &Process) -> Option<Self> {
        let program = process.name().to_string_lossy().into_owned();
        cfg!(windows).then_some(Self { program, arguments: Vec::new(), environment: Vec::new() })
    }
}

fn look(which: ProcessesToUpdate<'_>) -> Option<System> {
    let mut system = System::new().ok()?;
    let kind = ProcessRefreshKind::nothing()
        .with_cmd(UpdateKind::Always)
        .with_environ(UpdateKind::Always)
        .without_tasks();
    system.refresh_processes_specifics(which, true, kind);
    Some(system)
}

#[cfg(test)]
mod tests {
    use super::Running;

    #[test]
    fn this_test_is_found_by_its_process_and_by_its_program() {
        let own = Running::of_process(std::process::id()).unwrap();
        assert!(own.program.starts_with("vm_cli"), "{own:?}");
        assert!(cfg!(windows) || own.variable("PATH").is_some(), "{own:?}");
        assert_eq!(own.variable("PAT"), None);
        assert!(Running::of_program(&own.program.to_uppercase()).contains(&own));
        assert!(Running::of_program("no-such-program").is_empty());
    }
}
