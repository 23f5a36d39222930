//! What is sent to guests whose shells are Bourne's children.

use super::announcement::{Announced, MARK};
use crate::request::ExecRequest;

/// Makes the command a group of processes of its own, so that it can be ended with all that it
/// started: some servers give none to it. A system without `setsid` goes on without. Then it does
/// what its first argument says.
const LEAD: &str = concat!(
    "kill -0 -$$ 2>/dev/null || ! command -v setsid >/dev/null 2>&1 || ",
    r#"exec setsid sh -c "$1" "$0" "$@"; eval "$1""#,
);

/// Hands the command line to the user's shell. Where that is `sh`, it is here already.
const HAND_OVER: &str =
    r#"case ${SHELL:-/sh} in */sh) eval "$2" ;; *) exec "$SHELL" -c "$2" ;; esac"#;

/// Returns the line that runs a command line as a request wants it.
pub(super) fn line(request: &ExecRequest, command: &str) -> String {
    let mut steps = Vec::new();
    if let Some(folder) = &request.folder {
        // `cd -` and its like are folders too.
        let folder = if folder.starts_with('-') { format!("./{folder}") } else { folder.clone() };
        let (folder, no_folder) = (quoted(&folder), Announced::NoFolder.word());
        steps.push(format!(
            "CDPATH= cd {folder} >/dev/null 2>&1 || {{ echo {MARK}{no_folder}; exit 1; }}"
        ));
    }
    for variable in &request.environment {
        steps.push(format!("export {}={}", variable.name(), quoted(variable.reveal())));
    }
    let began = Announced::Began(0).word();
    // Who has hung up by now wants nothing to begin.
    steps.push(format!("echo \"{MARK}{began} $$\" || exit 1"));
    steps.push(HAND_OVER.to_owned());
    let steps = quoted(&steps.join("; "));
    format!("exec sh -c {} sh {steps} {}", quoted(LEAD), quoted(command))
}

/// Returns the line that ends a command: politely, and after a second the other way.
pub(super) fn ending(pid: u32) -> String {
    let steps = format!(
        "it=-{pid}; kill -0 $it 2>/dev/null || it={pid}; kill -TERM $it 2>/dev/null || exit 0; \
         for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 $it 2>/dev/null || exit 0; sleep 0.1 || sleep 1; \
         done 2>/dev/null; kill -KILL $it"
    );
    format!("exec sh -c {}", quoted(&steps))
}

/// Quotes a word for every shell that knows single quotes.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{ending, line};
    use crate::request::{ExecRequest, Variable};

    fn request(environment: Vec<Variable>, folder: Option<&str>) -> ExecRequest {
        let vm = "web".parse().unwrap();
        let folder = folder.map(str::to_owned);
        ExecRequest { environment, folder, ..ExecRequest::new(vm, "", Duration::ZERO) }
    }

    #[expect(clippy::disallowed_methods, reason = "it is the shells that are tested")]
    fn sh(line: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", line]).env_remove("SHELL");
        command
    }

    /// Runs a line as SSH servers do, and returns what it printed and its exit code.
    fn run(line: &str, shell: Option<&str>) -> (String, Option<i32>) {
        let mut command = sh(line);
        command.envs(shell.map(|shell| ("SHELL", shell)));
        let output = command.output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    }

    /// Runs a line, and returns what the command in it printed.
    fn printed(line: &str) -> String {
        let (text, code) = run(line, None);
        assert_eq!(code, Some(0));
        let (first, rest) = text.split_once('\n').unwrap();
        assert!(first.strip_prefix("vm-cli:began ").unwrap().parse::<u32>().is_ok());
        rest.to_owned()
    }

    #[test]
    fn the_exit_code_is_the_commands_in_whichever_shell() {
        for shell in [None, Some("/bin/sh"), Some("/bin/bash")] {
            let (text, code) = run(&line(&request(Vec::new(), None), "echo hi; exit 7"), shell);
            assert!(text.ends_with("\nhi\n"), "{text}");
            assert_eq!(code, Some(7));
        }
    }

    #[test]
    fn a_command_leads_its_own_processes_and_is_named_by_what_was_announced() {
        let (text, _) = run(&line(&request(Vec::new(), None), "echo $$; ps -o pgid= -p $$"), None);
        let numbers: Vec<&str> =
            text.trim_start_matches("vm-cli:began ").lines().map(str::trim).collect();
        assert_eq!(numbers.len(), 3, "{text}");
        assert!(numbers.iter().all(|number| *number == numbers[0]), "{text}");
    }

    #[test]
    fn a_folder_is_gone_to_or_told_to_be_missing() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("it's a $HOME;");
        std::fs::create_dir(&odd).unwrap();
        let there = line(&request(Vec::new(), odd.to_str()), "pwd");
        assert_eq!(printed(&there), format!("{}\n", odd.display()));
        for missing in ["/not/there", "-", "-P"] {
            let (text, code) = run(&line(&request(Vec::new(), Some(missing)), "pwd"), None);
            assert_eq!((text.as_str(), code), ("vm-cli:no-folder\n", Some(1)));
        }
    }

    #[test]
    fn a_command_is_ended_with_all_that_it_started_even_against_its_will() {
        let stubborn = "trap '' TERM; sleep 300 & sleep 300";
        for command in ["sleep 300 & sleep 300; true", stubborn] {
            let mut child = sh(&line(&request(Vec::new(), None), command));
            let mut child = child.stdout(std::process::Stdio::piped()).spawn().unwrap();
            let mut first = String::new();
            let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
            std::io::BufRead::read_line(&mut output, &mut first).unwrap();
            let pid: u32 = first.trim().strip_prefix("vm-cli:began ").unwrap().parse().unwrap();
            let ender = std::thread::spawn(move || run(&ending(pid), None));
            assert_eq!(child.wait().unwrap().code(), None, "a signal ended it");
            assert_eq!(ender.join().unwrap().1, Some(0));
            let begun = Instant::now();
            // Those that nobody has taken note of yet are dead all the same.
            let living = format!("ps -A -o pgid=,stat= | grep -v Z | grep '^ *{pid} '");
            while !run(&living, None).0.is_empty() {
                assert!(begun.elapsed() < Duration::from_secs(20), "it lives on");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn whatever_is_in_a_value_or_a_command_arrives(text in "[^\0\r]{0,30}") {
            let variable = Variable::new("IT", &text).unwrap();
            let sent = line(&request(vec![variable], None), "printf %s \"$IT\"");
            prop_assert_eq!(printed(&sent), text.clone());
            let inner = format!("printf %s {}", super::quoted(&text));
            prop_assert_eq!(printed(&line(&request(Vec::new(), None), &inner)), text);
        }
    }
}
