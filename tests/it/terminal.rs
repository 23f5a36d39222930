//! On a terminal, which `script` gives to the program.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::command::{Home, program_file};

/// A program on a terminal of its own.
struct OnTerminal {
    script: Child,
    shown: String,
}

impl OnTerminal {
    fn run(home: &Home, arguments: &str) -> Self {
        let line = format!("{} {arguments}", program_file().display());
        let script = home
            .command("script")
            .args(["--quiet", "--flush", "--return", "--command", &line, "/dev/null"])
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { script, shown: String::new() }
    }

    /// Reads until a text is shown.
    fn wait_for(&mut self, text: &str) {
        let stdout = self.script.stdout.as_mut().unwrap();
        let mut byte = [0];
        while !self.shown.contains(text) {
            assert_eq!(stdout.read(&mut byte).unwrap(), 1, "it ended: {}", self.shown);
            self.shown.push(char::from(byte[0]));
        }
    }

    fn press(&mut self, keys: &str) {
        let stdin = self.script.stdin.as_mut().unwrap();
        stdin.write_all(keys.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Returns the exit code, and all that was shown.
    fn end(mut self) -> (i32, String) {
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

fn asked(home: &Home) -> OnTerminal {
    home.ok(&["create", "--name", "web", "--memory", "64", "--no-disk"]);
    let mut terminal = OnTerminal::run(home, "delete web");
    terminal.wait_for("[y/N] ");
    terminal
}

#[test]
fn a_question_is_left_by_ctrl_c() {
    let home = Home::simulated();
    let mut terminal = asked(&home);
    terminal.press("\u{3}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    assert_eq!(home.ok(&["list", "-q"]), "web\n");
}

#[test]
fn an_input_that_ends_is_a_no() {
    let home = Home::simulated();
    let mut terminal = asked(&home);
    terminal.press("\u{4}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(shown.contains("[y/N] \r\n"), "{shown}");
    assert_eq!(home.ok(&["list", "-q"]), "web\n");
}

#[test]
fn a_yes_deletes() {
    let home = Home::simulated();
    let mut terminal = asked(&home);
    terminal.press("y\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(home.ok(&["list", "-q"]), "");
}
