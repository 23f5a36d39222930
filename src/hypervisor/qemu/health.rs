use super::driver::QemuDriver;
use super::platform;
use super::refused;
use crate::hypervisor::Hypervisor;
use crate::model::{Finding, HypervisorHealth, HypervisorKind, Severity};
use crate::process::CommandLine;

impl QemuDriver {
    /// Looks what is there and what runs the guests' instructions.
    pub(super) async fn examine(&self) -> HypervisorHealth {
        let mut findings = Vec::new();
        let mut version = None;
        match self.version().await {
            Ok(text) => {
                findings.push(Finding {
                    check: "qemu_version".into(),
                    severity: Severity::Fine,
                    message: format!("QEMU {text}"),
                    fix: None,
                });
                version = Some(text);
            }
            Err(problem) => findings.push(problem),
        }
        if self.programs.image.is_none() {
            findings.push(problem("qemu_img", &refused::missing("qemu-img")));
        }
        if !cfg!(unix) {
            findings.push(Finding {
                check: "qemu_host".into(),
                severity: Severity::Problem,
                message: "vm-cli drives QEMU on Unix hosts only".to_owned(),
                fix: Some("use `--hypervisor virtualbox`".to_owned()),
            });
        }
        findings.push(acceleration());
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        HypervisorHealth {
            kind: HypervisorKind::Qemu,
            version,
            program: self.programs.system.clone(),
            engine: self.engine(),
            findings,
        }
    }

    async fn version(&self) -> Result<String, Finding> {
        let missing = || problem("qemu_program", &refused::missing(super::SYSTEM));
        let program = self.programs.system.clone().ok_or_else(missing)?;
        let line = CommandLine::read(program, self.deadlines.query).arg("--version");
        let said = refused::by_program(super::SYSTEM, self.runner.run(&line).await);
        let said = said.map_err(|error| problem("qemu_program", &error))?;
        let first = said.lines().next().unwrap_or_default();
        Ok(first.trim_start_matches("QEMU emulator version ").to_owned())
    }
}

fn acceleration() -> Finding {
    let check = "qemu_acceleration".into();
    if platform::has_kvm() {
        let message = "KVM can run the guests' instructions: `/dev/kvm` may be used".to_owned();
        return Finding { check, severity: Severity::Fine, message, fix: None };
    }
    Finding {
        check,
        severity: Severity::Advice,
        message: "KVM cannot be used here: guests are emulated (TCG), which is slower".to_owned(),
        fix: Some("where `/dev/kvm` is there, join the group `kvm`".to_owned()),
    }
}

fn problem(check: &'static str, error: &crate::error::Error) -> Finding {
    Finding {
        check: check.into(),
        severity: Severity::Problem,
        message: error.message().to_owned(),
        fix: error.next_step().map(ToOwned::to_owned),
    }
}
