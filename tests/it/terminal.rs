//! On a terminal, which `script` gives to the program.
#![cfg(target_os = "linux")]

use crate::support::command::{Home, program_file};
use crate::support::terminal::OnTerminal;

fn asked(home: &Home) -> OnTerminal {
    home.ok(&["create", "--name", "web", "--memory", "64", "--no-disk"]);
    let mut terminal = OnTerminal::run(home, "delete web");
    terminal.wait_for("[y/N] ");
    terminal
}

#[test]
fn a_question_is_left_by_ctrl_c() {
    let home = Home::simulated();
    let mut terminal = asked(&home);
    terminal.press("\u{3}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    assert_eq!(home.ok(&["list", "-q"]), "web\n");
}

#[test]
fn an_input_that_ends_is_a_no() {
    let home = Home::simulated();
    let mut terminal = asked(&home);
    terminal.press("\u{4}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(shown.contains("[y/N] \r\n"), "{shown}");
    assert_eq!(home.ok(&["list", "-q"]), "web\n");
}

#[test]
fn a_yes_deletes() {
    let home = Home::simulated();
    let mut terminal = asked(&home);
    terminal.press("y\n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(home.ok(&["list", "-q"]), "");
}

#[test]
fn the_overview_follows_keys_and_leaves_the_terminal_as_it_was() {
    let home = Home::simulated();
    home.ok(&["create", "--name", "web", "--memory", "64", "--no-disk"]);
    home.ok(&["create", "--name", "db", "--memory", "64", "--no-disk"]);
    let mut terminal = OnTerminal::run(&home, "top --interval 250ms");
    terminal.wait_for("\u{1b}[?1049h");
    terminal.wait_for("\u{1b}[7mweb ");
    terminal.press("\u{1b}[B");
    terminal.wait_for("\u{1b}[7mdb ");
    terminal.press("q");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.ends_with("\u{1b}[?25h\u{1b}[?1049l"), "{shown:?}");
    // Where there is hardly any room there is hardly anything, and no failure.
    let line = format!("stty cols 3 rows 2; {} top", program_file().display());
    let mut small = OnTerminal::run_line(&home, &line);
    small.wait_for("CPU");
    small.press("\u{3}");
    assert_eq!(small.end().0, 130);
    let once = home.ok(&["top"]);
    assert!(once.lines().any(|line| line.starts_with("web ")), "{once}");
    assert!(once.contains("create"), "{once}");
}
