//! Which rounds are run, and how long they are.

use std::str::FromStr;

/// How much chaos there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    /// Rounds for each seed.
    pub(crate) rounds: u64,
    /// Commands of each process in a round.
    pub(crate) length: usize,
    /// Processes at once.
    pub(crate) workers: usize,
}

impl Measure {
    /// Returns what the environment asks for in place of these.
    pub(crate) fn or_as_asked(self) -> Self {
        Self {
            rounds: asked("ROUNDS").unwrap_or(self.rounds),
            length: asked("LENGTH").unwrap_or(self.length),
            workers: asked("WORKERS").unwrap_or(self.workers),
        }
    }
}

/// Returns the seed of every round: the first of each seed is the seed itself, so that the one
/// that a failure prints runs that round alone.
pub(crate) fn seeds(rounds: u64) -> Vec<u64> {
    let first = match asked("SEED") {
        Some(seed) => vec![seed],
        None => kept(),
    };
    let all_of = |seed: u64| {
        (0..rounds).map(move |round| seed.wrapping_add(round.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    };
    first.into_iter().flat_map(all_of).collect()
}

fn kept() -> Vec<u64> {
    let lines = include_str!("seeds.txt").lines().filter(|line| !line.starts_with('#'));
    let first_word = |line: &str| line.split_whitespace().next().map(str::to_owned);
    lines.filter_map(first_word).map(|word| word.parse().expect("a seed")).collect()
}

fn asked<T: FromStr>(what: &str) -> Option<T> {
    let text = std::env::var(format!("VM_CLI_CHAOS_{what}")).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("VM_CLI_CHAOS_{what}={text}")))
}

#[test]
fn seeds_are_kept_and_a_round_is_run_again_by_its_own() {
    assert!(!kept().is_empty());
    let two = seeds(2);
    assert!(two[0] != two[1] && two[0] == seeds(1)[0], "{two:?}");
}
