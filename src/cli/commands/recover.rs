use clap::Args;

use super::several::OnEach;
use crate::cli::target::Given;
use crate::cli::targets::Targets;
use crate::cli::usage;
use crate::cli::values::words;
use crate::config::Recovery;
use crate::error::Error;
use crate::model::{RecoveryPolicy, SnapshotName, VmRef};
use crate::request::{RecoverRequest, Request};

/// Find out what is wrong with a VM, and bring it back
///
/// Trouble is: its process died (aborted), its CPUs were stopped by an error (stuck), its process
/// does not answer, its saved state cannot be read. The state, the end of the VM's log and the free
/// disk are shown. Without a policy nothing is done; a VM that is well or off is left alone.
///
/// The policy restart starts it again, and throws away a saved state that cannot be read;
/// restore-snapshot puts it back to a snapshot first. What the guest had not written is lost.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli recover --name my-first-vm
  vm-cli recover my-first-vm --policy restart
  vm-cli recover web --policy restore-snapshot --snapshot clean-state --dry-run
  vm-cli recover --state aborted,stuck --policy restart")]
pub(crate) struct Recover {
    /// Do this about it [default: none, or `recovery.policy`]
    #[arg(long, value_name = "POLICY", value_parser = policies())]
    policy: Option<RecoveryPolicy>,

    /// Put it back to this snapshot [default: the one on which it stands]
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    snapshot: Option<SnapshotName>,

    #[command(flatten)]
    targets: Targets,
}

/// Reads a policy by its word.
pub(super) fn policies() -> impl clap::builder::TypedValueParser<Value = RecoveryPolicy> {
    words::<RecoveryPolicy>(RecoveryPolicy::ALL.map(RecoveryPolicy::as_str))
}

impl OnEach for Recover {
    fn targets(&self, _given: &Given) -> Result<Targets, Error> {
        Ok(self.targets.clone())
    }

    fn request(&self, vm: VmRef, given: &Given) -> Result<Request, Error> {
        let (policy, snapshot) = cure(self.policy, self.snapshot.as_ref(), &given.recovery)?;
        Ok(Request::Recover(RecoverRequest { vm, policy, snapshot, seen: None }))
    }
}

/// Puts together what was said of the policy and the snapshot and what is configured. Who names a
/// snapshot wants to go back to it.
pub(super) fn cure(
    policy: Option<RecoveryPolicy>,
    snapshot: Option<&SnapshotName>,
    configured: &Recovery,
) -> Result<(RecoveryPolicy, Option<String>), Error> {
    let Some(snapshot) = snapshot else {
        return Ok((policy.unwrap_or(configured.policy), configured.snapshot.clone()));
    };
    match policy.unwrap_or(RecoveryPolicy::RestoreSnapshot) {
        RecoveryPolicy::RestoreSnapshot => {
            Ok((RecoveryPolicy::RestoreSnapshot, Some(snapshot.to_string())))
        }
        other @ (RecoveryPolicy::None | RecoveryPolicy::Restart) => {
            let why = format!("`--snapshot` and the policy `{other}` contradict each other");
            Err(usage(why).hint("say `--policy restore-snapshot`, or leave one of them out"))
        }
    }
}
