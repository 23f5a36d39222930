use std::process::ExitStatus;

use tokio::process::{Child, Command};

use crate::process::Exit;

/// `CREATE_NEW_PROCESS_GROUP`: Ctrl-C at the console reaches us, not it.
const NEW_PROCESS_GROUP: u32 = 0x0000_0200;
/// `CREATE_NO_WINDOW`: no console window flashes up.
const NO_WINDOW: u32 = 0x0800_0000;

/// Puts a program in a process group of its own, without a window.
pub(in crate::process::system) fn set_apart(command: &mut Command) {
    command.creation_flags(NEW_PROCESS_GROUP | NO_WINDOW);
}

/// Asks a program to end. Windows has no safe call for that yet: it has the grace to end by
/// itself. (CTRL_BREAK needs a console that both share; this is the place for it.)
pub(in crate::process::system) fn ask_to_end(_child: &Child) {}

/// Translates how a program ended.
pub(in crate::process::system) fn exit_of(status: ExitStatus) -> Exit {
    Exit::Code(status.code().unwrap_or(-1))
}
