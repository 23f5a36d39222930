//! Sessions in Markdown: what is typed after `$ `, what is printed below, `? N` for an exit code
//! other than 0. `[..]` stands for anything within a line, `...` for any lines. Identities,
//! times, ports and the like differ from run to run: one stands for any other.

use std::sync::LazyLock;

use regex::Regex;

/// One command of a session and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Where the command begins in the document, and where its output ends, in lines from 0.
    pub(crate) lines: std::ops::Range<usize>,
    pub(crate) command: String,
    pub(crate) expected: Vec<String>,
    pub(crate) code: i32,
}

/// Reads the ```` ```console ```` blocks of a document.
pub(crate) fn steps(document: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for (place, text) in document.lines().enumerate() {
        if text.starts_with("```") {
            inside = text == "```console";
            continue;
        }
        if !inside {
            continue;
        }
        if let Some(command) = text.strip_prefix("$ ") {
            let (lines, command) = (place..place + 1, command.to_owned());
            steps.push(Step { lines, command, expected: Vec::new(), code: 0 });
            continue;
        }
        let Some(step) = steps.last_mut() else { continue };
        step.lines.end = place + 1;
        if let Some(more) = text.strip_prefix("> ") {
            step.command.push('\n');
            step.command.push_str(more);
        } else if let Some(code) = text.strip_prefix("? ") {
            step.code = code.parse().unwrap_or(-1);
        } else {
            step.expected.push(text.to_owned());
        }
    }
    for step in &mut steps {
        while step.expected.last().is_some_and(|line| line.trim().is_empty()) {
            step.expected.pop();
        }
    }
    steps
}

/// What differs from run to run, and what stands for it in a comparison.
static VARYING: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z", "MOMENT"),
        (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}Z", "MOMENT"),
        (r"^[0-9a-f]{8} +", "TASK  "),
        (r"^(process +|vm_cli_tasks\S+ )\d+$", "$1 N"),
        (r"^(ssh +tcp +\S+ +)\d+ ", "$1 PORT "),
        (r"\b080027[0-9A-F]{6}\b", "MAC"),
        (r"\b\d+(\.\d+)? (ms|s)\b", "TIME"),
        (r#""(took_ms|host_port|remote_display_port)": \d+"#, "\"$1\": N"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"vm-cli-demo-[0-9a-f]{6}", "DEMO"),
        (r"\d+(\.\d+)? (GiB|MiB) (of|free)", "SIZE $3"),
        (r" {2,}", "  "),
    ]
    .into_iter()
    .map(|(pattern, name)| (Regex::new(pattern).unwrap(), name))
    .collect()
});

fn settled(line: &str) -> String {
    let mut line = line.trim_end().to_owned();
    for (pattern, name) in VARYING.iter() {
        line = pattern.replace_all(&line, *name).into_owned();
    }
    line
}

/// Returns whether lines are as a session says.
pub(crate) fn lines_match(expected: &[String], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=found.len()).any(|skip| lines_match(rest, &found[skip..]))
        }
        Some((first, rest)) => found.split_first().is_some_and(|(line, more)| {
            line_matches(&settled(first), &settled(line)) && lines_match(rest, more)
        }),
    }
}

/// Returns whether a line is as a session says.
fn line_matches(expected: &str, found: &str) -> bool {
    match expected.split_once("[..]") {
        None => expected == found,
        Some((before, after)) => found.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(place, _)| place)
                .chain([rest.len()])
                .any(|place| line_matches(after, &rest[place..]))
        }),
    }
}

#[test]
fn a_session_reads_as_it_is_written() {
    let text = "```console\n$ a \\\n> b\nout\n? 3\n\n$ c\n```\n$ not this\n";
    let read = steps(text);
    assert_eq!(read.len(), 2);
    assert_eq!((read[0].command.as_str(), read[0].code), ("a \\\nb", 3));
    assert_eq!((read[0].lines.clone(), read[1].lines.clone()), (1..6, 6..7));
    assert_eq!(read[0].expected, ["out"]);
}

#[test]
fn what_varies_is_alike_and_the_rest_is_not() {
    let same = |a: &str, b: &str| lines_match(&[a.to_owned()], &[b]);
    assert!(lines_match(&["a [..] c".into(), "...".into(), "z".into()], &["a b c", "x", "y", "z"]));
    assert!(same("web: started (27 ms)", "web: started (1.5 s)"));
    assert!(same("web   127.0.0.1:2222 -> 22", "web  127.0.0.1:2230 -> 22"));
    assert!(!same("web: started", "web: stopped"));
    assert!(!same("exit code 3", "exit code 4"));
    assert!(!lines_match(&["a".into()], &["a", "b"]));
}
