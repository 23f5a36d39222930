//! What else on a Linux host keeps VirtualBox from the CPU: KVM, and missing rights.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::version::Version;
use crate::model::{Finding, Severity};

/// The first VirtualBox that shares the CPU's virtualisation with KVM, and so needs it switched on
/// (VirtualBox issue 711).
const SHARES_WITH_KVM: Version = Version { major: 7, minor: 2, build: 10 };

const MODULES: &str = "/proc/modules";
const KVM_AT_LOAD: &str = "/sys/module/kvm/parameters/enable_virt_at_load";
const DRIVER: &str = "/dev/vboxdrv";

/// What a Linux host tells of other users of its CPU's virtualisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The module of KVM that is loaded.
    kvm: Option<String>,
    /// Whether KVM takes the CPU's virtualisation when it is loaded (Linux 6.12 and later tell).
    at_load: Option<KvmAtLoad>,
    /// Whether this user may not open VirtualBox's driver.
    driver_denied: bool,
}

/// When KVM takes the CPU's virtualisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KvmAtLoad {
    /// When its module is loaded.
    Takes,
    /// When its first VM starts.
    Waits,
}

impl Neighbours {
    /// Looks at this host; other systems than Linux have none of this to see.
    pub fn look() -> Self {
        let opened = fs::File::open(DRIVER);
        let denied = opened.is_err_and(|e| e.kind() == ErrorKind::PermissionDenied);
        let text = |path: &str| fs::read_to_string(Path::new(path)).unwrap_or_default();
        Self::read(&text(MODULES), &text(KVM_AT_LOAD), denied)
    }

    fn read(modules: &str, at_load: &str, driver_denied: bool) -> Self {
        let names = modules.lines().filter_map(|line| line.split_whitespace().next());
        let kvm = names.into_iter().find(|name| ["kvm_intel", "kvm_amd"].contains(name));
        let at_load = match at_load.trim() {
            "Y" | "1" => Some(KvmAtLoad::Takes),
            "N" | "0" => Some(KvmAtLoad::Waits),
            _ => None,
        };
        Self { kvm: kvm.map(ToOwned::to_owned), at_load, driver_denied }
    }

    /// Says what is in the way of a version of VirtualBox.
    pub(super) fn findings(&self, version: Version) -> Vec<Finding> {
        let mut findings = vec![self.about_kvm(version)];
        if self.driver_denied {
            findings.push(Finding {
                check: "rights".into(),
                severity: Severity::Advice,
                message: format!("this user may not open {DRIVER}"),
                fix: Some(
                    "join its group: `sudo usermod -aG vboxusers \"$USER\"`, log in anew".into(),
                ),
            });
        }
        findings
    }

    fn about_kvm(&self, version: Version) -> Finding {
        let shares = SHARES_WITH_KVM <= version;
        let (severity, message, fix) = match (&self.kvm, self.at_load) {
            (None, _) => (Severity::Fine, "no other hypervisor holds the CPU".to_owned(), None),
            (Some(module), Some(KvmAtLoad::Takes)) if !shares => (
                Severity::Advice,
                format!("{module} holds the CPU's virtualisation from the moment it is loaded"),
                Some(format!(
                    "boot with `kvm.enable_virt_at_load=0`, or unload it: `sudo modprobe -r {module}`"
                )),
            ),
            (Some(module), Some(KvmAtLoad::Waits)) if shares => (
                Severity::Advice,
                format!("{module} is told to wait, which VirtualBox {version} does not want"),
                Some("remove `kvm.enable_virt_at_load=0` from the boot options".to_owned()),
            ),
            (Some(module), _) => {
                (Severity::Fine, format!("{module} is loaded and shares the CPU"), None)
            }
        };
        Finding { check: "other_hypervisors".into(), severity, message, fix }
    }
}

#[cfg(test)]
mod tests {
    use super::{Neighbours, SHARES_WITH_KVM};
    use crate::hypervisor::virtualbox::Version;
    use crate::model::Severity;

    const MODULES: &str = "kvm_amd 212992 0 - Live 0x0\nkvm 1400832 1 kvm_amd, Live 0x0\n";
    const OLDER: Version = Version { major: 7, minor: 1, build: 4 };

    #[test]
    fn what_kvm_should_do_depends_on_virtualbox() {
        let severity = |at_load, version| {
            let found = Neighbours::read(MODULES, at_load, false).findings(version);
            (found[0].severity, found[0].fix.clone().unwrap_or_default())
        };
        let (worse, fix) = severity("Y\n", OLDER);
        assert_eq!(worse, Severity::Advice);
        assert!(fix.contains("modprobe -r kvm_amd"), "{fix}");
        assert_eq!(severity("Y\n", SHARES_WITH_KVM).0, Severity::Fine);
        assert_eq!(severity("N\n", SHARES_WITH_KVM).0, Severity::Advice);
        assert_eq!(severity("N\n", OLDER).0, Severity::Fine);
        assert_eq!(severity("", OLDER).0, Severity::Fine);
    }

    #[test]
    fn a_host_without_kvm_has_nothing_in_the_way() {
        let host = Neighbours::read("ext4 1 0 - Live\n", "", false);
        assert_eq!(host.findings(OLDER)[0].severity, Severity::Fine);
    }

    #[test]
    fn a_driver_that_may_not_be_opened_is_told_with_the_group() {
        let found = Neighbours::read("", "", true).findings(OLDER);
        assert!(found[1].fix.as_deref().is_some_and(|fix| fix.contains("vboxusers")));
    }
}
