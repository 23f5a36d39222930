//! A terminal that is lent to a command in a guest is as it was afterwards, however that ends. An
//! SSH server of this host stands where the guest's would: VirtualBox forwards nothing to a port
//! that is taken.
#![cfg(target_os = "linux")]

use std::process::Command;

use super::world::World;
use crate::support::command::program_file;
use crate::support::ssh_server::{SshServer, user};
use crate::support::terminal::OnTerminal;

const VM: &str = "terminal";
const CTRL_C: &str = "\u{3}";

#[test]
fn a_terminal_that_was_lent_is_as_it_was() {
    let Some(world) = World::new("terminal") else { return };
    let server = SshServer::start();
    let shape = ["--memory", "4", "--no-disk", "--os-type", "Linux_64", "--firmware", "bios"];
    world.home.ok(&[&["create", VM, "--ssh-port", "none"][..], &shape].concat());
    let rule = format!("ssh,tcp,127.0.0.1,{},,22", server.port);
    world.vboxmanage(&["modifyvm", VM, "--nat-pf1", &rule]);
    world.home.ok(&["start", VM]);
    ctrl_c_is_the_guests(&world, &server);
    we_are_interrupted(&world, &server);
    the_guest_hangs_up(&world, &server);
    in_a_shell(&world, &server);
}

/// Runs us at a terminal, which says in the end how we ended and whether it is as it was.
fn at_a_terminal(world: &World, server: &SshServer, verb: &str, rest: &str) -> OnTerminal {
    let (program, key, user) = (program_file(), server.key("key"), user());
    let (program, key) = (program.display(), key.display());
    let login = format!("--username {user} --identity {key}");
    let line = format!(
        "before=$(stty -g); sh -c 'echo $$ > pid; exec {program} {verb} {VM} {login} {rest}'; \
         echo code $?; [ \"$before\" = \"$(stty -g)\" ] && echo as before"
    );
    OnTerminal::run_line(&world.home, &line)
}

/// Runs a command that has read a line, and so has our terminal, and then goes on for ever.
fn lent(world: &World, server: &SshServer) -> OnTerminal {
    let script = world.home.path().join("lent.sh");
    let lines = "trap 'echo caught; exit 5' INT\nread -r word\necho read $word\n\
                 while :; do sleep 0.1; done\n";
    std::fs::write(&script, lines).unwrap();
    let rest = format!("--tty -- sh {}", script.display());
    let mut terminal = at_a_terminal(world, server, "exec", &rest);
    terminal.press("a-word\n");
    terminal.wait_for("read a-word");
    terminal
}

#[track_caller]
fn ended(terminal: OnTerminal, code: u8) -> String {
    let (_, shown) = terminal.end();
    assert!(shown.contains(&format!("code {code}\r\n")), "{shown}");
    assert!(shown.ends_with("as before\r\n"), "{shown}");
    shown
}

fn ctrl_c_is_the_guests(world: &World, server: &SshServer) {
    let mut terminal = lent(world, server);
    terminal.press(CTRL_C);
    let shown = ended(terminal, 5);
    assert!(shown.contains("caught\r\n"), "{shown}");
}

fn we_are_interrupted(world: &World, server: &SshServer) {
    let terminal = lent(world, server);
    let id = std::fs::read_to_string(world.home.path().join("pid")).unwrap();
    assert!(Command::new("kill").args(["-INT", id.trim()]).status().unwrap().success());
    ended(terminal, 130);
}

fn the_guest_hangs_up(world: &World, server: &SshServer) {
    let terminal = lent(world, server);
    server.hang_up();
    ended(terminal, 255);
}

fn in_a_shell(world: &World, server: &SshServer) {
    let mut terminal = at_a_terminal(world, server, "shell", "");
    terminal.press("echo sum $((40 + 2))\n");
    terminal.wait_for("sum 42");
    terminal.press("exit 6\n");
    ended(terminal, 6);
}
