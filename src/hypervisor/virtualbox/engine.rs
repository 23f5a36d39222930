//! What runs a guest's instructions on this host, decided from what the host has.

use std::fs;
use std::path::Path;

use super::version::Version;
use crate::model::ExecutionEngine;
use crate::model::Finding;
use crate::model::Severity;

/// VirtualBox's driver on Linux.
const LINUX_DRIVER: &str = "/dev/vboxdrv";
const LINUX_CPU: &str = "/proc/cpuinfo";

/// Whether the host has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// It cannot be found out cheaply; VirtualBox will say.
    Unknown,
}

/// What of the host decides how VMs can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HostFacts {
    /// VirtualBox's driver.
    pub driver: Presence,
    /// VT-x or AMD-V.
    pub hardware_virtualization: Presence,
}

impl HostFacts {
    /// Nothing is known: VirtualBox decides.
    pub const UNKNOWN: Self =
        Self { driver: Presence::Unknown, hardware_virtualization: Presence::Unknown };

    /// Looks at this host. Only Linux shows both without a call.
    pub fn probe() -> Self {
        if !cfg!(target_os = "linux") {
            return Self::UNKNOWN;
        }
        let driver = presence(Path::new(LINUX_DRIVER).exists());
        let cpu = fs::read_to_string(LINUX_CPU);
        let hardware_virtualization = cpu.map_or(Presence::Unknown, |text| cpu_flags(&text));
        Self { driver, hardware_virtualization }
    }

    /// Returns whether VirtualBox's ordinary engine cannot work.
    fn lacks(self) -> Option<&'static str> {
        match self {
            Self { driver: Presence::Absent, .. } => Some("VirtualBox's driver is not loaded"),
            Self { hardware_virtualization: Presence::Absent, .. } => {
                Some("this CPU, or the machine this host runs in, has no VT-x or AMD-V")
            }
            Self {
                driver: Presence::Present | Presence::Unknown,
                hardware_virtualization: Presence::Present | Presence::Unknown,
            } => None,
        }
    }
}

/// Returns the engine that works on this host, and what is to be said about it.
pub(super) fn choose(facts: HostFacts, version: Option<Version>) -> (ExecutionEngine, Finding) {
    let Some(lacking) = facts.lacks() else {
        let message = "VMs run on the CPU's own virtualisation, as far as can be seen".to_owned();
        return (ExecutionEngine::Default, finding(Severity::Fine, message, None));
    };
    let driver = facts.driver == Presence::Absent;
    let repair = if driver {
        "install the driver (Debian: `apt install virtualbox-dkms`; others: `/sbin/vboxconfig`)"
    } else {
        "switch virtualisation on in the firmware setup, or in the machine around this one"
    };
    if version.is_some_and(|version| !version.has_execution_engine()) {
        let message = format!("{lacking}, and this VirtualBox cannot run VMs without");
        let fix = format!("{repair}, or install VirtualBox 7.1 or later");
        return (ExecutionEngine::Interpreter, finding(Severity::Problem, message, Some(fix)));
    }
    let message = format!("{lacking}: VMs run on VirtualBox's interpreter, which is slow");
    let fix = Some(format!("for speed, {repair}"));
    (ExecutionEngine::Interpreter, finding(Severity::Advice, message, fix))
}

fn finding(severity: Severity, message: String, fix: Option<String>) -> Finding {
    Finding { check: "virtualbox_engine".into(), severity, message, fix }
}

fn presence(is_there: bool) -> Presence {
    if is_there { Presence::Present } else { Presence::Absent }
}

/// Reads the CPU's flags; other processors than x86 have none.
fn cpu_flags(cpuinfo: &str) -> Presence {
    let flags = cpuinfo.lines().find(|line| line.starts_with("flags"));
    flags.map_or(Presence::Unknown, |line| {
        presence(line.split_whitespace().any(|flag| flag == "vmx" || flag == "svm"))
    })
}

#[cfg(test)]
mod tests {
    use super::{HostFacts, Presence, choose, cpu_flags};
    use crate::model::ExecutionEngine;
    use crate::model::Severity;

    const BARE: HostFacts =
        HostFacts { driver: Presence::Absent, hardware_virtualization: Presence::Absent };

    #[test]
    fn a_host_that_may_have_all_lets_virtualbox_decide() {
        let (engine, finding) = choose(HostFacts::UNKNOWN, None);
        assert_eq!((engine, finding.severity), (ExecutionEngine::Default, Severity::Fine));
    }

    #[test]
    fn a_host_without_the_driver_interprets_since_7_1() {
        let (engine, finding) = choose(BARE, "7.1.0r1".parse().ok());
        assert_eq!((engine, finding.severity), (ExecutionEngine::Interpreter, Severity::Advice));
        assert!(finding.message.contains("driver") && finding.fix.is_some());
        assert_eq!(choose(BARE, "7.0.20r1".parse().ok()).1.severity, Severity::Problem);
    }

    #[test]
    fn a_cpu_without_virtualisation_interprets_even_with_the_driver() {
        let facts = HostFacts { driver: Presence::Present, ..BARE };
        let (engine, finding) = choose(facts, None);
        assert_eq!(engine, ExecutionEngine::Interpreter);
        assert!(finding.message.contains("VT-x"));
    }

    #[test]
    fn the_flags_of_a_cpu_are_whole_words() {
        assert_eq!(cpu_flags("model: x\nflags\t\t: fpu vmx sse\n"), Presence::Present);
        assert_eq!(cpu_flags("flags: fpu svm_lock notvmx\n"), Presence::Absent);
        assert_eq!(cpu_flags("Features: fp asimd\n"), Presence::Unknown);
    }
}
