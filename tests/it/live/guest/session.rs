//! A shell in the guest that stays open: to log in is what takes longest there.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::VM;
use crate::live::world::World;
use crate::support::command::program_file;

/// Stands before the exit code of each command.
const MARK: &str = "vm-cli-test-ended ";

/// Root's shell in the guest.
pub(super) struct Session {
    child: Child,
    typed: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Session {
    pub(super) fn open(world: &World, password: &str) -> Self {
        let mut call = world.home.command(program_file());
        call.args(["shell", VM, "--username", "root"]).env("VM_CLI_PASSWORD", password);
        let mut child = call.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (typed, said) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, typed, said: BufReader::new(said) }
    }

    /// Runs a command line, which must end well, and returns what it printed.
    #[track_caller]
    pub(super) fn run(&mut self, line: &str) -> String {
        let (code, printed) = self.ended(line);
        assert_eq!(code, 0, "{line}: {printed}");
        printed
    }

    /// Runs a command line, and returns its exit code and what it printed, errors too.
    pub(super) fn ended(&mut self, line: &str) -> (i32, String) {
        writeln!(self.typed, "{{ {line}\n}} 2>&1 </dev/null; printf '{MARK}%s\\n' $?").unwrap();
        let mut printed = String::new();
        loop {
            let before = printed.len();
            assert_ne!(self.said.read_line(&mut printed).unwrap(), 0, "it ended: {printed}");
            if let Some(code) = printed[before..].strip_prefix(MARK) {
                let code = code.trim().parse().unwrap();
                printed.truncate(before);
                return (code, printed);
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
