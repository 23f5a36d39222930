//! A `vm-cli watch` that runs beside a test.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::command::{Home, program_file};

/// How long an event may take; guests without hardware virtualisation are slow.
const PATIENCE: Duration = Duration::from_secs(90);

/// A `vm-cli watch --json`, with the events that it has told so far.
#[derive(Debug)]
pub(crate) struct Watching {
    child: Child,
    lines: Receiver<String>,
    pub(crate) told: Vec<Value>,
}

impl Watching {
    /// Begins to watch with these arguments, and waits until that has begun.
    #[track_caller]
    pub(crate) fn begin(home: &Home, arguments: &[&str]) -> Self {
        let mut command = home.command(program_file());
        command.arg("watch").args(arguments).arg("--json");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines, told: Vec::new() }
    }

    /// Returns its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the next event of a kind, and returns it.
    #[track_caller]
    pub(crate) fn next(&mut self, kind: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let event: Value = serde_json::from_str(&line).unwrap();
                    assert_eq!(event["schema"], 1, "{event}");
                    self.told.push(event.clone());
                    if event["event"] == kind {
                        return event;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("no `{kind}` in time: {:#?}", self.told),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("it ended without `{kind}`: {:#?}", self.told)
                }
            }
        }
    }

    /// Waits for the next event of a kind that says this of this field.
    #[track_caller]
    pub(crate) fn next_with(&mut self, kind: &str, field: &str, value: &str) -> Value {
        loop {
            let event = self.next(kind);
            if event[field] == value {
                return event;
            }
        }
    }

    /// Ends it as Ctrl-C does, and returns the exit code and the summary.
    #[track_caller]
    pub(crate) fn interrupt(self) -> (i32, Value) {
        signal(self.pid(), "-INT");
        self.end()
    }

    /// Waits until it ends, and returns the exit code and the summary.
    #[track_caller]
    pub(crate) fn end(mut self) -> (i32, Value) {
        let summary = self.next("ended");
        (self.child.wait().unwrap().code().unwrap_or(-1), summary)
    }

    /// Ends it without a chance to clean up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Of a test that failed; one that has ended does not mind.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([name, &process.to_string()]).status();
    assert!(sent.unwrap().success());
}
