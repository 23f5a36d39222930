use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Which calls fail, and how.
///
/// ```json
/// {"seed": 7, "rules": [{"match": "startvm", "fault": "locked", "times": 2},
///                       {"match": "showvminfo", "fault": "slow", "ms": 300, "odds": 0.1}]}
/// ```
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// What the odds are drawn from.
    #[serde(default)]
    seed: u64,
    /// The first rule that strikes decides.
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// Strikes calls whose arguments, joined by spaces, contain this.
    #[serde(rename = "match")]
    pattern: String,
    fault: FaultName,
    /// For `slow` and `die_during`: how long, at most.
    #[serde(default)]
    ms: u64,
    /// How often in all, over every process; without it, always.
    times: Option<u32>,
    /// How likely.
    odds: Option<f64>,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultName {
    /// Somebody holds the VM's lock.
    Locked,
    /// An object is not ready.
    NotReady,
    /// The server does not come up.
    Service,
    /// No answer until a signal ends it.
    Hang,
    /// No answer, and signals that ask are ignored.
    HangHard,
    /// Output without end.
    Flood,
    /// Random bytes, and success.
    Rubbish,
    /// Death before anything was done.
    DieBefore,
    /// Death in the middle of what is done.
    DieDuring,
    /// Death after everything was done, without a word.
    DieAfter,
    /// Everything done and nothing on standard output, and no end until a signal comes: what the
    /// real one does for 10 seconds when its threads miss each other.
    HangAfter,
    /// An error on standard error, and success.
    Exit0Error,
    /// The real answer, but late.
    Slow,
    /// Nothing at all, and success.
    Empty,
    /// The real answer: what spares a call the rules after this one.
    Pass,
}

/// What this call is to suffer.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    /// Of which kind.
    pub(crate) name: FaultName,
    /// For those that take a time: how long, at most.
    pub(crate) ms: u64,
    /// A number that differs from call to call.
    pub(crate) draw: u64,
}

/// What all calls of one plan came to, in a file beside it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Counts {
    /// How often odds were drawn.
    draws: u64,
    /// How often each rule struck.
    struck: Vec<u32>,
}

/// Decides what this call is to suffer, and counts it.
pub(crate) fn decide(plan: &Path, call: &str) -> io::Result<Option<Fault>> {
    let lock =
        File::options().create(true).truncate(false).write(true).open(beside(plan, ".lock"))?;
    lock.lock()?;
    let rules: Plan = serde_json::from_slice(&fs::read(plan)?)?;
    let file = beside(plan, ".counts");
    let mut counts: Counts = match fs::read(&file) {
        Ok(text) => serde_json::from_slice(&text)?,
        Err(e) if e.kind() == io::ErrorKind::NotFound => Counts::default(),
        Err(e) => return Err(e),
    };
    counts.struck.resize(rules.rules.len(), 0);
    let fault = rules.strike(call, &mut counts);
    // Whole or not at all: a signal may end this program at any moment.
    let draft = beside(plan, ".counts.new");
    fs::write(&draft, serde_json::to_vec(&counts)?)?;
    fs::rename(draft, file)?;
    Ok(fault)
}

impl Plan {
    fn strike(&self, call: &str, counts: &mut Counts) -> Option<Fault> {
        for (rule, struck) in self.rules.iter().zip(&mut counts.struck) {
            if !call.contains(&rule.pattern) || rule.times.is_some_and(|times| *struck >= times) {
                continue;
            }
            counts.draws += 1;
            let draw = self.seed.wrapping_add(counts.draws);
            if rule.odds.is_some_and(|odds| odds <= fastrand::Rng::with_seed(draw).f64()) {
                continue;
            }
            *struck += 1;
            return Some(Fault { name: rule.fault, ms: rule.ms, draw });
        }
        None
    }
}

fn beside(plan: &Path, ending: &str) -> PathBuf {
    let mut name = plan.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
