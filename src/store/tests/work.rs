use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use proptest::prelude::*;

use super::scratch;
use crate::model::Priority;
use crate::model::TaskId;
use crate::store::Ending;
use crate::store::Work;
use crate::store::WorkState;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn piece(seed: u128, most_attempts: u32) -> Work {
    Work {
        id: TaskId::from_random(seed),
        content: "{}".to_owned(),
        needs: Vec::new(),
        priority: Priority::Medium,
        state: WorkState::Waiting,
        attempts: 0,
        most_attempts,
        holder: None,
        until: None,
        offered_by: "test".to_owned(),
        offered_at: at(0),
        not_before: at(0),
        ended_at: None,
        result: None,
    }
}

/// What may happen to a piece.
#[derive(Debug, Clone)]
enum Step {
    Take(u8),
    Keep(u8),
    Done(u8),
    Fail(u8),
    Pass,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0u8..3).prop_map(Step::Take),
        (0u8..3).prop_map(Step::Keep),
        (0u8..3).prop_map(Step::Done),
        (0u8..3).prop_map(Step::Fail),
        Just(Step::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_piece_is_had_by_one_and_is_tried_no_more_often_than_it_may(
        steps in prop::collection::vec(step(), 1..30), most in 1u32..4,
    ) {
        let scratch = scratch();
        let book = scratch.store.work();
        let work = piece(7, most);
        book.offer(&work).unwrap();
        // Who has it, in which attempt, until when.
        let mut held: Option<(u8, u32, u64)> = None;
        let (mut attempts, mut open, mut now) = (0, true, 1);
        for step in steps {
            now += 1;
            let name = |agent: u8| format!("a{agent}");
            let is_his = |agent: u8| held.is_some_and(|(it, ..)| it == agent);
            match step {
                Step::Take(agent) => {
                    let taken = book.take(&name(agent), &[], at(now + 5), at(now)).unwrap();
                    prop_assert_eq!(taken.is_some(), open && held.is_none());
                    if taken.is_some() {
                        attempts += 1;
                        held = Some((agent, attempts, now + 5));
                    }
                }
                Step::Keep(agent) => {
                    let kept = book.keep(work.id, &name(agent), attempts, at(now + 9)).unwrap();
                    prop_assert_eq!(kept.is_some(), is_his(agent));
                    held = held.map(|(it, n, t)| (it, n, if it == agent { now + 9 } else { t }));
                }
                Step::Done(agent) | Step::Fail(agent) => {
                    let failed = matches!(step, Step::Fail(_));
                    let ending = if failed {
                        Ending::Failed("1".to_owned(), at(now))
                    } else {
                        Ending::Done("1".to_owned())
                    };
                    let ended = book.end(work.id, &name(agent), attempts, &ending, at(now)).unwrap();
                    prop_assert_eq!(ended.is_some(), is_his(agent));
                    if ended.is_some() {
                        held = None;
                        open = failed && attempts < most;
                    }
                }
                Step::Pass => {
                    now += 6;
                    let back = book.take_back(at(now)).unwrap();
                    let over = held.is_some_and(|(.., until)| until <= now);
                    prop_assert_eq!(back.len(), usize::from(over));
                    if over {
                        held = None;
                        open = attempts < most;
                    }
                }
            }
            let found = book.get(work.id).unwrap().unwrap();
            prop_assert_eq!(found.attempts, attempts);
            prop_assert!(found.attempts <= most);
            prop_assert_eq!(found.ended_at.is_none(), open);
            prop_assert_eq!(found.state == WorkState::Taken, held.is_some());
        }
    }
}

#[test]
fn the_oldest_of_the_most_urgent_that_fit_comes_first() {
    let scratch = scratch();
    let book = scratch.store.work();
    let with = |seed, priority, needs: &[&str]| {
        let needs = needs.iter().map(ToString::to_string).collect();
        let work = Work { needs, priority, ..piece(seed, 1) };
        book.offer(&work).unwrap();
        work.id
    };
    let low = with(1, Priority::Low, &[]);
    let high = with(2, Priority::High, &["click"]);
    let also_high = with(3, Priority::High, &[]);
    with(4, Priority::Critical, &["fly"]);
    let can = ["click".to_owned()];
    let take = || book.take("a", &can, at(9), at(1)).unwrap().map(|it| it.id);
    assert_eq!([take(), take(), take(), take()], [Some(high), Some(also_high), Some(low), None]);
}
