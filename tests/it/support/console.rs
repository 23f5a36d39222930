//! Sessions in Markdown: what is typed after `$ `, what is printed below, `? N` for an exit code
//! other than 0. `[..]` stands for anything within a line, `...` for any lines.

/// One command of a session and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) line: usize,
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
            let (line, command) = (place + 1, command.to_owned());
            steps.push(Step { line, command, expected: Vec::new(), code: 0 });
            continue;
        }
        let Some(step) = steps.last_mut() else { continue };
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

/// Returns whether lines are as a session says.
pub(crate) fn lines_match(expected: &[String], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=found.len()).any(|skip| lines_match(rest, &found[skip..]))
        }
        Some((first, rest)) => found
            .split_first()
            .is_some_and(|(line, more)| line_matches(first, line) && lines_match(rest, more)),
    }
}

/// Returns whether a line is as a session says.
fn line_matches(expected: &str, found: &str) -> bool {
    let found = found.trim_end();
    match expected.split_once("[..]") {
        None => expected.trim_end() == found,
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
    assert_eq!(read[0].expected, ["out"]);
    assert!(lines_match(&["a [..] c".into(), "...".into(), "z".into()], &["a b c", "x", "y", "z"]));
    assert!(!lines_match(&["a [..] c".into()], &["a b d"]));
    assert!(!lines_match(&["a".into()], &["a", "b"]));
}
