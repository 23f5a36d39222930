//! README.md and CLI_EXAMPLES.md: every session in them is run, in order, on simulated VMs.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use crate::support::command::{Home, Run};
use crate::support::console;

/// Runs the sessions of a document. With `SNAPSHOTS=overwrite` the document is brought up to
/// date instead, for a person to look at.
#[track_caller]
fn run_sessions(name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut document = fs::read_to_string(&file).unwrap();
    let steps = console::steps(&document);
    assert!(!steps.is_empty(), "{name} has no session");
    let home = Home::simulated();
    let mut wrong = Vec::new();
    for step in steps {
        let shell = home.command("sh").args(["-c", &step.command]).output().unwrap();
        let run = Run::from(shell);
        let printed = format!("{}{}", run.stdout, run.stderr);
        let lines: Vec<&str> = printed.trim_end().lines().collect();
        if run.code == step.code && console::lines_match(&step.expected, &lines) {
            continue;
        }
        wrong.push(format!(
            "{name}:{}: $ {}\nexit code {} (expected {})\n{printed}",
            step.line, step.command, run.code, step.code
        ));
        document = replaced(&document, &step, run.code, &lines);
    }
    if std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite") {
        fs::write(&file, document).unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
    }
}

/// Returns the document with what a step really printed.
fn replaced(document: &str, step: &console::Step, code: i32, lines: &[&str]) -> String {
    let typed: Vec<&str> = step.command.lines().collect();
    let old: Vec<&str> = document.lines().collect();
    let first = old.iter().position(|line| line.strip_prefix("$ ") == typed.first().copied());
    let Some(first) = first else { return document.to_owned() };
    let after = first + typed.len();
    let end = old[after..]
        .iter()
        .position(|line| line.starts_with("$ ") || line.starts_with("```"))
        .map_or(old.len(), |count| after + count);
    let mut new: Vec<String> = old[..after].iter().map(|line| (*line).to_owned()).collect();
    if code != 0 {
        new.push(format!("? {code}"));
    }
    new.extend(lines.iter().map(|line| (*line).to_owned()));
    if old.get(end).is_some_and(|line| line.starts_with("$ ")) {
        new.push(String::new());
    }
    new.extend(old[end..].iter().map(|line| (*line).to_owned()));
    new.join("\n") + "\n"
}

#[test]
fn the_readme_does_as_it_says() {
    run_sessions("README.md");
}

#[test]
fn the_examples_do_as_they_say() {
    run_sessions("CLI_EXAMPLES.md");
}
