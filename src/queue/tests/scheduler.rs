use std::collections::HashSet;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;

use crate::model::{Priority, TaskId};
use crate::queue::Lane;
use crate::queue::rank::{Rank, patience};
use crate::queue::scheduler::Scheduler;

const SECOND: Duration = Duration::from_secs(1);

fn task(number: usize) -> TaskId {
    TaskId::from_random(u128::try_from(number).unwrap())
}

fn vm(name: &str) -> Lane {
    Lane::Vm(name.to_owned())
}

/// What is next, found the slow way: by looking at everybody.
#[derive(Debug)]
struct Oracle {
    slots: usize,
    running: Vec<(TaskId, Lane, Rank)>,
    waiting: Vec<(TaskId, Lane, Rank, Option<Instant>)>,
}

impl Oracle {
    fn start_next(&mut self, now: Instant) -> Option<TaskId> {
        if self.running.len() == self.slots {
            return None;
        }
        self.waiting.sort_by_key(|(_, _, rank, _)| *rank);
        let may_start = |index: usize| {
            let (_, lane, _, not_before) = &self.waiting[index];
            let is_held = *lane != Lane::Free
                && (self.running.iter().any(|(_, running, _)| running == lane)
                    || self.waiting[..index].iter().any(|(_, before, ..)| before == lane));
            !is_held && not_before.is_none_or(|at| at <= now)
        };
        let next = (0..self.waiting.len()).find(|index| may_start(*index))?;
        let (task, lane, rank, _) = self.waiting.remove(next);
        self.running.push((task, lane, rank));
        Some(task)
    }
}

#[derive(Debug, Clone)]
enum Step {
    Push(Lane, Priority),
    Start,
    Finish(usize),
    Retry(usize, u32),
    Cancel(usize),
    Pass(u32),
}

fn any_priority() -> impl Strategy<Value = Priority> {
    use Priority::{Critical, High, Low, Medium};
    prop_oneof![Just(Critical), Just(High), Just(Medium), Just(Low)]
}

fn any_lane() -> impl Strategy<Value = Lane> {
    prop_oneof!["[abc]".prop_map(Lane::Vm), Just(Lane::Registry), Just(Lane::Free)]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any_lane(), any_priority()).prop_map(|(lane, priority)| Step::Push(lane, priority)),
        4 => Just(Step::Start),
        3 => any::<usize>().prop_map(Step::Finish),
        1 => (any::<usize>(), 0u32..400).prop_map(|(which, secs)| Step::Retry(which, secs)),
        1 => any::<usize>().prop_map(Step::Cancel),
        2 => (0u32..200).prop_map(Step::Pass),
    ]
}

proptest! {
    #[test]
    fn it_decides_as_if_it_looked_at_everybody(
        slots in 1usize..5, steps in vec(any_step(), 0..120),
    ) {
        let mut now = Instant::now();
        let mut scheduler = Scheduler::new(slots);
        let mut oracle = Oracle { slots, running: Vec::new(), waiting: Vec::new() };
        let mut pushed = 0;
        for step in steps {
            match step {
                Step::Push(lane, priority) => {
                    pushed += 1;
                    scheduler.push(task(pushed), &lane, priority, now);
                    let rank = Rank::new(priority, now, pushed.try_into().unwrap());
                    oracle.waiting.push((task(pushed), lane, rank, None));
                }
                Step::Start => prop_assert_eq!(scheduler.start_next(now), oracle.start_next(now)),
                Step::Finish(which) if !oracle.running.is_empty() => {
                    let (task, ..) = oracle.running.remove(which % oracle.running.len());
                    scheduler.finish(task);
                }
                Step::Retry(which, secs) if !oracle.running.is_empty() => {
                    let (task, lane, rank) = oracle.running.remove(which % oracle.running.len());
                    let at = now + secs * SECOND;
                    scheduler.retry_at(task, at);
                    oracle.waiting.push((task, lane, rank, Some(at)));
                }
                Step::Cancel(which) if !oracle.waiting.is_empty() => {
                    let (task, ..) = oracle.waiting.remove(which % oracle.waiting.len());
                    prop_assert!(scheduler.cancel(task));
                    prop_assert!(!scheduler.cancel(task));
                }
                Step::Pass(secs) => now += secs * SECOND,
                Step::Finish(_) | Step::Retry(..) | Step::Cancel(_) => {}
            }
            prop_assert!(oracle.running.iter().all(|(task, ..)| !scheduler.cancel(*task)));
            let future = oracle.waiting.iter().filter_map(|(.., at)| *at).filter(|at| *at > now);
            let next = future.min();
            prop_assert!(scheduler.next_wakeup().is_none_or(|at| next.is_none_or(|n| at <= n)));
            prop_assert!(next.is_none() || scheduler.next_wakeup().is_some());
        }
    }

    #[test]
    fn a_lane_never_runs_twice_slots_are_kept_and_everything_starts_exactly_once(
        slots in 1usize..6,
        tasks in vec((any_lane(), any_priority()), 1..80),
        mut picks in vec(any::<usize>(), 200),
    ) {
        let now = Instant::now();
        let mut scheduler = Scheduler::new(slots);
        for (number, (lane, priority)) in tasks.iter().enumerate() {
            scheduler.push(task(number), lane, *priority, now);
        }
        let (mut started, mut running) = (HashSet::new(), Vec::new());
        loop {
            while let Some(next) = scheduler.start_next(now) {
                prop_assert!(started.insert(next), "it started twice");
                let number = (0..tasks.len()).find(|number| task(*number) == next).unwrap();
                running.push((next, &tasks[number].0));
            }
            prop_assert!(running.len() <= slots);
            let lanes: Vec<_> = running.iter().filter(|(_, lane)| **lane != Lane::Free).collect();
            let distinct: HashSet<_> = lanes.iter().map(|(_, lane)| lane).collect();
            prop_assert_eq!(lanes.len(), distinct.len());
            if running.is_empty() {
                break;
            }
            let (ended, _) = running.remove(picks.pop().unwrap_or(0) % running.len());
            scheduler.finish(ended);
        }
        prop_assert_eq!(started.len(), tasks.len());
        prop_assert!(scheduler.is_empty());
    }

    #[test]
    fn a_patient_task_starts_within_its_patience_whatever_else_comes(
        priority in prop_oneof![Just(Priority::Medium), Just(Priority::Low)],
        pause in 100u64..1000,
    ) {
        let start = Instant::now();
        let (mut now, mut number) = (start, 1);
        let mut scheduler = Scheduler::new(1);
        scheduler.push(task(0), &Lane::Free, priority, now);
        // Work comes exactly as fast as it is done: there is always an urgent task waiting.
        loop {
            scheduler.push(task(number), &Lane::Free, Priority::High, now);
            let next = scheduler.start_next(now).unwrap();
            if next == task(0) {
                break;
            }
            prop_assert!(now < start + patience(priority), "it starves");
            scheduler.finish(next);
            number += 1;
            now += Duration::from_millis(pause);
        }
        prop_assert!(number > 2, "nobody overtook it");
    }

    #[test]
    fn tasks_of_one_priority_start_in_their_order_in_a_lane_and_between_lanes(
        lanes in vec(any_lane(), 1..40), priority in any_priority(),
    ) {
        let now = Instant::now();
        let mut scheduler = Scheduler::new(1);
        for (number, lane) in lanes.iter().enumerate() {
            scheduler.push(task(number), lane, priority, now);
        }
        for number in 0..lanes.len() {
            prop_assert_eq!(scheduler.start_next(now), Some(task(number)));
            scheduler.finish(task(number));
        }
    }
}

