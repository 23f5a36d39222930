use std::collections::BTreeMap;
use std::collections::HashMap;
use std::time::Instant;

use super::Lane;
use super::rank::Rank;
use crate::model::{Priority, TaskId};

/// Decides which task starts next: a value that reads no clock and does no I/O.
///
/// A task that waits for its next attempt holds no slot, but keeps its place in its lane: the
/// later tasks of a VM mean the VM as the earlier ones leave it, so they wait behind it. Only a
/// task that ranks before it (an emergency power-off) goes first.
///
/// No operation looks at all waiting tasks: each lane has a line of its own, and only the heads of
/// the lines that may move are in `ready`.
#[derive(Debug)]
pub(super) struct Scheduler {
    slots: usize,
    running: usize,
    pushed: u64,
    tasks: HashMap<TaskId, Place>,
    lines: HashMap<Track, Line>,
    ready: BTreeMap<Rank, TaskId>,
    /// Who waits for a time, the earliest first.
    delayed: BTreeMap<(Instant, Rank), TaskId>,
}

#[derive(Debug)]
struct Place {
    rank: Rank,
    track: Track,
}

/// What a task must not share: its lane, or nothing, which is a track of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Track {
    Lane(Lane),
    Alone(u64),
}

/// The tasks of one track.
#[derive(Debug, Default)]
struct Line {
    is_running: bool,
    waiting: BTreeMap<Rank, Waiting>,
    /// The one of them that is in `ready`.
    offered: Option<Rank>,
}

#[derive(Debug)]
struct Waiting {
    task: TaskId,
    not_before: Option<Instant>,
}

impl Scheduler {
    /// Builds a scheduler that runs this many tasks at once (at least one).
    pub(super) fn new(slots: usize) -> Self {
        Self {
            slots: slots.max(1),
            running: 0,
            pushed: 0,
            tasks: HashMap::new(),
            lines: HashMap::new(),
            ready: BTreeMap::new(),
            delayed: BTreeMap::new(),
        }
    }

    /// Takes in a task that entered at this time.
    pub(super) fn push(&mut self, task: TaskId, lane: &Lane, priority: Priority, entered: Instant) {
        self.pushed += 1;
        let rank = Rank::new(priority, entered, self.pushed);
        let track = match lane {
            Lane::Vm(_) | Lane::Registry => Track::Lane(lane.clone()),
            Lane::Free => Track::Alone(self.pushed),
        };
        let own = self.lines.entry(track.clone()).or_default();
        own.waiting.insert(rank, Waiting { task, not_before: None });
        offer(own, &mut self.ready);
        self.tasks.insert(task, Place { rank, track });
    }

    /// Returns the task that starts now, if there is one: its lane and a slot are taken.
    pub(super) fn start_next(&mut self, now: Instant) -> Option<TaskId> {
        self.wake(now);
        if self.running >= self.slots {
            return None;
        }
        let (rank, task) = self.ready.pop_first()?;
        let line = self.lines.get_mut(&self.tasks.get(&task)?.track)?;
        line.waiting.remove(&rank);
        line.offered = None;
        line.is_running = true;
        self.running += 1;
        Some(task)
    }

    /// Forgets a running task that has ended: its lane and its slot are free.
    pub(super) fn finish(&mut self, task: TaskId) {
        let Some(place) = self.tasks.remove(&task) else { return };
        self.release(&place.track);
    }

    /// Lets a running task wait for its next attempt: its slot is free, its lane keeps its place.
    pub(super) fn retry_at(&mut self, task: TaskId, at: Instant) {
        let Some(Place { rank, track }) = self.tasks.get(&task) else { return };
        let Some(line) = self.lines.get_mut(track) else { return };
        line.waiting.insert(*rank, Waiting { task, not_before: Some(at) });
        self.delayed.insert((at, *rank), task);
        let track = track.clone();
        self.release(&track);
    }

    /// Forgets a waiting task; `false` if it is running or unknown.
    pub(super) fn cancel(&mut self, task: TaskId) -> bool {
        let Some(Place { rank, track }) = self.tasks.get(&task) else { return false };
        let Some(line) = self.lines.get_mut(track) else { return false };
        let Some(waiting) = line.waiting.remove(rank) else { return false };
        if let Some(at) = waiting.not_before {
            self.delayed.remove(&(at, *rank));
        }
        offer(line, &mut self.ready);
        if line.is_over() {
            self.lines.remove(track);
        }
        self.tasks.remove(&task);
        true
    }

    /// Returns when [`Self::start_next`] is to be asked again even if nothing else happens.
    pub(super) fn next_wakeup(&self) -> Option<Instant> {
        self.delayed.first_key_value().map(|((at, _), _)| *at)
    }

    /// Returns whether nothing is left of any task.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        let Self { tasks, lines, ready, delayed, .. } = self;
        tasks.is_empty() && lines.is_empty() && ready.is_empty() && delayed.is_empty()
    }

    fn release(&mut self, track: &Track) {
        let Some(line) = self.lines.get_mut(track) else { return };
        line.is_running = false;
        self.running -= 1;
        offer(line, &mut self.ready);
        if line.is_over() {
            self.lines.remove(track);
        }
    }

    /// Ends the waits that are over by now.
    fn wake(&mut self, now: Instant) {
        while let Some(entry) = self.delayed.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let ((_, rank), task) = entry.remove_entry();
            let Some(place) = self.tasks.get(&task) else { continue };
            let Some(line) = self.lines.get_mut(&place.track) else { continue };
            if let Some(waiting) = line.waiting.get_mut(&rank) {
                waiting.not_before = None;
            }
            offer(line, &mut self.ready);
        }
    }
}

impl Line {
    /// Returns the first of the line if it may start.
    fn head(&self) -> Option<(Rank, TaskId)> {
        let (rank, first) = self.waiting.first_key_value()?;
        (!self.is_running && first.not_before.is_none()).then_some((*rank, first.task))
    }

    fn is_over(&self) -> bool {
        !self.is_running && self.waiting.is_empty()
    }
}

/// Makes the head of a line, and nobody else of it, ready.
fn offer(line: &mut Line, ready: &mut BTreeMap<Rank, TaskId>) {
    let head = line.head();
    let rank = head.map(|(rank, _)| rank);
    if rank == line.offered {
        return;
    }
    if let Some(before) = line.offered.take() {
        ready.remove(&before);
    }
    ready.extend(head);
    line.offered = rank;
}
