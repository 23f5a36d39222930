use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::happening::{Happening, Kind};
use super::interest::Interest;
use super::wishes::{Wish, Wishes};
use crate::report::moment;

/// So many events are kept for who comes back.
const KEPT: usize = 4096;

/// Who is further behind than this while he listens is let go.
const BEHIND: usize = 1024;

/// Numbers events, keeps the last ones, hands them on.
#[derive(Debug)]
pub(in crate::server) struct Hub {
    ring: Mutex<Ring>,
    live: broadcast::Sender<Arc<Told>>,
    wishes: Arc<Wishes>,
}

#[derive(Debug)]
struct Ring {
    next: u64,
    most: usize,
    kept: VecDeque<Arc<Told>>,
}

/// An event with its number, as everybody gets it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::server) struct Told {
    /// Its number: larger than that of every event before, those of earlier servers too.
    pub(in crate::server) seq: u64,
    /// Its kind.
    pub(in crate::server) kind: Kind,
    /// The VM, by its name.
    pub(in crate::server) vm: Option<String>,
    /// One line of JSON.
    pub(in crate::server) line: String,
}

/// What somebody hears who begins to listen.
#[derive(Debug)]
pub(in crate::server) struct Listening {
    /// What he missed and is still there.
    pub(in crate::server) past: Vec<Arc<Told>>,
    /// The last number that he can no longer be told, if there is one.
    pub(in crate::server) gap: Option<u64>,
    /// The number of the last event before those that come.
    pub(in crate::server) last: u64,
    /// What comes.
    pub(in crate::server) live: broadcast::Receiver<Arc<Told>>,
    _wish: Wish,
}

impl Hub {
    /// Begins to number, from what this moment gives.
    pub(in crate::server) fn new(now: SystemTime) -> Self {
        Self::keeping(KEPT, BEHIND, now)
    }

    /// Keeps so many events, and lets go who is further behind than that.
    fn keeping(most: usize, behind: usize, now: SystemTime) -> Self {
        // A server that starts later begins with a larger number, in the same second too.
        let micros = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let next = u64::try_from(micros).unwrap_or_default() + 1;
        let ring = Ring { next, most, kept: VecDeque::new() };
        let live = broadcast::Sender::new(behind);
        Self { ring: Mutex::new(ring), live, wishes: Arc::default() }
    }

    /// Tells everybody what happened.
    pub(in crate::server) fn tell(&self, happening: Happening, now: SystemTime) {
        let Happening { kind, vm, data, task, actor } = happening;
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let seq = ring.next;
        ring.next += 1;
        let named = vm.as_ref().map(|name| json!({ "name": name }));
        let line = json!({
            "v": 1, "seq": seq, "ts": moment(now), "type": kind.as_str(), "vm": named,
            "data": data, "task": task, "actor": actor,
        });
        let told = Arc::new(Told { seq, kind, vm, line: line.to_string() });
        if ring.most <= ring.kept.len() {
            ring.kept.pop_front();
        }
        ring.kept.push_back(Arc::clone(&told));
        // Nobody may be listening. Sent under the lock, so that the order is that of the numbers.
        self.live.send(told).ok();
    }

    /// Begins to listen: after the event with this number, or from now on.
    pub(in crate::server) fn listen(&self, since: Option<u64>, interest: &Interest) -> Listening {
        let wish = Wish::of(&self.wishes, interest);
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = ring.kept.front().map_or(ring.next, |it| it.seq);
        let past = since.map(|since| ring.kept.iter().filter(move |it| since < it.seq).cloned());
        Listening {
            past: past.into_iter().flatten().collect(),
            gap: since.filter(|it| it + 1 < oldest).map(|_| oldest.saturating_sub(1)),
            last: ring.next.saturating_sub(1),
            live: self.live.subscribe(),
            _wish: wish,
        }
    }

    /// Returns the number of the last event.
    #[cfg(feature = "serve")]
    pub(in crate::server) fn last(&self) -> u64 {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner).next.saturating_sub(1)
    }

    /// Returns what people wait for.
    pub(super) fn wishes(&self) -> &Wishes {
        &self.wishes
    }
}

impl Told {
    /// Tells what is no event of its own: without a number of its own.
    pub(in crate::server) fn aside(kind: &str, seq: u64, data: &Value, now: SystemTime) -> String {
        json!({
            "v": 1, "seq": seq, "ts": moment(now), "type": kind, "vm": null, "data": data,
            "task": null, "actor": null,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::Hub;
    use crate::server::events::{Happening, Interest, Kind};

    const KEPT: usize = 64;
    const BEHIND: usize = 16;

    fn tell(hub: &Hub, number: usize) {
        let (kind, data) = (Kind::Action, json!({ "n": number }));
        hub.tell(Happening { kind, vm: None, data, task: None, actor: None }, UNIX_EPOCH);
    }

    #[test]
    fn a_line_tells_everything_and_a_later_server_goes_on_with_larger_numbers() {
        let start = UNIX_EPOCH + Duration::from_micros(7);
        let hub = Hub::new(start);
        tell(&hub, 1);
        let heard = hub.listen(Some(0), &Interest::default());
        assert_eq!(heard.gap, Some(7));
        let line: Value = serde_json::from_str(&heard.past[0].line).unwrap();
        let expected = json!({"v": 1, "seq": 8, "ts": "1970-01-01T00:00:00.000Z",
            "type": "action", "vm": null, "data": {"n": 1}, "task": null, "actor": null});
        assert_eq!(line, expected);
    }

    #[test]
    fn who_is_too_slow_is_told() {
        let hub = Hub::keeping(KEPT, BEHIND, UNIX_EPOCH);
        let mut heard = hub.listen(None, &Interest::default());
        (0..=BEHIND).for_each(|it| tell(&hub, it));
        assert!(matches!(
            heard.live.try_recv(),
            Err(tokio::sync::broadcast::error::TryRecvError::Lagged(1))
        ));
    }

    fn missed_nothing_unannounced(before: usize, since: usize, after: usize) {
        let hub = Hub::keeping(KEPT, BEHIND, UNIX_EPOCH);
        (0..before).for_each(|it| tell(&hub, it));
        let since = u64::try_from(since.min(before)).unwrap();
        let mut heard = hub.listen(Some(since), &Interest::default());
        (0..after).for_each(|it| tell(&hub, it));
        let mut got: Vec<u64> = heard.past.iter().map(|it| it.seq).collect();
        while let Ok(told) = heard.live.try_recv() {
            got.push(told.seq);
        }
        let first = heard.gap.map_or(since + 1, |gap| gap + 1);
        let end = u64::try_from(before + after).unwrap() + 1;
        assert_eq!(got, (first..end).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_event_of_all_is_not_missed() {
        missed_nothing_unannounced(0, 0, 1);
    }

    proptest! {
        #[test]
        fn past_and_live_together_miss_nothing_unannounced(
            before in 0..2 * KEPT, since in 0..3 * KEPT, after in 0..BEHIND
        ) {
            missed_nothing_unannounced(before, since, after);
        }
    }
}
