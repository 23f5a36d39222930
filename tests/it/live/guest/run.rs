//! What a command prints, how it ends, and what ends it early.

use std::process::{Output, Stdio};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::session::Session;
use super::{PASSWORD, VM, again, ended, exec, password_file, signal, started};
use crate::live::world::World;

/// How long our own ending may take once the reason is there.
const SOON: Duration = Duration::from_secs(20);

pub(super) fn check(world: &World) {
    more_than_a_window(world);
    a_deadline(world);
    let mut session = Session::open(world, PASSWORD);
    an_interrupt(world, &mut session);
    a_power_failure(world, &mut session);
}

/// Output, errors and exit code each go their way, and not a byte is lost, though it is more than
/// libssh2 lets come unread (2 MiB). Its input is closed.
fn more_than_a_window(world: &World) {
    let command = "seq 1 12000 > /tmp/p; cat; i=0; while [ $i -lt 40 ]; do cat /tmp/p; \
                   i=$((i+1)); done; echo err >&2; exit 3";
    let mut call = exec(world, &["-q", "--username", "root", "--command", command]);
    let Output { status, stdout, stderr } = call.env("VM_CLI_PASSWORD", PASSWORD).output().unwrap();
    assert_eq!((status.code(), String::from_utf8_lossy(&stderr).as_ref()), (Some(3), "err\n"));
    let lines: Vec<String> = (1..=12_000).map(|number| number.to_string()).collect();
    let expected = (lines.join("\n") + "\n").repeat(40);
    assert!(expected.len() > 2 << 20);
    assert_eq!(stdout.len(), expected.len());
    assert_eq!(Sha256::digest(&stdout), Sha256::digest(expected), "a byte was changed");
}

fn a_deadline(world: &World) {
    let file = password_file(world).display().to_string();
    let arguments =
        ["exec", VM, "--password-file", &file, "--timeout", "2s", "--command", "sleep 600"];
    let error = world.home.error(255, &arguments);
    assert_eq!(error["code"], "timed_out", "{error}");
    assert!(error["message"].as_str().is_some_and(|it| it.contains("within 2s")), "{error}");
    assert!(error["hint"].as_str().is_some_and(|it| it.contains("--timeout")), "{error}");
}

/// Ctrl-C, and the password from standard input.
fn an_interrupt(world: &World, session: &mut Session) {
    let mut call = exec(world, &["--password-stdin", "--", "echo begun; sleep 600"]);
    let file = std::fs::File::open(password_file(world)).unwrap();
    call.stdin(Stdio::from(file));
    let child = started(call, "begun");
    let arguments = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    let mut words = arguments.split(|byte| *byte == 0);
    assert!(words.all(|word| word != PASSWORD.as_bytes()), "`ps` shows the password");
    signal(&child, "-INT");
    let run = ended(child, SOON);
    assert_eq!(run.code, 130, "{run:#?}");
    let listed =
        session.run("sleep 1; ps w | grep -c '[s]leep 600'; grep -c ':0016 .* 01 ' /proc/net/tcp");
    let mut counts = listed.lines();
    assert_eq!(counts.next(), Some("0"), "a command was left: {listed}");
    // The deadline's connection and this one are gone; what is left is the one that asks.
    assert_eq!(counts.next(), Some("1"), "a connection was left: {listed}");
}

/// The guest goes off under a command.
fn a_power_failure(world: &World, session: &mut Session) {
    let mut call = exec(world, &["--json", "--username", "root", "--", "sleep 600"]);
    call.env("VM_CLI_PASSWORD", PASSWORD).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = call.spawn().unwrap();
    let begun = std::time::Instant::now();
    while session.ended("ps w | grep '[s]leep 600'").0 != 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "the command never began");
    }
    world.vboxmanage(&["controlvm", VM, "poweroff"]);
    let run = ended(child, SOON);
    assert_eq!(run.code, 255, "{run:#?}");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["error"]["code"], "guest_unreachable", "{run:#?}");
    again(world);
}
