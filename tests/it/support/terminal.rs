//! A program on a terminal of its own, which `script` gives to it.

use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::command::{Home, program_file};

/// A program on a terminal of its own.
pub(crate) struct OnTerminal {
    script: Child,
    shown: String,
}

impl OnTerminal {
    pub(crate) fn run(home: &Home, arguments: &str) -> Self {
        Self::run_line(home, &format!("{} {arguments}", program_file().display()))
    }

    /// Runs what a shell understands.
    pub(crate) fn run_line(home: &Home, line: &str) -> Self {
        let script = home
            .command("script")
            .args(["--quiet", "--flush", "--return", "--command", line, "/dev/null"])
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { script, shown: String::new() }
    }

    /// Reads until a text is shown.
    pub(crate) fn wait_for(&mut self, text: &str) {
        let stdout = self.script.stdout.as_mut().unwrap();
        let mut byte = [0];
        while !self.shown.contains(text) {
            assert_eq!(stdout.read(&mut byte).unwrap(), 1, "it ended: {}", self.shown);
            self.shown.push(char::from(byte[0]));
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        let stdin = self.script.stdin.as_mut().unwrap();
        stdin.write_all(keys.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Returns the exit code, and all that was shown.
    pub(crate) fn end(mut self) -> (i32, String) {
        let id = self.script.id();
        let (done, ended) = std::sync::mpsc::channel::<()>();
        let guard = std::thread::spawn(move || {
            if ended.recv_timeout(Duration::from_secs(10)).is_err() {
                drop(std::process::Command::new("kill").arg(id.to_string()).status());
            }
        });
        let mut rest = Vec::new();
        self.script.stdout.take().unwrap().read_to_end(&mut rest).unwrap();
        let status = self.script.wait().unwrap();
        done.send(()).ok();
        guard.join().unwrap();
        self.shown.push_str(&String::from_utf8_lossy(&rest));
        (status.code().unwrap_or(-1), self.shown)
    }
}
