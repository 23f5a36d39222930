//! Real processes for tests: the test binary runs one of its own tests again.
#![expect(clippy::disallowed_methods, reason = "a test starts processes of its own")]

use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

const FOLDER: &str = "VM_CLI_TEST_CHILD_FOLDER";

/// Returns the folder to work in if this process is such a child.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Runs a test of this binary, by its full name, as a child with this folder.
///
/// Its input is a pipe: it ends when the parent says so.
pub(crate) fn start(test: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the test binary runs again")
}

/// Waits, in a child, until its input ends.
pub(crate) fn wait_for_end_of_input() {
    std::io::stdin().read_to_string(&mut String::new()).unwrap();
}

/// Starts so many children, lets them go all at once, and waits until all of them did well.
pub(crate) fn run_at_once(count: usize, test: &str, folder: &Path) {
    let mut children: Vec<_> = (0..count).map(|_| start(test, folder)).collect();
    for child in &mut children {
        drop(child.stdin.take());
    }
    for child in children {
        let output = child.wait_with_output().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}\n{errors}");
    }
}

/// Waits until a child has printed this line.
pub(crate) fn wait_for_line(child: &mut Child, line: &str) {
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(printed.any(|it| it.unwrap().contains(line)), "the child never printed {line}");
}
