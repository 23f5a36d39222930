use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use crate::error::{Error, ErrorKind};

/// Counts what was copied, tells it, and says when to stop.
pub struct Meter {
    all: AtomicU64,
    done: AtomicU64,
    tell: Box<dyn Fn(u64, u64) + Send + Sync>,
    stopped: watch::Receiver<bool>,
}

impl Meter {
    /// Builds a meter that tells how many bytes of how many are done. It says to stop when the
    /// channel does.
    pub fn new(
        stopped: watch::Receiver<bool>,
        tell: impl Fn(u64, u64) + Send + Sync + 'static,
    ) -> Self {
        let (all, done) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { all, done, tell: Box::new(tell), stopped }
    }

    /// Says how much there is to do.
    pub(super) fn expect(&self, bytes: u64) {
        self.all.store(bytes, Ordering::Relaxed);
    }

    /// Counts bytes. Fails if it is to be stopped.
    pub fn count(&self, bytes: u64) -> Result<(), Error> {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        (self.tell)(done, self.all.load(Ordering::Relaxed));
        if *self.stopped.borrow() { Err(canceled()) } else { Ok(()) }
    }

    /// Does something in one piece, until it is done or to be stopped.
    pub async fn until_stopped<T>(
        &self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut stopped = self.stopped.clone();
        let stop = async {
            if stopped.wait_for(|it| *it).await.is_err() {
                // Nobody can say so any more.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            done = work => done,
            () = stop => Err(canceled()),
        }
    }
}

fn canceled() -> Error {
    Error::new(ErrorKind::Canceled, "canceled")
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter").field("done", &self.done).finish_non_exhaustive()
    }
}
