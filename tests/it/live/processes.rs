//! The processes of a world, known by the name of its service in their environment.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use super::world::World;

/// A process that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) pid: u32,
    pub(crate) words: Vec<String>,
}

impl Running {
    /// Returns whether it runs this program.
    pub(crate) fn is(&self, program: &str) -> bool {
        self.words.first().is_some_and(|it| it.ends_with(program))
    }

    /// Returns whether it runs this VM.
    pub(crate) fn is_of(&self, vm: &str) -> bool {
        self.is("VBoxHeadless") && self.words.iter().any(|word| word == vm)
    }

    /// Ends it at once.
    pub(crate) fn kill(&self) {
        Command::new("kill").args(["-KILL", &self.pid.to_string()]).status().unwrap();
    }
}

/// Finds every process of a world.
pub(crate) fn of(world: &World) -> Vec<Running> {
    let mark = format!("VBOX_IPC_SOCKETID={}", world.home.variable("VBOX_IPC_SOCKETID").unwrap());
    let texts = |file: String| -> Vec<String> {
        let bytes = fs::read(file).unwrap_or_default();
        let words = bytes.split(|byte| *byte == 0).filter(|word| !word.is_empty());
        words.map(|word| String::from_utf8_lossy(word).into_owned()).collect()
    };
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| texts(format!("/proc/{pid}/environ")).contains(&mark))
        .map(|pid| Running { pid, words: texts(format!("/proc/{pid}/cmdline")) })
        .filter(|it| !it.words.is_empty())
        .collect()
}

/// Waits until no VBoxManage works any more, those that hang by design ended first.
pub(crate) fn wait_until_idle(world: &World) {
    let late = Instant::now() + Duration::from_mins(2);
    loop {
        let working: Vec<Running> = of(world)
            .into_iter()
            .filter(|it| it.is("VBoxManage") || it.is("fake-vboxmanage"))
            .collect();
        working.iter().filter(|it| it.is("fake-vboxmanage")).for_each(Running::kill);
        if working.is_empty() {
            return;
        }
        assert!(Instant::now() < late, "these never end: {working:#?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
