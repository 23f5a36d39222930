use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::Endpoint;
use super::authenticate::authenticate;
use super::exec;
use super::transport::Transport;
use super::{ExecEnd, HostKeys, Login, OutputSink};
use crate::error::{Error, ErrorKind};
use crate::model::VmId;

/// An SSH connection to a guest, logged in. Dropping it hangs up.
pub struct SshConnection {
    transport: Transport,
    endpoint: Endpoint,
}

impl SshConnection {
    /// Connects, compares the guest's host key with the one it showed before, and logs in.
    pub async fn open(
        endpoint: &Endpoint,
        login: &Login,
        host_keys: &HostKeys,
        vm: VmId,
        within: Duration,
    ) -> Result<Self, Error> {
        let mut step = "no connection came about";
        let opening = async {
            let known = host_keys.known(vm)?;
            let transport = Transport::connect(endpoint).await.map_err(unconnected)?;
            step = "it did not end the SSH handshake";
            let shown = transport.handshake(known.as_ref()).await?;
            host_keys.check(vm, &shown, endpoint)?;
            step = "it did not answer the login";
            authenticate(&transport, login).await?;
            transport.watch();
            Ok(Self { transport, endpoint: endpoint.clone() })
        };
        match timeout(within, opening).await {
            Ok(opened) => opened,
            Err(_elapsed) => Err(Error::new(
                ErrorKind::GuestUnreachable,
                format!("the guest at `{endpoint}` cannot be reached: {step} within {within:?}"),
            )
            .hint("look at its screen with `vm-cli screenshot`")),
        }
    }

    /// Runs a command line in the guest's shell and hands on what it prints, as it comes.
    ///
    /// Its standard input is closed. When the time is over, the guest's SSH server is told to hang
    /// up; whether that ends the command is the guest's affair.
    pub async fn exec(
        &self,
        command: &str,
        sink: Arc<dyn OutputSink>,
        within: Option<Duration>,
    ) -> Result<ExecEnd, Error> {
        let running = exec::run(&self.transport, command, sink);
        let Some(limit) = within else { return running.await };
        timeout(limit, running).await.unwrap_or_else(|_elapsed| {
            let line = format!("the command in the guest did not end within {limit:?}");
            Err(Error::new(ErrorKind::TimedOut, line).hint("give it more time with `--timeout`"))
        })
    }
}

fn unconnected(error: io::Error) -> Error {
    let line = "no connection to the guest came about";
    Error::new(ErrorKind::GuestNotReady, line).caused_by(error)
}

impl fmt::Debug for SshConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SshConnection").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
