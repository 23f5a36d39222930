use std::future;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Child;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{Instant, interval_at, sleep, timeout};

use super::capture::{Broken, Capture};
use super::endings::{Ending, Endings};
use super::platform;
use crate::process::Cancel;
use crate::process::sign::Lookout;

/// How long the pipes of a program that has ended must be quiet to count as read: what it printed
/// is in them already.
const QUIET: Duration = Duration::from_millis(10);

/// How long they are read on at most. A service that it started may hold them open for hours and
/// print into them, so their end is not waited for.
const LINGER: Duration = Duration::from_millis(100);

/// How long a killed program may take to be gone; the runtime reaps what takes longer.
const REAPING: Duration = Duration::from_secs(2);

/// How often it is looked whether a program has done its work.
const LOOK: Duration = Duration::from_millis(200);

/// How many looks in a row must see it so: a program needs a moment for its own end, longer on a
/// busy host, and ended before it has let go of its VM it leaves that locked.
const LOOKS: u32 = 8;

/// What became of a program.
#[derive(Debug)]
pub(super) enum End {
    /// It has ended.
    Ended(ExitStatus),
    /// It has done its work and is still there.
    Idle,
}

/// A program under way. Dropped before its end, it is ended politely in the background.
#[derive(Debug)]
pub(super) struct Call {
    /// `None` once somebody else looks after its end.
    running: Option<(Child, Capture)>,
    first: Cancel,
    grace: Duration,
    endings: Endings,
}

impl Call {
    /// Takes charge of a program that was just started.
    pub(super) fn new(
        mut child: Child,
        limit: usize,
        first: Cancel,
        grace: Duration,
        endings: Endings,
    ) -> Self {
        let capture = Capture::of(&mut child, limit);
        Self { running: Some((child, capture)), first, grace, endings }
    }

    /// Waits until the program has ended and its pipes are read, or its work has been seen to be
    /// done for a while.
    pub(super) async fn end(&mut self, lookout: Option<&Lookout<'_>>) -> Result<End, Broken> {
        let Some((child, capture)) = &mut self.running else { return future::pending().await };
        let mut looks = interval_at(Instant::now() + LOOK, LOOK);
        let mut seen = 0;
        let status = loop {
            tokio::select! {
                status = child.wait() => break status.map_err(Broken::Read)?,
                broken = capture.read_until_broken() => return Err(broken),
                _ = looks.tick(), if lookout.is_some() => {
                    let (_, stderr) = capture.bytes();
                    let is_seen = lookout.is_some_and(|lookout| lookout.is_seen(stderr));
                    seen = if is_seen { seen + 1 } else { 0 };
                    if seen == LOOKS {
                        // It has had its time.
                        self.first = Cancel::Ask;
                        return Ok(End::Idle);
                    }
                }
            }
        };
        // Still open after that time is no failure: somebody inherited the pipe.
        timeout(LINGER, capture.read_rest(QUIET)).await.unwrap_or(Ok(()))?;
        Ok(End::Ended(status))
    }

    /// Returns what the program has printed on standard output and on standard error.
    pub(super) fn bytes(&self) -> (&[u8], &[u8]) {
        self.running.as_ref().map_or((&[], &[]), |(_, capture)| capture.bytes())
    }

    /// Asks the program to end, gives it time, kills it; returns when it is gone. If this is
    /// dropped, it goes on in the background.
    pub(super) async fn cancel(mut self) {
        // It has had its time.
        self.first = Cancel::Ask;
        if let Some(gone) = self.cancel_in_background() {
            gone.await.ok();
        }
    }

    fn cancel_in_background(&mut self) -> Option<oneshot::Receiver<()>> {
        let (child, capture) = self.running.take()?;
        child.id()?; // It has ended and was reaped.
        let leaving = Leaving(child);
        // Without a runtime (it is shutting down) the polite request has to do.
        let runtime = Handle::try_current().ok()?;
        let (own, asked) = match self.first {
            Cancel::Ask => (Duration::ZERO, self.grace),
            Cancel::LetEnd => (self.grace / 2, self.grace / 2),
        };
        let (tell, gone) = oneshot::channel();
        let ending = self.endings.begin();
        runtime.spawn(see_off(leaving, capture, own, asked, ending, tell));
        Some(gone)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        drop(self.cancel_in_background());
    }
}

/// A program that is to end. Dropped before its end, it is asked to at least.
struct Leaving(Child);

impl Drop for Leaving {
    fn drop(&mut self) {
        platform::ask_to_end(&self.0);
    }
}

/// Gives a program this long to end by itself, then asks it to and gives it time, then kills it.
async fn see_off(
    mut leaving: Leaving,
    mut capture: Capture,
    own: Duration,
    asked: Duration,
    _ending: Ending,
    _tell: oneshot::Sender<()>,
) {
    let child = &mut leaving.0;
    if ends_within(own, child, &mut capture).await {
        return;
    }
    platform::ask_to_end(child);
    if ends_within(asked, child, &mut capture).await {
        return;
    }
    let killed: io::Result<()> = timeout(REAPING, child.kill()).await.unwrap_or(Ok(()));
    if let Err(error) = killed {
        tracing::debug!(target: "vm_cli::call", %error, "could not kill it");
    }
}

/// Waits for the end of a program; what it prints meanwhile does not block it.
async fn ends_within(time: Duration, child: &mut Child, capture: &mut Capture) -> bool {
    tokio::select! {
        biased;
        () = sleep(time) => false,
        _ = child.wait() => true,
        never = capture.discard() => match never {},
    }
}
