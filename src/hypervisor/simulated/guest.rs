use crate::hypervisor::GuestOutput;
use crate::hypervisor::kept::os_title;
use crate::model::VmConfiguration;

/// Who is logged in to every simulated guest.
const USER: &str = "user";

/// Runs a command line in a simulated guest: a few commands, joined by `;`, `&&` and `||`.
pub(super) fn run(guest: &VmConfiguration, line: &str) -> GuestOutput {
    let mut output = GuestOutput { exit_code: 0, stdout: Vec::new(), stderr: Vec::new() };
    for (join, command) in commands(&words(line)) {
        let goes_on = match join {
            Join::Always => true,
            Join::AfterSuccess => output.exit_code == 0,
            Join::AfterFailure => output.exit_code != 0,
        };
        if !goes_on {
            continue;
        }
        let Some(answer) = answer(guest, command) else { continue };
        output.exit_code = answer.exit_code;
        output.stdout.extend(answer.stdout);
        output.stderr.extend(answer.stderr);
        if command.first().is_some_and(|word| word == "exit") {
            break;
        }
    }
    output
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    Always,
    AfterSuccess,
    AfterFailure,
}

/// Cuts words into commands.
fn commands(words: &[String]) -> Vec<(Join, &[String])> {
    let mut commands = Vec::new();
    let (mut join, mut rest) = (Join::Always, words);
    loop {
        let end = rest.iter().position(|word| join_of(word).is_some()).unwrap_or(rest.len());
        let (command, after) = rest.split_at(end);
        commands.push((join, command));
        let Some((next, after)) = after.split_first() else { return commands };
        (join, rest) = (join_of(next).unwrap_or(Join::Always), after);
    }
}

fn join_of(word: &str) -> Option<Join> {
    match word {
        ";" => Some(Join::Always),
        "&&" => Some(Join::AfterSuccess),
        "||" => Some(Join::AfterFailure),
        _ => None,
    }
}

/// Cuts a line into words; quotes of both kinds hold words together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ';') => {
                words.extend(word.take());
                words.push(";".to_owned());
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Answers one command; nothing for an empty one.
fn answer(guest: &VmConfiguration, command: &[String]) -> Option<GuestOutput> {
    let (name, arguments) = command.split_first()?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let host = &guest.name;
    Some(match name.as_str() {
        "true" | ":" => prints(""),
        "false" => fails(1, ""),
        "exit" => fails(arguments.first().and_then(|it| it.parse().ok()).unwrap_or(0), ""),
        "echo" => match arguments.split_last() {
            Some((&(">&2" | "1>&2"), said)) => GuestOutput {
                exit_code: 0,
                stdout: Vec::new(),
                stderr: format!("{}\n", said.join(" ")).into_bytes(),
            },
            Some(_) | None => prints(&format!("{}\n", arguments.join(" "))),
        },
        "whoami" => prints(&format!("{USER}\n")),
        "hostname" => prints(&format!("{host}\n")),
        "uname" => prints("Simulated\n"),
        "ver" => prints(&format!("{}, simulated\n", os_title(&guest.os_type))),
        "ls" | "dir" => prints("Desktop\nDocuments\nwelcome.txt\n"),
        "cat" | "type" => read(guest, name, &arguments),
        other => fails(127, &format!("{other}: command not found\n")),
    })
}

/// Prints the files that every simulated guest has.
fn read(guest: &VmConfiguration, name: &str, files: &[&str]) -> GuestOutput {
    let mut output = prints("");
    for file in files {
        match *file {
            "welcome.txt" => output.stdout.extend(b"Welcome to a simulated guest.\n"),
            "/etc/hostname" => output.stdout.extend(format!("{}\n", guest.name).into_bytes()),
            missing => {
                output.exit_code = 1;
                let said = format!("{name}: {missing}: No such file or directory\n");
                output.stderr.extend(said.into_bytes());
            }
        }
    }
    output
}

fn prints(text: &str) -> GuestOutput {
    GuestOutput { exit_code: 0, stdout: text.as_bytes().to_vec(), stderr: Vec::new() }
}

fn fails(exit_code: i32, text: &str) -> GuestOutput {
    GuestOutput { exit_code, stdout: Vec::new(), stderr: text.as_bytes().to_vec() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{commands, run, words};
    use crate::hypervisor::simulated::picture::tests::settings;

    fn check(line: &str, exit_code: i32, stdout: &str, stderr: &str) {
        let output = run(&settings("web"), line);
        assert_eq!(output.exit_code, exit_code, "{line}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), stdout, "{line}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), stderr, "{line}");
    }

    #[test]
    fn it_answers_as_a_small_shell() {
        check("echo  'two  words' and\"more\"", 0, "two  words andmore\n", "");
        check("hostname", 0, "web\n", "");
        check("true && echo yes || echo no", 0, "yes\n", "");
        check("false && echo yes || echo no", 0, "no\n", "");
        check("echo a; echo b >&2; exit 7; echo c", 7, "a\n", "b\n");
        check("cat /none", 1, "", "cat: /none: No such file or directory\n");
        check("frobnicate --now", 127, "", "frobnicate: command not found\n");
        check("", 0, "", "");
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in ".{0,80}") {
            drop(run(&settings("web"), &line));
        }

        #[test]
        fn no_word_is_lost_between_commands(line in "[a-z;&| ]{0,60}") {
            let words = words(&line);
            let commands = commands(&words);
            let kept: usize = commands.iter().map(|(_, command)| command.len()).sum();
            prop_assert_eq!(kept + commands.len() - 1, words.len());
        }
    }
}
