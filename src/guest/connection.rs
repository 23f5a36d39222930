use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::timeout;

use super::Endpoint;
use super::authenticate::authenticate;
use super::exec;
use super::transport::Transport;
use super::{ExecEnd, HostKeys, Login, OutputSink};
use crate::error::{Error, ErrorKind};
use crate::model::VmId;
use crate::request::ExecRequest;

/// An SSH connection to a guest, logged in. Dropping it hangs up.
pub struct SshConnection {
    transport: Transport,
    endpoint: Endpoint,
    /// How long an answer may take.
    within: Duration,
    is_spent: AtomicBool,
}

impl SshConnection {
    /// Connects, compares the guest's host key with the one it showed before, and logs in. The error
    /// is [`ErrorKind::GuestNotReady`] if the guest says nothing for as long as `silence`.
    pub async fn open(
        endpoint: &Endpoint,
        login: &Login,
        host_keys: &HostKeys,
        vm: VmId,
        patience: Patience,
    ) -> Result<Self, Error> {
        let Patience { within, silence } = patience;
        let mut step = "no connection came about";
        let opening = async {
            login.check_keys()?;
            let known = host_keys.known(vm)?;
            let transport = Transport::connect(endpoint).await.map_err(unconnected)?;
            step = "it did not end the SSH handshake";
            if let Some(silence) = silence
                && !transport.is_answered(silence).await
            {
                let line = format!("nothing answers at `{endpoint}`");
                return Err(Error::new(ErrorKind::GuestNotReady, line));
            }
            let shown = transport.handshake(known.as_ref()).await?;
            host_keys.check(vm, &shown, endpoint)?;
            step = "it did not answer the login";
            authenticate(&transport, login).await?;
            transport.watch();
            let is_spent = AtomicBool::new(false);
            Ok(Self { transport, endpoint: endpoint.clone(), within, is_spent })
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

    /// What carries it.
    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Runs a command in the guest and hands on what it prints, as it comes.
    ///
    /// When its time is over, or it is to stop, it is ended in the guest too. The error is
    /// [`ErrorKind::GuestNotReady`] only if nothing was sent.
    pub async fn exec(
        &self,
        request: &ExecRequest,
        sink: Arc<dyn OutputSink>,
        stop: impl Future<Output = ()>,
    ) -> Result<ExecEnd, Error> {
        let ended = exec::run(&self.transport, request, sink, stop, self.within).await;
        if ended.is_err() {
            // Whatever is still under way on it has no part in the next command.
            self.spend();
        }
        ended
    }

    /// Says that it is of no use for another command.
    pub fn spend(&self) {
        self.is_spent.store(true, Ordering::Relaxed);
    }

    /// Whether it can be used for another command.
    pub fn is_usable(&self) -> bool {
        !self.is_spent.load(Ordering::Relaxed)
    }
}

/// How long a guest may take to let somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// In all.
    pub within: Duration,
    /// Until its first word; `None` is as long as it may take in all.
    pub silence: Option<Duration>,
}

impl Patience {
    /// Gives it this long in all.
    pub fn of(within: Duration) -> Self {
        Self { within, silence: None }
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

    use super::{Endpoint, HostKeys, Login, Patience, SshConnection};
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
        let credentials = Credentials { password, ..Credentials::default() };
        let login = Login::new(&credentials, "admin", None, None);
        let (keys, vm) = (HostKeys::new(folder.path()), VmId::from_random(1));
        let patience = Patience::of(then.patience());
        let opened = SshConnection::open(&endpoint, &login, &keys, vm, patience).await;
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
