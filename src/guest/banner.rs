//! Whether an SSH server answers: a connection alone says nothing, because VirtualBox's NAT accepts
//! it before the guest listens.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Endpoint;
use crate::error::{Error, ErrorKind};

/// How much may come before the banner.
const MOST_BYTES: usize = 8 * 1024;

/// How much of a wrong answer is shown.
const SHOWN: usize = 60;

/// The first line of an SSH server, such as `SSH-2.0-OpenSSH_for_Windows_9.5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner(String);

impl Banner {
    /// Returns the line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What came of one try to read a banner.
#[derive(Debug)]
pub enum Answer {
    /// An SSH server answers.
    Ssh(Banner),
    /// Nobody listens at the endpoint.
    Refused,
    /// The connection was accepted, and then nothing came.
    Silent,
    /// The connection was accepted and closed.
    Closed,
    /// Something else than an SSH server answers; the begin of what it said.
    NotSsh(String),
    /// The connection did not come about.
    Unreachable(io::Error),
}

/// Tries once to read the banner, as an error unless an SSH server answered.
///
/// The error is transient ([`ErrorKind::GuestNotReady`]) unless something else listens there.
pub async fn wait_step(endpoint: &Endpoint, within: Duration) -> Result<Banner, Error> {
    let why = match probe(endpoint, within).await {
        Answer::Ssh(banner) => return Ok(banner),
        Answer::NotSsh(said) => {
            let line = format!("what answers at `{endpoint}` is no SSH server: it said `{said}`");
            return Err(Error::new(ErrorKind::GuestUnreachable, line)
                .hint("forward this port to the guest's SSH port, or choose another one"));
        }
        Answer::Refused => Error::new(
            ErrorKind::GuestNotReady,
            format!("nothing listens at `{endpoint}` (no such forward, or no SSH server yet)"),
        ),
        Answer::Silent => Error::new(
            ErrorKind::GuestNotReady,
            format!("`{endpoint}` accepts connections, but no SSH server answers in the guest yet"),
        ),
        Answer::Closed => Error::new(
            ErrorKind::GuestNotReady,
            format!("`{endpoint}` closes connections: no SSH server listens in the guest yet"),
        ),
        Answer::Unreachable(error) => Error::new(
            ErrorKind::GuestNotReady,
            format!("no connection to `{endpoint}` came about"),
        )
        .caused_by(error),
    };
    Err(why.hint("install and start an SSH server in the guest, and allow it in its firewall"))
}

/// Tries once to read the banner and tells what came of it.
pub async fn probe(endpoint: &Endpoint, within: Duration) -> Answer {
    let mut heard = Vec::new();
    let answer = timeout(within, async {
        let stream = TcpStream::connect((endpoint.host.as_str(), endpoint.port)).await;
        match stream {
            Ok(mut stream) => listen(&mut stream, &mut heard).await,
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Answer::Refused,
            Err(error) => Answer::Unreachable(error),
        }
    });
    answer.await.unwrap_or(Answer::Silent)
}

/// Reads lines until one is a banner; servers may say other lines before it (RFC 4253, 4.2).
async fn listen(stream: &mut (impl AsyncRead + Unpin), heard: &mut Vec<u8>) -> Answer {
    let mut piece = [0; 512];
    loop {
        if let Some(banner) = find_banner(heard) {
            return Answer::Ssh(banner);
        }
        if heard.len() > MOST_BYTES {
            return Answer::NotSsh(shown(heard));
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) if heard.is_empty() => return Answer::Closed,
            Ok(0) | Err(_) => return Answer::NotSsh(shown(heard)),
            Ok(count) => heard.extend(piece.iter().take(count)),
        }
    }
}

fn find_banner(heard: &[u8]) -> Option<Banner> {
    let whole_lines = heard.split_inclusive(|byte| *byte == b'\n').filter(|l| l.ends_with(b"\n"));
    let line = whole_lines.map(<[u8]>::trim_ascii_end).find(|line| line.starts_with(b"SSH-"))?;
    let text = String::from_utf8_lossy(line);
    Some(Banner(text.chars().filter(|c| !c.is_control()).collect()))
}

