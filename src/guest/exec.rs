use std::io;
use std::io::Read;
use std::sync::Arc;

use ssh2::Channel;
use tokio::task::spawn_blocking;

use super::OutputSink;
use super::failure;
use super::signal;
use super::transport::Transport;
use crate::error;
use crate::error::{Error, ErrorKind};

/// How much is read at once; what SSH servers send in one packet.
const PIECE: usize = 32 * 1024;

/// How a command in a guest ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecEnd {
    /// Its exit code; 128 and the signal's number if a signal ended it.
    pub exit_code: i32,
    /// The name of the signal that ended it, such as `TERM`.
    pub signal: Option<String>,
}

/// One of the two streams that a command prints to.
#[derive(Debug, Clone, Copy)]
enum Stream {
    Stdout,
    Stderr,
}

/// Runs a command to its end. Dropping the future closes its channel.
pub(super) async fn run(
    transport: &Transport,
    command: &str,
    sink: Arc<dyn OutputSink>,
) -> Result<ExecEnd, Error> {
    if command.contains('\0') {
        return Err(Error::new(ErrorKind::Usage, "the command contains a NUL character"));
    }
    let lost = |error| failure::lost("the command", error);
    let mut channel = transport.drive(ssh2::Session::channel_session).await.map_err(lost)?;
    transport.drive(|_| channel.exec(command)).await.map_err(|error| {
        if failure::denied(&error) {
            let line = "the guest's SSH server runs no commands for this user";
            return Error::new(ErrorKind::GuestAuth, line).caused_by(error);
        }
        lost(error)
    })?;
    transport.drive(|_| channel.send_eof()).await.map_err(lost)?;
    copy_output(transport, &channel, sink).await?;
    // The guest closes first: a command may live on after its last word, and to close now is to hang
    // up on it, and never to hear of its exit code.
    transport.drive(|_| channel.wait_close()).await.map_err(lost)?;
    let signal = channel.exit_signal().map_err(lost)?.exit_signal;
    let exit_code = match &signal {
        Some(name) => signal::exit_code(name),
        None => channel.exit_status().map_err(lost)?,
    };
    Ok(ExecEnd { exit_code, signal })
}

/// Hands on both streams until the guest has closed them.
///
/// The two share one window: whoever waits for one of them alone waits for ever once the other
/// has filled it.
async fn copy_output(
    transport: &Transport,
    channel: &Channel,
    sink: Arc<dyn OutputSink>,
) -> Result<(), Error> {
    let mut piece = vec![0; PIECE];
    loop {
        let mut idle = true;
        for stream in [Stream::Stdout, Stream::Stderr] {
            let count = read(channel, stream, &mut piece)?;
            if count > 0 {
                idle = false;
                piece = hand_on(&sink, stream, piece, count).await?;
            }
        }
        if channel.eof() {
            return Ok(());
        }
        if idle {
            transport.ready().await.map_err(|error| failure::lost("the command", error))?;
        }
    }
}

/// Reads what has come; 0 if nothing has.
fn read(channel: &Channel, stream: Stream, piece: &mut [u8]) -> Result<usize, Error> {
    let mut from = match stream {
        Stream::Stdout => channel.stream(0),
        Stream::Stderr => channel.stderr(),
    };
    match from.read(piece) {
        Ok(count) => Ok(count),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        Err(error) => Err(failure::lost("the command", error)),
    }
}

/// Gives a piece to the sink, which may block, and returns the buffer.
async fn hand_on(
    sink: &Arc<dyn OutputSink>,
    stream: Stream,
    piece: Vec<u8>,
    count: usize,
) -> Result<Vec<u8>, Error> {
    let sink = Arc::clone(sink);
    let handing = spawn_blocking(move || {
        let bytes = piece.get(..count).unwrap_or(&piece);
        let taken = match stream {
            Stream::Stdout => sink.stdout(bytes),
            Stream::Stderr => sink.stderr(bytes),
        };
        taken.map(|()| piece)
    });
    match handing.await {
        Ok(taken) => taken.map_err(|error| error::io("hand on the output of the guest", error)),
        Err(panic) => Err(Error::new(ErrorKind::Internal, "a sink panicked").caused_by(panic)),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::{OutputSink, Stream, hand_on};
    use crate::error::ErrorKind;

    #[derive(Default)]
    struct Kept(Mutex<Vec<(&'static str, Vec<u8>)>>);

    impl OutputSink for Kept {
        fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
            self.0.lock().unwrap().push(("stdout", bytes.to_vec()));
            Ok(())
        }

        fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
            self.0.lock().unwrap().push(("stderr", bytes.to_vec()));
            Ok(())
        }
    }

    /// The reader of its standard output has gone.
    struct Broken;

    impl OutputSink for Broken {
        fn stdout(&self, _: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn stderr(&self, _: &[u8]) -> io::Result<()> {
            panic!("a bug in a sink")
        }
    }

    #[tokio::test]
    async fn each_stream_goes_to_its_own_side_and_the_buffer_comes_back() {
        let kept = Arc::new(Kept::default());
        let sink: Arc<dyn OutputSink> = kept.clone();
        let piece = hand_on(&sink, Stream::Stdout, b"out and rest".to_vec(), 3).await.unwrap();
        assert_eq!(piece, b"out and rest");
        hand_on(&sink, Stream::Stderr, b"err".to_vec(), 3).await.unwrap();
        let expected = [("stdout", b"out".to_vec()), ("stderr", b"err".to_vec())];
        assert_eq!(*kept.0.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn a_broken_pipe_is_told_as_such() {
        let sink: Arc<dyn OutputSink> = Arc::new(Broken);
        let error = hand_on(&sink, Stream::Stdout, vec![0], 1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
        assert_eq!(cause.unwrap().kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn a_panic_in_a_sink_is_an_error() {
        let sink: Arc<dyn OutputSink> = Arc::new(Broken);
        let error = hand_on(&sink, Stream::Stderr, vec![0], 1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }
}
