//! Programs that serve us: they run beside us, and no longer than we do.
//!
//! Whoever ends us, and however (a `kill -9` included), ends them too: they hang on a pipe that
//! the host closes when we are gone. They are killed and not asked: what they keep must bear it.

#[cfg(test)]
mod tests;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::timeout;

#[cfg(unix)]
use unix::{end, tethered};
#[cfg(windows)]
use windows::{end, tethered};

use super::{CommandLine, ProcessError};

/// How many lines of a program that does not come up are told.
const LAST_LINES: usize = 3;

/// How long one may take to end that was let go.
const ENDING: Duration = Duration::from_secs(5);

/// A program that serves us. It ends when this is dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    /// What holds the program up.
    tether: Option<ChildStdin>,
    is_serving: Arc<AtomicBool>,
}

impl Service {
    /// Starts a program and waits until it prints a line with this text, at most for the call's
    /// deadline.
    pub async fn start(line: &CommandLine, ready: &str) -> Result<Self, ProcessError> {
        tracing::info!(target: "vm_cli::call", "$ {line} &");
        let program = line.program().display().to_string();
        let mut command = tethered(line);
        command
            .env("LC_ALL", "C.UTF-8")
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command
            .spawn()
            .map_err(|source| ProcessError::Spawn { program: program.clone(), source })?;
        let tether = child.stdin.take();
        let printed = child.stdout.take().map(|pipe| BufReader::new(pipe).lines());
        let is_serving = Arc::new(AtomicBool::new(true));
        let mut service = Self { child, tether, is_serving: Arc::clone(&is_serving) };
        let Some(mut printed) = printed else {
            return Err(ProcessError::NotServing { program, said: String::new() });
        };
        match timeout(line.deadline(), until(&mut printed, ready)).await {
            Ok(Ok(())) => {}
            Ok(Err(said)) => {
                service.let_go().await;
                return Err(ProcessError::NotServing { program, said });
            }
            Err(_) => {
                service.let_go().await;
                return Err(ProcessError::TimedOut { program, after: line.deadline() });
            }
        }
        // It must not hang on a full pipe.
        tokio::spawn(async move {
            while let Ok(Some(_)) = printed.next_line().await {}
            is_serving.store(false, Ordering::Relaxed);
        });
        Ok(service)
    }

    /// Returns whether it is still there.
    pub fn is_serving(&self) -> bool {
        self.is_serving.load(Ordering::Relaxed)
    }

    /// Ends it, and waits until it is gone.
    pub async fn end(mut self) {
        self.let_go().await;
    }

    async fn let_go(&mut self) {
        drop(self.tether.take());
        end(&mut self.child);
        if timeout(ENDING, self.child.wait()).await.is_err() {
            tracing::warn!(target: "vm_cli::call", "a program that served us takes long to end");
        }
    }
}

/// Reads until a line holds the text; the last lines if there is none.
async fn until(printed: &mut Lines<BufReader<ChildStdout>>, ready: &str) -> Result<(), String> {
    let mut last: Vec<String> = Vec::new();
    while let Ok(Some(line)) = printed.next_line().await {
        if line.contains(ready) {
            return Ok(());
        }
        last.push(line);
        last.drain(..last.len().saturating_sub(LAST_LINES));
    }
    Err(last.join("; "))
}
