use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Error;

/// How many steps of a piece of work are done: what a later attempt need not do again.
#[derive(Debug, Default)]
pub struct Progress(AtomicUsize);

impl Progress {
    /// Returns how many steps are done.
    pub fn reached(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Forgets what was done: it was undone.
    pub fn begin_anew(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Takes the step of this number, from 0, unless it was taken before.
    pub async fn step(
        &self,
        nth: usize,
        work: impl Future<Output = Result<(), Error>> + Send,
    ) -> Result<(), Error> {
        if nth < self.reached() {
            return Ok(());
        }
        work.await?;
        self.0.store(nth + 1, Ordering::Relaxed);
        Ok(())
    }
}
