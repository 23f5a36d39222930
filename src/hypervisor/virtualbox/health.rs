//! Whether VMs could run.

use super::check::check;
use super::check::split_warning;
use super::engine;
use super::error;
use super::manager::VirtualBoxManager;
use super::version::Version;
use crate::error::Error;
use crate::model::Finding;
use crate::model::HypervisorHealth;
use crate::model::HypervisorKind;
use crate::model::Severity;

impl VirtualBoxManager {
    /// Asks for the version, which needs neither VirtualBox's service nor its driver.
    pub(super) async fn check_health(&self) -> HypervisorHealth {
        let (answer, warning) = self.ask_version().await;
        let version = answer.as_ref().ok().and_then(|text| text.parse::<Version>().ok());
        let (engine, engine_finding) = engine::choose(self.options.host, version);
        let mut findings = match &answer {
            Ok(text) => vec![self.program_is_there(), about_version(text, version)],
            Err(error) => vec![about_failure(error)],
        };
        if let Some(version) = version {
            findings.push(engine_finding);
            findings.extend((self.options.neighbours)().findings(version));
        }
        findings.extend(warning.as_deref().map(about_warning));
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        HypervisorHealth {
            kind: HypervisorKind::VirtualBox,
            version: answer.ok(),
            program: version.map(|_| self.options.program.clone()),
            engine,
            findings,
        }
    }

    /// Returns the last line that was printed, and the warning of the wrapper script before it.
    async fn ask_version(&self) -> (Result<String, Error>, Option<String>) {
        let line = self.commands.version();
        let output = match self.options.runner.run(&line).await {
            Ok(output) => output,
            Err(why) => return (Err(error::unfinished(why, line.effect(), None)), None),
        };
        let warning = split_warning(&output.stdout).0.map(str::to_owned);
        let printed = check(&line, &output);
        let printed = printed.map_err(|failure| error::explain(&failure, None));
        let last = |text: String| text.lines().last().unwrap_or_default().trim().to_owned();
        (printed.map(last), warning)
    }

    fn program_is_there(&self) -> Finding {
        let message = format!("VBoxManage is `{}`", self.options.program.display());
        Finding { check: "virtualbox_program".into(), severity: Severity::Fine, message, fix: None }
    }
}

fn about_version(printed: &str, version: Option<Version>) -> Finding {
    let oldest = Version::OLDEST;
    let (severity, message, fix) = match version {
        Some(version) if version >= oldest => {
            (Severity::Fine, format!("VirtualBox {printed} is recent enough"), None)
        }
        Some(_) => (
            Severity::Problem,
            format!("VirtualBox {printed} is too old: {oldest} or later is needed"),
            Some("install VirtualBox 7.0 or later".to_owned()),
        ),
        None => (
            Severity::Problem,
            format!("VBoxManage tells no version but `{}`", printed.escape_debug()),
            Some("check which program it is: `vm-cli config show`".to_owned()),
        ),
    };
    Finding { check: "virtualbox_version".into(), severity, message, fix }
}

fn about_failure(error: &Error) -> Finding {
    Finding {
        check: "virtualbox_program".into(),
        severity: Severity::Problem,
        message: error.to_string(),
        fix: Some(
            "install VirtualBox 7.0 or later, or name its VBoxManage with `--vboxmanage`"
                .to_owned(),
        ),
    }
}

fn about_warning(warning: &str) -> Finding {
    let first = warning.lines().next().unwrap_or_default();
    let said = first.strip_prefix("WARNING:").unwrap_or(first).trim();
    Finding {
        check: "virtualbox_wrapper".into(),
        severity: Severity::Advice,
        message: format!("VBoxManage is a script here, and warns: {said}"),
        fix: Some("name the real program with `--vboxmanage`".to_owned()),
    }
}
