use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::OutputSink;
use crate::error::{self, Error, ErrorKind};

/// One of the two streams that a command prints to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

/// Gives a piece to a sink, which may block.
pub(super) async fn hand_on(
    sink: &Arc<dyn OutputSink>,
    stream: Stream,
    piece: Vec<u8>,
) -> Result<(), Error> {
    let sink = Arc::clone(sink);
    let handing = spawn_blocking(move || match stream {
        Stream::Stdout => sink.stdout(&piece),
        Stream::Stderr => sink.stderr(&piece),
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
    async fn each_stream_goes_to_its_own_side() {
        let kept = Arc::new(Kept::default());
        let sink: Arc<dyn OutputSink> = kept.clone();
        hand_on(&sink, Stream::Stdout, b"out".to_vec()).await.unwrap();
        hand_on(&sink, Stream::Stderr, b"err".to_vec()).await.unwrap();
        let expected = [("stdout", b"out".to_vec()), ("stderr", b"err".to_vec())];
        assert_eq!(*kept.0.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn a_broken_pipe_is_told_as_such() {
        let sink: Arc<dyn OutputSink> = Arc::new(Broken);
        let error = hand_on(&sink, Stream::Stdout, vec![0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
        assert_eq!(cause.unwrap().kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn a_panic_in_a_sink_is_an_error() {
        let sink: Arc<dyn OutputSink> = Arc::new(Broken);
        let error = hand_on(&sink, Stream::Stderr, vec![0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }
}
