//! What is said of a command for a guest.

use super::tests::request;
use crate::request::{GuestShell, Input, Place, Program, Request, Variable};

#[test]
fn a_command_for_the_guest_is_text_or_words() {
    let command = |line: &str| match request(line) {
        Ok(Request::Exec(exec)) => match exec.program {
            Program::Line(line) => line,
            Program::LoginShell => panic!("`{line}` opens a shell"),
        },
        other => panic!("`{line}` is {other:?}"),
    };
    assert_eq!(command("vm-cli exec web --command 'echo -n \"a b\"'"), "echo -n \"a b\"");
    assert_eq!(command("vm-cli exec web -- ls -l --name /tmp"), "ls -l --name /tmp");
    assert_eq!(command("vm-cli exec --name web --user u -- -x"), "-x");
    assert_eq!(request("vm-cli exec web").expect_err("none"), "no command is said");
    assert!(request("vm-cli exec web --command a -- b").is_err());
    assert!(request("vm-cli exec web --password a --password-stdin -- b").is_err());
    let shown = format!("{:?}", request("vm-cli exec web -- ls"));
    assert!(!shown.contains("read"), "{shown}");
}

#[test]
fn what_surrounds_a_command_for_the_guest_is_said() {
    let exec = |line: &str| match request(line) {
        Ok(Request::Exec(exec)) => *exec,
        other => panic!("`{line}` is {other:?}"),
    };
    let said = exec(
        "vm-cli exec web --env A=1 --env B= --cwd /tmp --stdin in.txt --shell cmd --desktop -- dir",
    );
    let names: Vec<&str> = said.environment.iter().map(Variable::name).collect();
    assert_eq!(names, ["A", "B"]);
    assert_eq!(said.folder.as_deref(), Some("/tmp"));
    assert_eq!(said.input, Input::File("in.txt".into()));
    assert_eq!((said.shell, said.place), (GuestShell::Cmd, Place::Desktop));
    let least = exec("vm-cli exec web -- dir");
    assert_eq!((least.input, least.shell), (Input::Nothing, GuestShell::Users));
    assert!(matches!(exec("vm-cli exec web --stdin - -- cat").input, Input::Stream(_)));
    assert_eq!(exec("vm-cli shell web").program, Program::LoginShell);
    for wrong in ["A", "9A=hunter2", "=hunter2"] {
        let why = request(&format!("vm-cli exec web --env {wrong} -- dir")).expect_err("wrong");
        assert!(!why.contains("hunter2"), "{why}");
    }
}
