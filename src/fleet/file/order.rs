//! The order in which things that need each other come.

/// Returns the places of things, each after all that it needs and else as early as it stands.
/// Within a circle the order means nothing.
pub(super) fn order(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut state = vec![Mark::New; needs.len()];
    let mut order = Vec::new();
    for start in 0..needs.len() {
        // By hand, not by recursion: a chain of a thousand is no reason to run out of stack.
        let mut path = vec![(start, 0)];
        while let Some((place, nth)) = path.pop() {
            let Some(mark) = state.get_mut(place) else { continue };
            if nth == 0 && *mark != Mark::New {
                continue;
            }
            *mark = Mark::Open;
            let next = needs.get(place).and_then(|needs| needs.get(nth));
            if let Some(next) = next {
                path.push((place, nth + 1));
                path.push((*next, 0));
            } else {
                *mark = Mark::Done;
                order.push(place);
            }
        }
    }
    order
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Returns the circles among things that need each other: each one once, its places in the order
/// in which they need the next, from the one that stands first.
pub(super) fn circles(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut circles: Vec<Vec<usize>> = Vec::new();
    let mut seen = vec![false; needs.len()];
    for start in 0..needs.len() {
        if seen.get(start) == Some(&true) {
            continue;
        }
        if let Some(circle) = way_back(needs, start) {
            for place in &circle {
                if let Some(seen) = seen.get_mut(*place) {
                    *seen = true;
                }
            }
            circles.push(circle);
        }
    }
    circles
}

/// Returns the shortest way from a place back to itself.
fn way_back(needs: &[Vec<usize>], start: usize) -> Option<Vec<usize>> {
    let of = |place: usize| needs.get(place).map(Vec::as_slice).unwrap_or_default();
    let mut from = vec![None; needs.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(place) = queue.pop_front() {
        for next in of(place) {
            if *next == start {
                let back = std::iter::successors(Some(place), |it| from.get(*it).copied()?);
                let mut way: Vec<usize> = back.collect();
                way.reverse();
                return Some(way);
            }
            if let Some(before) = from.get_mut(*next)
                && before.is_none()
            {
                *before = Some(place);
                queue.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{circles, order};

    #[test]
    fn what_is_needed_comes_first_and_else_the_order_is_kept() {
        assert_eq!(order(&[vec![], vec![], vec![]]), [0, 1, 2]);
        assert_eq!(order(&[vec![2], vec![0], vec![]]), [2, 0, 1]);
        let chain: Vec<Vec<usize>> = (0..100_000).map(|it| vec![it + 1]).collect();
        assert_eq!(order(&chain).first(), Some(&99_999));
    }

    #[test]
    fn a_circle_is_told_once_from_its_first_place_on() {
        assert_eq!(circles(&[vec![1], vec![2], vec![0]]), [[0, 1, 2]]);
        assert_eq!(circles(&[vec![0]]), [[0]]);
        assert_eq!(circles(&[vec![1], vec![0], vec![3], vec![2]]), [[0, 1], [2, 3]]);
        assert_eq!(circles(&[vec![1], vec![2], vec![1]]), [[1, 2]]);
        assert!(circles(&[vec![1], vec![]]).is_empty());
    }

    fn needs() -> impl Strategy<Value = Vec<Vec<usize>>> {
        (1usize..12).prop_flat_map(|count| {
            prop::collection::vec(prop::collection::vec(0..count, 0..4), count)
        })
    }

    proptest! {
        #[test]
        fn without_a_circle_everything_comes_once_and_after_what_it_needs(needs in needs()) {
            let order = order(&needs);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..needs.len()).collect::<Vec<_>>());
            if circles(&needs).is_empty() {
                let at = |place: usize| order.iter().position(|it| *it == place);
                for (place, others) in needs.iter().enumerate() {
                    prop_assert!(others.iter().all(|other| at(*other) < at(place)));
                }
            }
        }

        #[test]
        fn every_step_of_a_circle_is_a_need(needs in needs()) {
            for circle in circles(&needs) {
                let next = circle.iter().cycle().skip(1);
                for (place, next) in circle.iter().zip(next) {
                    prop_assert!(needs[*place].contains(next), "{:?} in {:?}", circle, needs);
                }
            }
        }
    }
}
