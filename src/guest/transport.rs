use std::io;
use std::net::Shutdown;
use std::time::Duration;

use ssh2::{BlockDirections, Session};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::Endpoint;
use super::failure;
use super::fingerprint::Fingerprint;
use crate::error::{Error, ErrorKind};

/// After so long a silence the guest is asked whether it is still there.
const QUIET: Duration = Duration::from_secs(15);

/// So many questions in a row may stay without an answer: guests on a busy host are slow.
const QUESTIONS: u32 = 4;

/// How soon a full send buffer is looked at again. What is sent is small: this is next to never.
const SEND_AGAIN: Duration = Duration::from_millis(5);

/// An SSH session that never blocks, and the socket that says when it can go on.
pub(super) struct Transport {
    session: Session,
    socket: TcpStream,
    /// The same socket, to end it.
    end: std::net::TcpStream,
}

impl Transport {
    /// Connects; nothing is said yet.
    pub(super) async fn connect(endpoint: &Endpoint) -> io::Result<Self> {
        let socket = TcpStream::connect((endpoint.host.as_str(), endpoint.port)).await?;
        socket.set_nodelay(true)?;
        let socket = socket.into_std()?;
        let mut session = Session::new()?;
        let end = socket.try_clone()?;
        session.set_tcp_stream(socket.try_clone()?);
        session.set_blocking(false);
        Ok(Self { session, socket: TcpStream::from_std(socket)?, end })
    }

    /// Waits for the guest's first word: VirtualBox accepts connections before the guest does.
    pub(super) async fn is_answered(&self, within: Duration) -> bool {
        let heard = timeout(within, self.socket.peek(&mut [0])).await;
        heard.is_ok_and(|heard| heard.is_ok_and(|count| 0 < count))
    }

    /// Agrees on keys and returns the guest's host key. A guest that has several shows the one
    /// that is known, if it still has it.
    pub(super) async fn handshake(
        &self,
        known: Option<&Fingerprint>,
    ) -> Result<Fingerprint, Error> {
        if let Some(known) = known {
            // A key type that is not known any more cannot be preferred: the check then tells.
            drop(self.prefer(known.algorithm()));
        }
        self.drive(|session| session.clone().handshake()).await.map_err(|error| {
            // A guest that is on its way up or down cannot be told from one that knows no cipher of
            // ours: libssh2 reports both as a failed exchange of keys.
            let line = "the SSH handshake with the guest failed";
            Error::new(ErrorKind::GuestNotReady, line).caused_by(error)
        })?;
        let shown = self.session.host_key().map(|(key, _)| Fingerprint::of(key));
        shown.ok_or_else(|| Error::new(ErrorKind::GuestUnreachable, "the guest shows no host key"))
    }

    /// Puts an algorithm of host keys before the others.
    fn prefer(&self, algorithm: &str) -> Result<(), ssh2::Error> {
        let mut names = self.session.supported_algs(ssh2::MethodType::HostKey)?;
        // A key of type `ssh-rsa` signs by `rsa-sha2-512` too.
        let family = if algorithm == "ssh-rsa" { "rsa" } else { algorithm };
        names.sort_by_key(|name| (!name.contains(family), name.contains("-cert-")));
        self.session.method_pref(ssh2::MethodType::HostKey, &names.join(","))
    }

    /// Ends the connection without a word: nothing waits for the guest any more.
    pub(super) fn cut(&self) {
        // It may have ended already.
        drop(self.end.shutdown(Shutdown::Both));
    }

    /// Whether the guest is content with who one is.
    pub(super) fn authenticated(&self) -> bool {
        self.session.authenticated()
    }

    /// Asks the guest from now on whether it is still there when it was silent for long.
    pub(super) fn watch(&self) {
        let seconds = u32::try_from(QUIET.as_secs()).unwrap_or(u32::MAX);
        // One second less: it must be due when the silence has lasted for `QUIET`.
        self.session.set_keepalive(true, seconds.saturating_sub(1));
    }

    /// Makes a call again and again until it needs not wait for the guest any more.
    pub(super) async fn drive<T>(
        &self,
        mut call: impl FnMut(&Session) -> Result<T, ssh2::Error>,
    ) -> Result<T, ssh2::Error> {
        loop {
            match call(&self.session) {
                Err(error) if failure::would_block(&error) => self.ready().await?,
                done => return done,
            }
        }
    }

    /// Waits until the session can go on, or the guest is gone.
    pub(super) async fn ready(&self) -> Result<(), ssh2::Error> {
        let mut unanswered = 0;
        while timeout(QUIET, self.socket_ready()).await.is_err() {
            if unanswered == QUESTIONS {
                return Err(failure::silence());
            }
            unanswered += 1;
            match self.session.keepalive_send() {
                Err(error) if !failure::would_block(&error) => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Returns what the guest's SSH server calls itself.
    pub(super) fn banner(&self) -> String {
        let banner = self.session.banner_bytes().unwrap_or_default();
        String::from_utf8_lossy(banner).into_owned()
    }

    /// Returns what the session's last call was held up by.
    pub(super) fn directions(&self) -> BlockDirections {
        self.session.block_directions()
    }

    /// Waits until a full send buffer may have room again.
    pub(super) async fn send_again(&self) {
        sleep(SEND_AGAIN).await;
    }

    /// Waits for the directions that the session's last call was held up by. A broken socket is
    /// ready: the next call finds out how it is broken.
    async fn socket_ready(&self) {
        let mut byte = [0];
        match self.session.block_directions() {
            BlockDirections::Outbound => sleep(SEND_AGAIN).await,
            BlockDirections::Both => {
                tokio::select! {
                    _ = self.socket.peek(&mut byte) => {}
                    () = sleep(SEND_AGAIN) => {}
                }
            }
            BlockDirections::Inbound | BlockDirections::None => {
                // Looking at a byte waits for one, where mere readiness may be stale: libssh2
                // reads from the socket without telling.
                drop(self.socket.peek(&mut byte).await);
            }
        }
    }
}
