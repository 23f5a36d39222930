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
            login.check_keys()?;
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::{Endpoint, HostKeys, Login, SshConnection};
    use crate::error::{Error, ErrorKind};
    use crate::model::VmId;
    use crate::request::{Credentials, Secret};

    /// What a server does after it has said what it says.
    #[derive(Clone, Copy)]
    enum Then {
        Waits,
        HangsUp,
    }

    impl Then {
        fn patience(self) -> Duration {
            match self {
                Self::Waits => Duration::from_millis(200),
                Self::HangsUp => Duration::from_secs(20),
            }
        }
    }

    /// Opens a connection to a server that is none, and returns the failure.
    async fn open(says: &'static [u8], then: Then) -> Error {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = Endpoint::local(listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(says).await.unwrap();
            let mut heard = [0; 1024];
            match then {
                Then::Waits => std::future::pending::<()>().await,
                Then::HangsUp => drop(stream.read(&mut heard).await),
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let password = Some(Secret::new("hunter2"));
        let login = Login::new(&Credentials { password, ..Credentials::default() }, "admin", None);
        let (keys, vm) = (HostKeys::new(folder.path()), VmId::from_random(1));
        let opened = SshConnection::open(&endpoint, &login, &keys, vm, then.patience()).await;
        let error = opened.unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a key was trusted");
        error
    }

    #[tokio::test]
    async fn a_guest_that_stops_answering_is_given_up_at_the_deadline() {
        for says in ["", "SSH-2.0-x\r\n", "SSH-2.0-x\r\n\0\0\x01\0"] {
            let error = open(says.as_bytes(), Then::Waits).await;
            assert_eq!(error.kind(), ErrorKind::GuestUnreachable);
            let line = error.to_string();
            assert!(line.contains("did not end the SSH handshake within 200ms"), "{line}");
        }
    }

    #[tokio::test]
    async fn a_guest_that_hangs_up_before_the_login_may_be_tried_again() {
        for says in ["", "SSH-2.0-x\r\n", "HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-x\r\n\x7f\x7f"] {
            let error = open(says.as_bytes(), Then::HangsUp).await;
            assert_eq!(error.kind(), ErrorKind::GuestNotReady, "{error:?}");
        }
    }
}
