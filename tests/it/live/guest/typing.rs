//! What is typed arrives, all of it and in order: the shell on the guest's screen writes it down.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use super::session::Session;
use super::{FIRST_PASSWORD, PASSWORD, VM, ended};
use crate::live::booted::boot;
use crate::live::world::World;
use crate::support::command::program_file;

/// As much as is typed in one go.
const LENGTH: usize = 2000;

#[test]
fn what_is_typed_arrives() {
    let Some(world) = World::new("guest: typing") else { return };
    boot(&world, VM);
    let home = &world.home;
    // Its SSH server is up before the shell on its screen.
    home.ok(&["wait", VM, "text", "/ #", "--timeout", "5m"]);
    home.ok(&["key", VM, "ctrl+c", "enter"]);
    home.ok(&["type", VM, "cat > /tmp/typed", "--enter"]);
    let text = text(LENGTH);
    home.ok(&["type", VM, &text]);
    let secret = home.path().join("typed.txt");
    fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
    home.ok(&["type", VM, "--file", &secret.display().to_string(), "--enter"]);
    home.ok(&["key", VM, "shift+a", "enter", "ctrl+d"]);
    let refused = home.error(2, &["type", VM, "ü"]);
    assert!(refused["message"].as_str().is_some_and(|it| it.contains("U+00FC")), "{refused}");
    // The shell has closed the file when it has done what was typed after it.
    home.ok(&["type", VM, "touch /tmp/closed", "--enter"]);
    let mut session = Session::open(&world, FIRST_PASSWORD);
    let read = session.run("until [ -e /tmp/closed ]; do sleep 0.1; done; cat /tmp/typed");
    assert_eq!(read, format!("{text}{PASSWORD}\nA\n"));
    dies(&world, &text);
}

/// Who types into a guest that dies is told so, and nothing of it is left.
fn dies(world: &World, text: &str) {
    let mut call = world.home.command(program_file());
    call.args(["type", VM, "-vv", "--json", text]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = call.spawn().unwrap();
    let said = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(said.map_while(Result::ok).any(|line| line.contains("part 1 has arrived")));
    world.vboxmanage(&["controlvm", VM, "poweroff"]);
    let run = ended(child, Duration::from_mins(1));
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(run.stdout.contains("invalid_state"), "{run:#?}");
    let scratch = fs::read_dir(world.home.path().join("state/scratch"));
    assert_eq!(scratch.map(Iterator::count).unwrap_or_default(), 0);
    assert_eq!(world.home.json(&["gc"])["items"], serde_json::json!([]));
}

/// Every character of a US keyboard again and again, in lines that a terminal takes.
fn text(length: usize) -> String {
    let characters = (' '..='~').cycle().zip(1..=length);
    characters.map(|(character, place)| if place % 100 == 0 { '\n' } else { character }).collect()
}
