//! A guest that is booted once: commands over SSH, what can be waited for, what its screen shows.

mod commands;
mod facts;
mod files;
mod keys;
mod login;
mod pointing;
mod reporter;
mod run;
mod session;
mod setup;
mod trials;
mod typing;
mod waits;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::booted::boot;
use super::world::World;
use crate::support::command::{Run, program_file};

const VM: &str = "guest";
/// The password of every user of a guest that has just booted.
const FIRST_PASSWORD: &str = "password";
/// The password of every user once the guest has settled in: a word that would be found if it were
/// written down anywhere.
const PASSWORD: &str = "staple-battery-7";
/// What the guest's system keeps of it.
const HASH: &str = "$1$abcdefgh$djVimITt.OWCpKOka6bID1";

#[test]
fn a_guest_is_commanded_waited_for_and_seen() {
    let Some(mut world) = World::new("guest") else { return };
    // Whatever is logged: no secret may be in it.
    world.home.set("VM_CLI_LOGGING_LEVEL", "trace");
    boot(&world, VM);
    settle_in(&world);
    world.home.ok(&["snapshot", VM, "--snapshot-name", "booted"]);
    commands::check(&mut world);
    run::check(&world);
    login::check(&mut world);
    facts::check(&world);
    keys::check(&world);
    again(&world);
    waits::check(&world);
    login::no_secret_was_written(&world);
}

/// Gives the guest's users another password, and root a key.
fn settle_in(world: &World) {
    let public = login::make_keys(world.home.path());
    let command = format!(
        "sed -i 's|:$1$[^:]*:|:{HASH}:|' /etc/shadow && mkdir -p /root/.ssh && \
         echo '{public}' > /root/.ssh/authorized_keys"
    );
    let mut call = exec(world, &["--username", "root", "--command", &command]);
    let run = Run::from(call.env("VM_CLI_PASSWORD", FIRST_PASSWORD).output().unwrap());
    assert_eq!(run.code, 0, "{run:#?}");
}

/// Puts the guest back to where it had just booted.
fn again(world: &World) {
    world.home.ok(&["snapshot", "restore", VM, "booted", "--force", "--start"]);
}

/// Runs a command in the guest as root by its password, which the environment holds.
fn as_root(world: &World, command: &str) -> Run {
    let mut call = exec(world, &["--username", "root", "--", command]);
    Run::from(call.env("VM_CLI_PASSWORD", PASSWORD).output().unwrap())
}

fn exec(world: &World, arguments: &[&str]) -> Command {
    let mut call = world.home.command(program_file());
    call.args(["exec", VM]).args(arguments);
    call
}

/// Writes the password into a file.
fn password_file(world: &World) -> PathBuf {
    let file = world.home.path().join("secret.txt");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    file
}

/// Starts a command and waits for the first line that it prints.
fn started(mut call: Command, line: &str) -> Child {
    let mut child = call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    if first.contains(line) {
        return child;
    }
    child.kill().unwrap();
    panic!("`{first}` and not `{line}`: {:#?}", Run::from(child.wait_with_output().unwrap()));
}

/// Waits for the end of a process, which must come in time.
#[track_caller]
fn ended(mut child: Child, within: Duration) -> Run {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < within, "it did not end within {within:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    Run::from(child.wait_with_output().unwrap())
}

/// Sends a signal such as `-INT`.
fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}
