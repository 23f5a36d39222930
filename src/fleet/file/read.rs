use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::entry::entry;
use super::links;
use super::problem::{Problem, Problems};
use super::values::{Values, shown};
use crate::config::{Settings, file_bytes, nearest, parse_document};
use crate::error::{self, Error};
use crate::fleet::{Fleet, Making};

/// The version of the file's shape.
pub(super) const SCHEMA: u64 = 1;

/// The keys of the file itself.
pub(super) const TOP: [&str; 3] = ["$schema", "schema", "vms"];

/// Reads a file of VMs. Discs that it names by relative paths are looked for in its folder.
pub fn load(file: &Path, settings: &Settings) -> Result<Fleet, Error> {
    let shown = file.display().to_string();
    let bytes = file_bytes(file).map_err(|e| {
        error::io(format!("read the file of VMs `{shown}`"), e)
            .hint("name it: `-f FILE`; `vm-cli config schema --vms` shows what stands in it")
    })?;
    let fleet = read(&bytes, settings).map_err(|it| it.wrong(&shown))?;
    Ok(Fleet { file: shown, ..fleet.within(file.parent().unwrap_or(Path::new(""))) })
}

/// Reads the content of a file of VMs, or tells everything that is wrong with it.
pub fn read(bytes: &[u8], settings: &Settings) -> Result<Fleet, Problems> {
    let whole = |why: String| Problems::from(vec![Problem::at("", why)]);
    let document = parse_document(bytes).map_err(|why| whole(format!("it {why}")))?;
    let Value::Object(document) = &document else {
        return Err(whole("it must be an object such as {\"vms\": {\"web\": {}}}".to_owned()));
    };
    let mut problems = top(document);
    let mut entries = Vec::new();
    if let Some(Value::Object(vms)) = document.get("vms") {
        for (key, content) in vms {
            let path = format!("vms.{key}");
            let Value::Object(content) = content else {
                let why = format!("must be an object such as {{}}, not {}", shown(content));
                problems.push(Problem::at(&path, why));
                continue;
            };
            let mut values = Values::new(path, content);
            entries.extend(entry(key, &mut values));
            problems.append(&mut values.problems);
        }
    }
    // Entries that could not be read would be missed by others.
    if !problems.is_empty() {
        return Err(Problems::from(problems));
    }
    links::join(&entries, settings).map_err(Problems::from)
}

fn top(document: &Map<String, Value>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in document.keys().filter(|name| !TOP.contains(&name.as_str())) {
        problems.push(Problem::at(name, "is not a known key").near(nearest(name, TOP)));
    }
    if let Some(version) = document.get("schema")
        && version.as_u64() != Some(SCHEMA)
    {
        let why = format!("must be {SCHEMA}, not {}", shown(version));
        problems.push(Problem::at("schema", why));
    }
    match document.get("vms") {
        Some(Value::Object(vms)) if !vms.is_empty() => {}
        Some(Value::Object(_)) => problems.push(Problem::at("vms", "names no VM")),
        Some(other) => {
            let why = format!("must be an object such as {{\"web\": {{}}}}, not {}", shown(other));
            problems.push(Problem::at("vms", why));
        }
        None => problems.push(Problem::at("vms", "is missing")),
    }
    problems
}

impl Fleet {
    /// Returns it with the paths that are relative taken from a folder. A bare name that is not
    /// there may lie in the folder for discs.
    fn within(mut self, folder: &Path) -> Self {
        for member in &mut self.members {
            if let Making::New(asked) = &mut member.making
                && let Some(iso) = &mut asked.iso
            {
                *iso = resolved(iso, folder);
            }
        }
        self
    }
}

fn resolved(named: &Path, folder: &Path) -> PathBuf {
    let inside = folder.join(named);
    let bare = named.parent().is_none_or(|parent| parent.as_os_str().is_empty());
    if bare && !inside.exists() { named.to_path_buf() } else { inside }
}