#[test]
fn a_task_that_waits_for_its_next_attempt_keeps_its_lane_but_no_slot() {
    let now = Instant::now();
    let mut scheduler = Scheduler::new(1);
    let (first, behind, elsewhere) = (task(1), task(2), task(3));
    scheduler.push(first, &vm("web"), Priority::Medium, now);
    scheduler.push(behind, &vm("web"), Priority::Medium, now);
    scheduler.push(elsewhere, &vm("db"), Priority::Medium, now);
    assert_eq!(scheduler.start_next(now), Some(first));
    scheduler.retry_at(first, now + SECOND);
    assert_eq!(scheduler.next_wakeup(), Some(now + SECOND));
    assert_eq!(scheduler.start_next(now), Some(elsewhere), "the slot is free");
    scheduler.finish(elsewhere);
    assert_eq!(scheduler.start_next(now), None, "the lane is not");
    assert_eq!(scheduler.start_next(now + SECOND), Some(first), "it did not lose its place");
    scheduler.finish(first);
    assert_eq!(scheduler.start_next(now + SECOND), Some(behind));
}

#[test]
fn an_emergency_overtakes_a_task_that_waits_for_its_next_attempt() {
    let now = Instant::now();
    let mut scheduler = Scheduler::new(1);
    let (stuck, power_off) = (task(1), task(2));
    scheduler.push(stuck, &vm("web"), Priority::High, now);
    assert_eq!(scheduler.start_next(now), Some(stuck));
    scheduler.retry_at(stuck, now + SECOND);
    scheduler.push(power_off, &vm("web"), Priority::Critical, now);
    assert_eq!(scheduler.start_next(now), Some(power_off));
}

#[test]
fn waits_that_end_while_all_slots_are_taken_do_not_wake_again_and_again() {
    let now = Instant::now();
    let mut scheduler = Scheduler::new(1);
    scheduler.push(task(1), &Lane::Free, Priority::Medium, now);
    scheduler.start_next(now).unwrap();
    scheduler.retry_at(task(1), now + SECOND);
    scheduler.push(task(2), &Lane::Free, Priority::Low, now);
    assert_eq!(scheduler.start_next(now), Some(task(2)));
    assert_eq!(scheduler.start_next(now + SECOND), None);
    assert_eq!(scheduler.next_wakeup(), None);
    scheduler.finish(task(2));
    assert_eq!(scheduler.start_next(now + SECOND), Some(task(1)));
}

#[test]
fn who_waits_behind_a_canceled_task_is_next() {
    let now = Instant::now();
    let mut scheduler = Scheduler::new(0);
    scheduler.push(task(1), &Lane::Registry, Priority::Medium, now);
    scheduler.push(task(2), &Lane::Registry, Priority::Medium, now);
    assert_eq!(scheduler.start_next(now), Some(task(1)));
    scheduler.retry_at(task(1), now + SECOND);
    assert!(scheduler.cancel(task(1)));
    assert_eq!(scheduler.next_wakeup(), None);
    assert_eq!(scheduler.start_next(now), Some(task(2)));
    scheduler.finish(task(2));
    assert!(scheduler.is_empty());
}
