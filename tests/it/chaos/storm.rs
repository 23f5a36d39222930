//! Several processes at once, some of them struck by a signal, and what each command may come to.

use std::collections::BTreeSet;
use std::fmt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;

use super::moves::Cast;
use super::seeds::Measure;
use crate::support::command::{Home, Run, program_file};

/// Everything that a command may exit with, but wrong usage, which nothing here is.
const CODES: [i32; 11] = [0, 1, 3, 4, 5, 6, 7, 8, 9, 130, 143];

/// How commands are treated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    /// How many of a hundred are struck by a signal.
    pub(crate) strikes: u8,
    /// The longest time before one is struck.
    pub(crate) longest: Duration,
    /// No command may take longer.
    pub(crate) deadline: Duration,
}

/// A signal at a moment.
#[derive(Debug, Clone, Copy)]
struct Strike {
    after: Duration,
    signal: &'static str,
}

/// A command and what became of it.
#[derive(Debug)]
pub(crate) struct Deed {
    worker: usize,
    begun: Duration,
    pub(crate) took: Duration,
    pub(crate) words: Vec<String>,
    struck: Option<Strike>,
    pub(crate) run: Run,
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.begun.as_secs_f64(), (self.begun + self.took).as_secs_f64());
        write!(f, "{from:7.2}-{to:7.2} #{} {:?} -> {}", self.worker, self.words, self.run.code)?;
        if let Some(Strike { after, signal }) = self.struck {
            write!(f, " (kill {signal} after {after:?})")?;
        }
        let told = serde_json::from_str::<Value>(&self.run.stdout).unwrap_or_default();
        let told = told.pointer("/error/message").or_else(|| told.pointer("/errors/0/message"));
        told.map_or(Ok(()), |message| write!(f, " {message}"))
    }
}

/// Lets several processes loose on a home, until each has run its commands.
pub(crate) fn rage(
    home: &Home,
    cast: &Cast,
    measure: Measure,
    weather: Weather,
    seed: u64,
) -> Vec<Deed> {
    let begun = Instant::now();
    let mut deeds: Vec<Deed> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..measure.workers)
            .map(|worker| {
                let own = u64::try_from(worker).unwrap().rotate_right(8);
                let mut random = Rng::with_seed(seed ^ own);
                scope.spawn(move || {
                    let next = |_| {
                        let words = cast.draw(&mut random);
                        let struck = strike(&mut random, weather);
                        let since = begun.elapsed();
                        let run = carry_out(home, &words, struck, weather.deadline);
                        let took = begun.elapsed().checked_sub(since).unwrap();
                        Deed { worker, begun: since, took, words, struck, run }
                    };
                    (0..measure.length).map(next).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    deeds.sort_by_key(|deed| deed.begun);
    deeds
}

/// Returns what is wrong with how commands ended. Chaos in which hardly anything is done proves
/// nothing, and is wrong too.
pub(crate) fn misdeeds(deeds: &[Deed], deadline: Duration) -> Vec<String> {
    let wrong = |deed: &Deed| {
        misdeed(deed, deadline).map(|what| format!("{what}: {deed}\n{:#?}", deed.run))
    };
    let mut wrongs: Vec<String> = deeds.iter().filter_map(wrong).collect();
    let done = deeds.iter().filter(|deed| deed.run.code == 0).count();
    if done * 5 < deeds.len() {
        wrongs.push(format!("only {done} of {} were done", deeds.len()));
    }
    wrongs
}

fn misdeed(deed: &Deed, deadline: Duration) -> Option<String> {
    let Run { code, stdout, stderr } = &deed.run;
    if stderr.contains("panicked") {
        return Some("it panicked".to_owned());
    }
    if deed.took > deadline {
        return Some(format!("it took {:?}", deed.took));
    }
    let is_killed = *code == -1;
    if is_killed {
        // Also one that did not yet listen when it was asked to end.
        return deed.struck.is_none().then(|| "it died by itself".to_owned());
    }
    if !CODES.contains(code) {
        return Some(format!("exit code {code}"));
    }
    let Ok(document) = serde_json::from_str::<Value>(stdout) else {
        return Some("its output is not one JSON document".to_owned());
    };
    let errors: BTreeSet<&str> = document
        .pointer("/error/code")
        .into_iter()
        .chain(document["errors"].as_array().into_iter().flatten().map(|it| &it["code"]))
        .filter_map(Value::as_str)
        .collect();
    if let Some(ours) =
        errors.iter().find(|it| ["internal", "usage", "config_invalid"].contains(it))
    {
        return Some(format!("a failure of ours, `{ours}`"));
    }
    // A report may tell by its code that what it reports is ill.
    let is_report = document["items"].is_array() || document["healthy"].is_boolean();
    let is_silent = *code != 0 && !is_report && errors.is_empty();
    is_silent.then(|| "it failed and does not say why".to_owned())
}

/// Prints what was done, in its order.
pub(crate) fn tell(deeds: &[Deed]) {
    for deed in deeds {
        eprintln!("{deed}");
    }
}

/// Returns how long the longest took, and how many came to which exit code.
pub(crate) fn summary(deeds: &[Deed]) -> String {
    let longest = deeds.iter().max_by_key(|deed| deed.took);
    let codes: BTreeSet<i32> = deeds.iter().map(|deed| deed.run.code).collect();
    let count = |code| deeds.iter().filter(|deed| deed.run.code == code).count();
    let shares: Vec<_> = codes.into_iter().map(|code| format!("{code}: {}", count(code))).collect();
    let slowest = longest.map(|deed| format!("{:.1} s {:?}", deed.took.as_secs_f64(), deed.words));
    format!("{} commands, by exit code {}; slowest {slowest:?}", deeds.len(), shares.join(", "))
}

fn strike(random: &mut Rng, weather: Weather) -> Option<Strike> {
    if random.u8(..100) >= weather.strikes {
        return None;
    }
    // Early moments are as likely as late ones, whatever their length.
    let shortest = 0.005_f64;
    let longest = weather.longest.as_secs_f64();
    let after = shortest * (longest / shortest).powf(random.f64());
    let signal = if random.u8(..3) == 0 { "-INT" } else { "-KILL" };
    Some(Strike { after: Duration::from_secs_f64(after), signal })
}

fn carry_out(home: &Home, words: &[String], struck: Option<Strike>, deadline: Duration) -> Run {
    let mut command = home.command(program_file());
    command.args(words).arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let id = child.id().to_string();
    if let Some(Strike { after, signal }) = struck {
        std::thread::sleep(after);
        // It was not waited for yet, so its number is still its own.
        Command::new("kill").args([signal, &id]).stderr(Stdio::null()).status().unwrap();
    }
    finish(child, deadline)
}

/// Waits for the end; one that is late by far is ended, so that the others are seen too.
fn finish(child: Child, deadline: Duration) -> Run {
    let id = child.id().to_string();
    let (tell, ended) = std::sync::mpsc::channel();
    let waiter = std::thread::spawn(move || {
        let output = child.wait_with_output().unwrap();
        tell.send(()).ok();
        output
    });
    if ended.recv_timeout(deadline * 2).is_err() {
        Command::new("kill").args(["-KILL", &id]).status().unwrap();
    }
    Run::from(waiter.join().unwrap())
}
