//! The rules of the source tree that no lint checks.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A line of a source file that counts: no comment, and not in a test module.
struct Line {
    place: String,
    text: String,
}

#[test]
fn modules_use_only_lower_layers() {
    let layers = layers();
    let mut wrong = Vec::new();
    for line in counting_lines() {
        let Some(own) = layer_of(&line.place, &layers) else { continue };
        if line.text.contains("use crate::{") {
            wrong.push(format!("{}: one path a line, not `use crate::{{`", line.place));
        }
        for used in line.text.split("crate::").skip(1).map(identifier) {
            let Some((used, layer)) = layers.get_key_value(used) else { continue };
            if used != own.0 && layer >= own.1 {
                wrong.push(format!("{}: `{}` must not use `{used}`", line.place, own.0));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    let layers = layers();
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = library.lines().filter_map(|line| line.strip_prefix("pub mod "));
    for module in modules.map(identifier) {
        assert!(layers.contains_key(module), "`{module}` is missing in the table in src/lib.rs");
    }
}

#[test]
fn no_file_is_longer_than_500_lines() {
    for path in sources(&["src", "tests"]) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}

#[test]
fn what_belongs_to_one_module_stays_there() {
    let rules = [
        ("clap::", "src/cli/", "the command line is read in `cli`"),
        ("std::env", "src/cli/", "the environment is read in `cli`"),
        ("env::var", "src/cli/", "the environment is read in `cli`"),
        ("tokio::process", "src/process/", "programs are spawned in `process`"),
        ("std::process::Command", "src/process/", "programs are spawned in `process`"),
        ("rusqlite::", "src/store/", "SQL is spoken in `store`"),
        ("println!", "src/cli/", "`cli` prints"),
    ];
    for line in counting_lines() {
        for (text, home, why) in rules {
            let breaks = line.text.contains(text) && !line.place.starts_with(home);
            assert!(!breaks, "{}: {why}: {}", line.place, line.text.trim());
        }
    }
}

#[test]
fn nothing_is_left_undone_or_skipped() {
    let marks = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[ig", "nore")];
    for path in sources(&["src", "tests"]) {
        let text = fs::read_to_string(&path).unwrap();
        for mark in marks {
            assert!(!text.contains(mark), "{}: `{mark}`", path.display());
        }
    }
}

#[test]
fn every_fixture_says_where_it_comes_from() {
    for provenance in files(&root().join("tests/fixtures")) {
        if provenance.file_name().unwrap() != "PROVENANCE.md" {
            continue;
        }
        let folder = provenance.parent().unwrap();
        let text = fs::read_to_string(&provenance).unwrap();
        let rows: Vec<_> =
            text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).collect();
        for fixture in files(folder).iter().filter(|it| it.parent() != Some(folder)) {
            let name = fixture.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            let stem = name.trim_end_matches(".stdout").trim_end_matches(".stderr");
            assert!(rows.contains(&stem), "{name} has no row in {}", provenance.display());
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads the table of layers in `src/lib.rs`: lines such as ` 4  orchestrator   report`.
fn layers() -> BTreeMap<String, u32> {
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut layers = BTreeMap::new();
    for line in library.lines().filter_map(|line| line.strip_prefix("//!")) {
        let mut words = line.split_whitespace();
        let Some(layer) = words.next().and_then(|word| word.parse().ok()) else { continue };
        let modules = words.take_while(|word| !word.starts_with('('));
        layers.extend(modules.map(|module| (module.to_owned(), layer)));
    }
    assert!(layers.len() > 10, "the table of layers in src/lib.rs cannot be read: {layers:?}");
    layers
}

/// Returns the module that a file belongs to, with its layer; `None` for `main.rs` and `lib.rs`.
fn layer_of<'a>(place: &str, layers: &'a BTreeMap<String, u32>) -> Option<(&'a str, &'a u32)> {
    let (module, layer) = layers.get_key_value(identifier(place.strip_prefix("src/")?))?;
    Some((module, layer))
}

/// Returns the identifier at the beginning of a text.
fn identifier(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Returns the lines of the library that count.
fn counting_lines() -> Vec<Line> {
    let mut counting = Vec::new();
    for path in sources(&["src"]) {
        let place = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        if place.ends_with("/tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let mut in_tests = false;
        let mut previous = "";
        for (number, line) in (1..).zip(text.lines()) {
            in_tests |= previous.trim() == "#[cfg(test)]" && line.trim_end().ends_with('{');
            if !in_tests && !line.trim_start().starts_with("//") {
                counting.push(Line { place: format!("{place}:{number}"), text: line.to_owned() });
            }
            in_tests &= line != "}";
            previous = line;
        }
    }
    counting
}

/// Returns the Rust files below some folders.
fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let mut sources: Vec<_> =
        folders.iter().flat_map(|folder| files(&root().join(folder))).collect();
    sources.retain(|path| path.extension().is_some_and(|it| it == "rs"));
    assert!(!sources.is_empty(), "no sources in {folders:?}");
    sources
}

/// Returns every file below a folder; none if there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
