use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use crate::process::Exit;

/// Puts a program in a process group of its own: Ctrl-C at the terminal reaches us, not it.
pub(in crate::process::system) fn set_apart(command: &mut Command) {
    command.process_group(0);
}

/// Asks a program to end, and it alone: its group may hold VMs and their service.
pub(in crate::process::system) fn ask_to_end(child: &Child) {
    // `id` is `None` once it was reaped, so this never reaches another program of the same number.
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(id) = id
        && let Err(error) = kill_process(id, Signal::TERM)
    {
        tracing::debug!(target: "vm_cli::call", %error, ?id, "could not ask it to end");
    }
}

/// Translates how a program ended.
pub(in crate::process::system) fn exit_of(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Code(-1),
    }
}
