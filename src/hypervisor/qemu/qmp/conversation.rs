use std::future::Future;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time;

use super::wire::{self, Said};
use crate::error;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::qemu::refused;

/// How long QEMU may take.
#[derive(Debug, Clone, Copy)]
pub(in crate::hypervisor::qemu) struct Patience {
    /// Until it greets.
    pub(in crate::hypervisor::qemu) greeting: Duration,
    /// Until it answers.
    pub(in crate::hypervisor::qemu) answer: Duration,
    /// Until a job of its own is over.
    pub(in crate::hypervisor::qemu) job: Duration,
}

/// A conversation with a QEMU.
#[derive(Debug)]
pub(in crate::hypervisor::qemu) struct Conversation<S> {
    stream: BufReader<S>,
    pub(super) patience: Patience,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    /// Begins a conversation. A QEMU that does not greet talks to somebody else.
    pub(in crate::hypervisor::qemu) async fn open(
        stream: S,
        patience: Patience,
    ) -> Result<Self, Error> {
        let mut it = Self { stream: BufReader::new(stream), patience };
        let greeted = time::timeout(patience.greeting, wire::read(&mut it.stream)).await;
        match greeted.map_err(|_elapsed| occupied())?? {
            Some(Said::Greeting) => {}
            Some(Said::Done(_) | Said::Refused(_) | Said::Event) => return Err(occupied()),
            None => return Err(ended()),
        }
        it.call("qmp_capabilities", json!({})).await?;
        Ok(it)
    }

    /// Asks for something and returns the answer. What happens meanwhile is passed over.
    pub(in crate::hypervisor::qemu) async fn call(
        &mut self,
        command: &'static str,
        arguments: Value,
    ) -> Result<Value, Error> {
        let mut line = json!({"execute": command, "arguments": arguments}).to_string();
        line.push('\n');
        let limit = self.patience.answer;
        let exchange = async {
            let sent = self.stream.write_all(line.as_bytes()).await;
            sent.map_err(|e| error::io("ask QEMU", e))?;
            loop {
                match wire::read(&mut self.stream).await? {
                    Some(Said::Done(value)) => return Ok(value),
                    Some(Said::Refused(why)) => return Err(refused::by_monitor(command, &why)),
                    Some(Said::Event | Said::Greeting) => {}
                    None => return Err(ended()),
                }
            }
        };
        in_time(limit, command, exchange).await
    }

    /// Runs a line of QEMU's monitor for people, for what QMP has no command.
    pub(in crate::hypervisor::qemu) async fn monitor(
        &mut self,
        line: &str,
    ) -> Result<String, Error> {
        let said = self.call("human-monitor-command", json!({"command-line": line})).await?;
        Ok(said.as_str().unwrap_or_default().replace("\r\n", "\n"))
    }
}

/// Bounds what QEMU does for a command.
pub(super) async fn in_time<T>(
    limit: Duration,
    command: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    time::timeout(limit, work).await.map_err(|_elapsed| {
        let message = format!("QEMU did not finish `{command}` within {limit:?}");
        Error::new(ErrorKind::OutcomeUnknown, message)
            .hint("run `vm-cli status` to see what became of the VM")
    })?
}

/// Says that QEMU talks to somebody else.
pub(in crate::hypervisor::qemu) fn occupied() -> Error {
    Error::new(ErrorKind::Locked, "another program talks to QEMU through the VM's socket")
        .hint("end it: QEMU talks to one at a time")
}

fn ended() -> Error {
    Error::new(ErrorKind::OutcomeUnknown, "QEMU ended in the middle of a conversation")
        .hint("run `vm-cli status` to see what became of the VM")
}
