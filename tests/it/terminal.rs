//! On a terminal, which `script` gives to the program.
#![cfg(target_os = "linux")]

use crate::support::command::Home;
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