fn shown(heard: &[u8]) -> String {
    let line = heard.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    let text = String::from_utf8_lossy(line);
    text.chars().take(SHOWN).flat_map(char::escape_default).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::{TcpListener, TcpStream};

    use super::{Answer, Endpoint, find_banner, probe, wait_step};
    use crate::error::ErrorKind;

    const SOON: Duration = Duration::from_millis(300);
    const LATE: Duration = Duration::from_secs(20);

    /// Listens, says these pieces to whoever connects (waiting before each), then hangs up.
    async fn server(pieces: &'static [&'static [u8]], wait: Duration) -> Endpoint {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = Endpoint::local(listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            for piece in pieces {
                tokio::time::sleep(wait).await;
                // The client may have gone.
                if stream.write_all(piece).await.is_err() {
                    return;
                }
            }
        });
        endpoint
    }

    /// Accepts and then says nothing, as VirtualBox's NAT does before the guest listens.
    async fn silent_server() -> (Endpoint, TcpListener) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        (Endpoint::local(listener.local_addr().unwrap().port()), listener)
    }

    #[tokio::test]
    async fn a_banner_is_read_after_other_lines_and_in_pieces() {
        const AT_ONCE: &[&[u8]] = &[b"SSH-2.0-dropbear_2026.94\r\n"];
        const SLOWLY: &[&[u8]] =
            &[b"welcome\r\n", b"to this\nSS", b"H-2.0-dropbear_2026.94", b"\r\nkey exchange"];
        for pieces in [AT_ONCE, SLOWLY] {
            let endpoint = server(pieces, Duration::from_millis(5)).await;
            let banner = wait_step(&endpoint, LATE).await.unwrap();
            assert_eq!(banner.as_str(), "SSH-2.0-dropbear_2026.94");
        }
    }

    #[tokio::test]
    async fn a_refused_connection_is_transient() {
        let (endpoint, listener) = silent_server().await;
        drop(listener);
        assert!(matches!(probe(&endpoint, LATE).await, Answer::Refused));
        let error = wait_step(&endpoint, LATE).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::GuestNotReady);
    }

    #[tokio::test]
    async fn a_forward_that_accepts_before_the_guest_listens_is_silent() {
        let (endpoint, _listener) = silent_server().await;
        assert!(matches!(probe(&endpoint, SOON).await, Answer::Silent));
        let error = wait_step(&endpoint, SOON).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::GuestNotReady);
        assert!(error.to_string().contains("accepts connections"), "{error}");
    }

    #[tokio::test]
    async fn a_connection_that_is_closed_at_once_is_transient() {
        let endpoint = server(&[], SOON).await;
        assert!(matches!(probe(&endpoint, LATE).await, Answer::Closed));
    }

    #[tokio::test]
    async fn another_server_is_named_by_what_it_said() {
        let endpoint = server(&[b"HTTP/1.1 400 Bad\x1b Request\r\n\r\n"], Duration::ZERO).await;
        let error = wait_step(&endpoint, LATE).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::GuestUnreachable);
        assert!(error.to_string().contains(r"`HTTP/1.1 400 Bad\u{1b} Request`"), "{error}");
    }

    #[tokio::test]
    async fn a_server_that_never_stops_talking_is_not_listened_to_for_ever() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = Endpoint::local(listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
            while stream.write_all(&[b'x'; 1024]).await.is_ok() {}
        });
        assert!(matches!(probe(&endpoint, LATE).await, Answer::NotSsh(said) if said.len() == 60));
    }

    #[tokio::test]
    async fn a_banner_that_comes_too_slowly_is_silence() {
        let endpoint = server(&[b"SSH-2.0-", b"slow\r\n"], Duration::from_millis(200)).await;
        assert!(matches!(probe(&endpoint, SOON).await, Answer::Silent));
    }

    proptest! {
        #[test]
        fn only_a_whole_line_is_a_banner(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\n').collect();
            let mut heard = b"hello\nSSH-2.0-".to_vec();
            heard.extend(bytes);
            prop_assert_eq!(find_banner(&heard), None);
            heard.push(b'\n');
            prop_assert!(find_banner(&heard).is_some());
        }
    }
}
