//! The built-in health checks of VMs, each behind the same trait as those of the library's users.

mod command;
mod heartbeat;
mod screen;
mod ssh;

use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::metrics::VmHealthCheck;
use crate::orchestrator::VmOrchestrator;
use crate::request::WatchPlan;

/// The names of the built-in checks. The state is looked at in any case.
pub(in crate::orchestrator) const BUILT_IN: &[&str] =
    &[STATE, "screen", "ssh", "heartbeat", "command"];

pub(super) const STATE: &str = "state";

/// A check with its name.
pub(super) type Named = (String, Arc<dyn VmHealthCheck>);

impl VmOrchestrator {
    /// Returns checks for one VM, by their names.
    pub(super) fn checks_named(
        &self,
        names: &[String],
        plan: &WatchPlan,
    ) -> Result<Vec<Named>, Error> {
        let mut checks: Vec<Named> = Vec::new();
        for name in names {
            if name == STATE || checks.iter().any(|(known, _)| known == name) {
                continue;
            }
            checks.push((name.clone(), self.check_named(name, plan)?));
        }
        Ok(checks)
    }

    fn check_named(&self, name: &str, plan: &WatchPlan) -> Result<Arc<dyn VmHealthCheck>, Error> {
        let this = self.clone();
        Ok(match name {
            "screen" => Arc::new(screen::Screen::new(this, plan.frozen)),
            "ssh" => Arc::new(ssh::Ssh(this)),
            "heartbeat" => Arc::new(heartbeat::Pulse(this)),
            "command" => Arc::new(command::Command::new(this, plan.command.clone())),
            other => self.vm_checks().get(other).ok_or_else(|| {
                let mut known: Vec<String> = BUILT_IN.iter().map(ToString::to_string).collect();
                known.extend(self.vm_checks().names());
                let message = format!("there is no health check `{other}`");
                Error::new(ErrorKind::Usage, message)
                    .hint(format!("choose from {}", known.join(", ")))
            })?,
        })
    }
}
