use std::sync::OnceLock;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sysinfo::Pid;
use sysinfo::Process;
use sysinfo::ProcessRefreshKind;
use sysinfo::ProcessStatus;
use sysinfo::ProcessesToUpdate;
use sysinfo::System;

/// A host reports a process's start to the second, and derives it from its uptime.
const TOLERANCE: Duration = Duration::from_secs(2);

/// The process that works on something: its id, and its start, because ids are used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub struct Owner {
    /// Its process id.
    pub pid: u32,
    /// When it began.
    pub started: SystemTime,
}

impl Owner {
    /// Returns this process; `None` if the host does not tell when it began.
    pub fn this_process() -> Option<Self> {
        static THIS: OnceLock<Option<Owner>> = OnceLock::new();
        *THIS.get_or_init(|| Self::of_process(std::process::id()))
    }

    /// Finds the running process of this id; `None` if there is none or the host does not tell.
    pub fn of_process(pid: u32) -> Option<Self> {
        let mut system = System::new().ok()?;
        let id = Pid::from_u32(pid);
        system.refresh_processes_specifics(
            ProcessesToUpdate::Some(&[id]),
            true,
            ProcessRefreshKind::nothing(),
        );
        // One that has ended, and of which nobody has asked how, works on nothing any more.
        let works = |it: &&Process| it.status() != ProcessStatus::Zombie;
        let process = system.process(id).filter(works)?;
        let started = UNIX_EPOCH + Duration::from_secs(process.start_time());
        Some(Self { pid, started })
    }

    /// Returns whether the process still runs.
    pub fn is_alive(&self) -> bool {
        Self::of_process(self.pid).is_some_and(|found| found.began_with(self.started))
    }

    fn began_with(self, started: SystemTime) -> bool {
        let apart = self.started.duration_since(started).unwrap_or_else(|e| e.duration());
        apart <= TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Owner;

    #[test]
    fn this_process_is_alive_and_its_predecessor_of_the_same_id_is_not() {
        let own = Owner::this_process().unwrap();
        assert!(own.is_alive());
        let earlier = Owner { started: own.started - Duration::from_hours(1), ..own };
        assert!(!earlier.is_alive());
    }
}
