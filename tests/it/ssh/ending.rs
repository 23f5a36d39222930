//! A command that nobody wants any more is ended in the guest too, with all that it started.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vm_cli::error::ErrorKind;
use vm_cli::guest::OutputSink;
use vm_cli::request::ExecRequest;

use super::{Kept, connected, exec, lives, request};
use crate::support::ssh_server::SshServer;

/// How long an ending may take, on a busy host.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_command_that_takes_too_long_is_ended_even_if_it_will_not() {
    let server = SshServer::start();
    let connection = connected(&server).await;
    let kept = Arc::new(Kept::default());
    let line = "trap '' TERM; sleep 98761 & echo begun; sleep 98762";
    let limited = ExecRequest { timeout: Some(Duration::from_secs(5)), ..request(line) };
    let begun = Instant::now();
    let error = exec(&connection, &limited, &kept).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
    assert!(error.next_step().unwrap().contains("--timeout"), "it is over for sure: {error:?}");
    assert!(begun.elapsed() < SOON);
    assert_eq!(kept.stdout(), "begun\n");
    assert!(!lives("sleep 98761") && !lives("sleep 98762"));
    assert!(!connection.is_usable());
}

#[tokio::test]
async fn a_command_that_is_to_stop_is_ended() {
    let server = SshServer::start();
    let connection = connected(&server).await;
    let kept = Arc::new(Kept::default());
    let begun = async {
        while kept.stdout().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let wanted = request("echo begun; sleep 98763");
    let error = connection.exec(&wanted, kept.clone(), begun).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Canceled, "{error}");
    assert!(!lives("sleep 98763"));
}

#[tokio::test]
async fn what_is_canceled_before_it_begins_never_runs() {
    let server = SshServer::start();
    let connection = connected(&server).await;
    let file = server.folder().join("ran");
    let wanted = request(&format!("touch '{}'", file.display()));
    let (begun, stop) = (Instant::now(), std::future::ready(()));
    let error = connection.exec(&wanted, Arc::new(Kept::default()), stop).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Canceled);
    assert!(begun.elapsed() < SOON, "there is nothing to end");
    drop(connection);
    assert!(!file.exists());
}

#[tokio::test]
async fn a_command_whose_output_nobody_takes_is_ended() {
    /// The reader has gone.
    struct Gone;
    impl OutputSink for Gone {
        fn stdout(&self, _: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn stderr(&self, _: &[u8]) -> io::Result<()> {
            Ok(())
        }
    }
    let server = SshServer::start();
    let connection = connected(&server).await;
    let never = std::future::pending();
    let wanted = request("yes 98764");
    let error = connection.exec(&wanted, Arc::new(Gone), never).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert!(!lives("yes 98764"));
}
