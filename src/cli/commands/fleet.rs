//! What `up`, `down` and `status -f` share.

use std::path::Path;

use super::several::{detail, tell_sum};
use crate::cli::outcome::Outcome;
use crate::cli::session::Ended;
use crate::cli::shell::App;
use crate::error::{Error, ErrorKind};
use crate::fleet::{self, DEFAULT_FILE, Fleet, FleetOutcome, Plan};
use crate::report::{Document, failure_lines};

/// A file of VMs, and which of them are meant.
#[derive(Debug)]
pub(super) struct FleetFile {
    pub(super) fleet: Fleet,
    pub(super) chosen: Vec<usize>,
}

impl FleetFile {
    /// Reads a file, or the usual one; without words all of its VMs are meant.
    pub(super) fn read(app: &App, file: Option<&Path>, words: &[String]) -> Result<Self, Error> {
        let file = file.unwrap_or(Path::new(DEFAULT_FILE));
        let fleet = fleet::load(file, &app.loaded.settings)?;
        let chosen = fleet.meant(words).map_err(|word| {
            let keys: Vec<String> = keys(&fleet).iter().map(|key| format!("`{key}`")).collect();
            Error::new(ErrorKind::NotFound, format!("`{}` has no VM `{word}`", fleet.file()))
                .hint(format!("name one of {}", keys.join(", ")))
        })?;
        Ok(Self { fleet, chosen })
    }
}

fn keys(fleet: &Fleet) -> Vec<&str> {
    let mut keys: Vec<&str> = fleet.members().iter().map(|it| it.entry.as_str()).collect();
    keys.dedup();
    keys
}

/// Shows what would be done.
pub(super) fn show_plan(app: &App, action: &'static str, plan: &Plan) -> Outcome {
    app.shell.show(&Document::plan(action, plan))?;
    app.shell.remark("this was a rehearsal: nothing was changed");
    Ok(0)
}

/// Shows what was done: outcomes as the result, failures and drift as messages.
pub(super) fn conclude(
    app: &App,
    action: &'static str,
    ended: Ended<(Plan, Vec<FleetOutcome>)>,
) -> Outcome {
    let signal = ended.signal;
    let (_, outcomes) = ended.outcome()?;
    app.shell.show(&Document::fleet(action, &outcomes))?;
    tell_drift(app, &outcomes);
    let errors: Vec<&Error> =
        outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err()).collect();
    tell_errors(app, &errors, outcomes.len());
    let canceled = errors.iter().any(|error| error.kind() == ErrorKind::Canceled);
    Ok(match (signal, errors.is_empty()) {
        (Some(signal), _) if canceled => signal.exit_code(),
        (_, true) => 0,
        (_, false) => ErrorKind::Partial.exit_code(),
    })
}

fn tell_errors(app: &App, errors: &[&Error], all: usize) {
    if errors.is_empty() {
        return;
    }
    app.shell.console.hold_still();
    for error in errors {
        let lines = failure_lines(error, detail(&app.shell), app.shell.message_paint());
        app.shell.console.talk(&lines);
    }
    tell_sum(app, errors.len(), all);
}

/// Tells in what VMs are not as the file says.
fn tell_drift(app: &App, outcomes: &[FleetOutcome]) {
    if app.shell.global.quiet {
        return;
    }
    app.shell.console.hold_still();
    for outcome in outcomes {
        for drift in &outcome.drift {
            // Names and groups may come from other tools, and a terminal would obey them.
            let visible = |c: char| if c.is_control() { '?' } else { c };
            let line: String = format!("note: `{}` was left as it is: {drift}", outcome.vm)
                .chars()
                .map(visible)
                .collect();
            app.shell.console.talk(&format!("{line}\n"));
        }
    }
}
