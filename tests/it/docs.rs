//! README.md and CLI_EXAMPLES.md: every session in them is run, in order, on simulated VMs.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use crate::support::command::{Home, Run};
use crate::support::console;
use crate::support::served::Served;

/// What works on this host only, or names files of it: these steps are run here, also where a server
/// does the rest.
const HERE: [&str; 22] = [
    "--dry-run",
    "--ignore-limits",
    "VM_CLI_HOME=",
    "VM_CLI_RESOURCE_LIMITS",
    "create-windows",
    "create-linux",
    "vm-cli up ",
    "vm-cli down ",
    "status -f",
    "vm-cli shell ",
    "--tty",
    "vm-cli mcp",
    "vm-cli serve",
    "vm-cli token",
    "vm-cli demo",
    "vm-cli copy",
    "vm-cli export",
    "vm-cli record",
    "vm-cli share add",
    "--since before.png",
    "--screenshot end.png",
    "vm-cli watch",
];

/// Where the sessions are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// By the program itself.
    Itself,
    /// By a server that it asks.
    Server,
}

/// Runs the sessions of a document. With `SNAPSHOTS=overwrite` the document is brought up to
/// date instead, for a person to look at.
#[track_caller]
fn run_sessions(name: &str, by: By) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let document = fs::read_to_string(&file).unwrap();
    let steps = console::steps(&document);
    assert!(!steps.is_empty(), "{name} has no session");
    let mut home = Home::simulated();
    // More ports than other tests can take away.
    home.set("VM_CLI_NETWORKING_SSH_PORT_RANGE", "[2222,2322]");
    let here = home.path().display().to_string();
    let served = (by == By::Server).then(|| Served::start(&home));
    let (mut wrong, mut found) = (Vec::new(), Vec::new());
    for step in steps {
        let mut shell = home.command("sh");
        if let Some(served) = &served
            && !HERE.iter().any(|it| step.command.contains(it))
        {
            shell.env("VM_CLI_HOST", format!("http://{}", served.address));
        }
        let shell = shell.args(["-c", &step.command]).output().unwrap();
        let run = Run::from(shell);
        let printed = format!("{}{}", run.stdout, run.stderr).replace(&here, "/home/me");
        let lines: Vec<&str> = printed.trim_end().lines().collect();
        if run.code == step.code && console::lines_match(&step.expected, &lines) {
            continue;
        }
        wrong.push(format!(
            "{name}:{}: $ {}\nexit code {} (expected {})\n{printed}",
            step.lines.start + 1,
            step.command,
            run.code,
            step.code
        ));
        found.push((step.clone(), run.code, lines.iter().map(ToString::to_string).collect()));
    }
    if by == By::Itself && std::env::var("SNAPSHOTS").is_ok_and(|it| it == "overwrite") {
        fs::write(&file, replaced(&document, found)).unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
    }
}

/// Returns the document with what its steps really printed.
fn replaced(document: &str, mut found: Vec<(console::Step, i32, Vec<String>)>) -> String {
    let mut lines: Vec<String> = document.lines().map(ToOwned::to_owned).collect();
    // From the end, so that the places of the earlier ones stay right.
    found.reverse();
    for (step, code, printed) in found {
        let typed = step.lines.start + step.command.lines().count();
        let mut new: Vec<String> = Vec::new();
        if code != 0 {
            new.push(format!("? {code}"));
        }
        new.extend(printed);
        if lines.get(step.lines.end).is_some_and(|next| next.starts_with("$ ")) {
            new.push(String::new());
        }
        lines.splice(typed..step.lines.end, new);
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_readme_does_as_it_says() {
    run_sessions("README.md", By::Itself);
}

#[test]
fn the_examples_do_as_they_say() {
    run_sessions("CLI_EXAMPLES.md", By::Itself);
}

#[test]
fn a_server_does_as_the_readme_says() {
    run_sessions("README.md", By::Server);
}

#[test]
fn a_server_does_as_the_examples_say() {
    run_sessions("CLI_EXAMPLES.md", By::Server);
}
