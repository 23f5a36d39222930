use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::happening::Kind;
use super::interest::Interest;

/// Somebody who asks from time to time counts as a listener for so long.
const MEMORY: Duration = Duration::from_mins(1);

/// So many interests of people who are gone are remembered.
const MOST: usize = 256;

/// What people wait for, or have asked for lately: what nobody wants to know is not found out.
#[derive(Debug, Default)]
pub(in crate::server) struct Wishes {
    known: Mutex<Vec<Known>>,
    more: Notify,
}

#[derive(Debug)]
struct Known {
    interest: Interest,
    listeners: usize,
    last: Instant,
}

/// The wish of somebody who listens.
#[derive(Debug)]
pub(super) struct Wish {
    wishes: Arc<Wishes>,
    interest: Interest,
}

impl Wishes {
    /// Returns whether somebody wants events of a kind about a VM, or about none.
    pub(super) fn cover(&self, kind: Kind, vm: Option<&str>) -> bool {
        self.any(|it| it.covers(kind, vm))
    }

    /// Waits until somebody wants events of one of these kinds.
    pub(super) async fn name(&self, kinds: &[Kind]) {
        let mut more = std::pin::pin!(self.more.notified());
        loop {
            // From here on no new wish is missed.
            more.as_mut().enable();
            if self.any(|it| kinds.iter().any(|kind| it.names(*kind))) {
                return;
            }
            more.as_mut().await;
            more.set(self.more.notified());
        }
    }

    fn any(&self, wanted: impl Fn(&Interest) -> bool) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|it| 0 < it.listeners || it.last.elapsed() < MEMORY);
        known.iter().any(|it| wanted(&it.interest))
    }

    fn change(&self, interest: &Interest, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.iter_mut().find(|it| it.interest == *interest) {
            change(found);
            return;
        }
        if MOST <= known.len()
            && let Some(gone) = known.iter().position(|it| it.listeners == 0)
        {
            known.remove(gone);
        }
        let last = Instant::now();
        let mut new = Known { interest: interest.clone(), listeners: 0, last };
        change(&mut new);
        known.push(new);
    }
}

impl Wish {
    /// Makes a wish known, until this is dropped and a while beyond that.
    pub(super) fn of(wishes: &Arc<Wishes>, interest: &Interest) -> Self {
        wishes.change(interest, |it| it.listeners += 1);
        wishes.more.notify_waiters();
        Self { wishes: Arc::clone(wishes), interest: interest.clone() }
    }
}

impl Drop for Wish {
    fn drop(&mut self) {
        self.wishes.change(&self.interest, |it| {
            it.listeners = it.listeners.saturating_sub(1);
            it.last = Instant::now();
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::{MEMORY, Wish, Wishes};
    use crate::server::events::{Interest, Kind};

    fn screens_of(vm: &str) -> Interest {
        Interest { types: vec!["vm.screen".to_owned()], vms: vec![vm.to_owned()] }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wish_counts_while_it_is_there_and_a_minute_longer() {
        let wishes = Arc::new(Wishes::default());
        let wanted = |vm| wishes.cover(Kind::VmScreen, Some(vm));
        let (one, same) =
            (Wish::of(&wishes, &screens_of("web")), Wish::of(&wishes, &screens_of("web")));
        drop(one);
        tokio::time::sleep(MEMORY * 2).await;
        assert!(wanted("web") && !wanted("db"));
        assert!(!wishes.cover(Kind::VmState, Some("web")));
        drop(same);
        tokio::time::sleep(MEMORY / 2).await;
        assert!(wanted("web"));
        tokio::time::sleep(MEMORY).await;
        assert!(!wanted("web"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_a_wish_hears_of_the_one_that_is_for_him() {
        let wishes = Arc::new(Wishes::default());
        let waiting = Arc::clone(&wishes);
        let waiting = tokio::spawn(async move { waiting.name(&[Kind::VmScreen]).await });
        let _other = Wish::of(&wishes, &Interest::default());
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!waiting.is_finished(), "screens are dear: nobody has named them");
        let _this = Wish::of(&wishes, &screens_of("web"));
        waiting.await.unwrap();
    }
}
