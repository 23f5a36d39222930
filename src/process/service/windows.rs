use tokio::process::{Child, Command};

use crate::process::CommandLine;

/// `CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW`: Ctrl-C at the console reaches us, not it.
const APART: u32 = 0x0000_0200 | 0x0800_0000;

/// Builds the call of a program that ends when it is dropped.
#[expect(clippy::disallowed_methods, reason = "the one place where services are started")]
pub(super) fn tethered(line: &CommandLine) -> Command {
    let mut command = Command::new(line.program());
    command.args(line.arguments()).creation_flags(APART).kill_on_drop(true);
    command
}

/// Ends it. It may have ended by itself.
pub(super) fn end(child: &mut Child) {
    if let Err(error) = child.start_kill() {
        tracing::debug!(target: "vm_cli::call", %error, "could not end it");
    }
}
