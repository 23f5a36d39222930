use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::error::{Error, ErrorKind};
use crate::guest::{Agent, Destination, HostKeys, Login, OutputSink, Patience, SshConnection};
use crate::model::{Vm, VmRef, VmTaskType};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::ssh_door::ssh_endpoint;
use crate::orchestrator::tasks::Work;
use crate::request::{Credentials, ExecRequest};

/// How long a guest is silent that may be asked: guests without hardware virtualisation are slow.
const FIRST_WORD: Duration = Duration::from_secs(10);

impl VmOrchestrator {
    /// Runs a command over SSH, and returns its exit code and how long that took.
    pub(super) async fn exec_ssh(
        &self,
        request: &ExecRequest,
        sink: Arc<dyn OutputSink>,
    ) -> Result<(i32, Duration), Error> {
        // A file that is not there is found out before the guest is reached.
        let input = request.input.opened()?;
        let request = Arc::new(ExecRequest { input, ..request.clone() });
        let found = self.live(&request.vm).await?;
        let begun = Instant::now();
        let to = self.destination(&found, &request.credentials)?;
        let opening = self.connect(&request.vm, to.clone(), request.reach_within);
        let exec = |connection| self.exec_on(&request, connection, sink.clone());
        Ok((self.on_connection(to, opening, exec).await?, begun.elapsed()))
    }

    /// Returns where a connection to a VM leads.
    pub(in crate::orchestrator) fn destination(
        &self,
        vm: &Vm,
        credentials: &Credentials,
    ) -> Result<Destination, Error> {
        let ssh = &self.settings().ssh;
        let agent = Agent::of(&self.parts.setup.environment);
        let login = Login::new(credentials, &ssh.user, ssh.identity.as_deref(), agent);
        Ok(Destination { vm: vm.id, endpoint: ssh_endpoint(vm)?, login })
    }

    /// Opens a connection outside the queue, in one try.
    pub(in crate::orchestrator) async fn open(
        &self,
        to: &Destination,
        silence: Option<Duration>,
    ) -> Result<SshConnection, Error> {
        let keys = HostKeys::new(self.folders().known_hosts());
        to.open(&keys, Patience { within: self.settings().ssh.connect, silence }).await
    }

    /// Does something on a connection that waits for it, or on a new one if there is none or it
    /// proves dead before anything was sent.
    pub(in crate::orchestrator) async fn on_connection<T, F>(
        &self,
        to: Destination,
        opening: impl Future<Output = Result<SshConnection, Error>>,
        job: impl Fn(Arc<SshConnection>) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        if let Some(connection) = self.parts.connections.take(&to, Instant::now()) {
            let done = job(connection.clone()).await;
            if !matches!(&done, Err(error) if error.kind() == ErrorKind::GuestNotReady) {
                self.keep_connection(to, connection);
                return done;
            }
        }
        let connection = Arc::new(opening.await?);
        let done = job(connection.clone()).await;
        self.keep_connection(to, connection);
        done
    }

    /// Keeps a connection for the next command, if it is good for one.
    fn keep_connection(&self, to: Destination, connection: Arc<SshConnection>) {
        if connection.is_usable() {
            self.parts.connections.keep(to, connection, Instant::now());
        }
    }

    /// Connects. A guest that does not answer yet is waited for: most do, and to ask them first
    /// whether they would costs a connection of its own.
    pub(in crate::orchestrator) async fn connect(
        &self,
        vm: &VmRef,
        to: Destination,
        reach_within: Duration,
    ) -> Result<SshConnection, Error> {
        let silence = Some(FIRST_WORD.min(reach_within));
        let (this, there) = (self.clone(), to.clone());
        let reach = Work::on(vm, VmTaskType::Connect).unlocked();
        let at_once = self.run(reach.clone(), move |_, _| {
            let (this, to) = (this.clone(), there.clone());
            async move {
                match this.open(&to, silence).await {
                    Err(error) if error.kind() == ErrorKind::GuestNotReady => Ok(None),
                    opened => opened.map(Some),
                }
            }
        });
        if let Some(connection) = at_once.await? {
            return Ok(connection);
        }
        self.wait_ssh(vm, reach_within).await?;
        let this = self.clone();
        self.run(reach, move |_, _| {
            let (this, to) = (this.clone(), to.clone());
            async move { this.open(&to, None).await }
        })
        .await
    }

    async fn exec_on(
        &self,
        request: &Arc<ExecRequest>,
        connection: Arc<SshConnection>,
        sink: Arc<dyn OutputSink>,
    ) -> Result<i32, Error> {
        let (this, request) = (self.clone(), Arc::clone(request));
        // Once: whether a command that was cut off ran is unknown.
        let work = Work::on(&request.vm, VmTaskType::Exec).unlocked().once();
        // To the end: Ctrl-C ends the command in the guest too.
        self.run_to_the_end(work, move |_, attempt| {
            let (connection, request, sink) = (connection.clone(), request.clone(), sink.clone());
            let this = this.clone();
            async move {
                let ended = connection.exec(&request, sink, this.canceled()).await?;
                attempt.result(json!({ "exit_code": ended.exit_code }));
                Ok(ended.exit_code)
            }
        })
        .await
    }
}
