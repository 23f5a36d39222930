use tokio::sync::watch;

/// Counts the canceled programs that have not ended yet. Clones share the count.
#[derive(Debug, Clone)]
pub(super) struct Endings(watch::Sender<usize>);

/// One program that has not ended yet; dropped when it has.
#[derive(Debug)]
pub(super) struct Ending(watch::Sender<usize>);

impl Endings {
    /// Begins with none.
    pub(super) fn none() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Counts one more.
    pub(super) fn begin(&self) -> Ending {
        self.0.send_modify(|count| *count += 1);
        Ending(self.0.clone())
    }

    /// Waits until there is none.
    pub(super) async fn all_ended(&self) {
        // An error would say that the counter is gone, and then nothing is left to wait for.
        self.0.subscribe().wait_for(|count| *count == 0).await.ok();
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
