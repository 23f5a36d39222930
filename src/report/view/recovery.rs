use crate::model::{Clue, Health, Trouble, typed};
use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::RecoveryItem;
use crate::report::human;
use crate::report::paint::Tone;
use crate::report::sheet::Sheet;
use crate::request::{Outcome, RecoveryReport, RecoveryStep};

pub(super) fn recovered(report: &RecoveryReport) -> Document {
    let trouble = match &report.trouble {
        Some(trouble) => Cell::toned(Tone::Bad, trouble.to_string()),
        None => Cell::toned(Tone::Good, "nothing"),
    };
    let clue = |clue: &Clue| Cell::new(&clue.message);
    let sheet = Sheet::default()
        .row("name", &report.vm)
        .cell("found", Cell::state(&report.found))
        .cell("trouble", trouble)
        .cells("clues", report.clues.iter().map(clue))
        .cells("log ends", report.last_lines.iter().map(Cell::new))
        .row_if("disk free", report.disk_free.map(human::bytes))
        .row_if("done", (report.outcome == Outcome::Changed).then(|| told(&report.steps)))
        .cells("notes", report.notes.iter().map(Cell::new));
    let sheet = match (&report.state, report.outcome) {
        (Some(state), Outcome::Changed) => {
            sheet.cell("state", Cell::state(state)).row("took", human::duration(report.took))
        }
        (Some(_), Outcome::Unchanged) => sheet.row("done", "nothing: it runs again already"),
        (None, _) => sheet.row_if("next", next(report)),
    };
    let names = vec![report.vm.clone()];
    Document::items(&[RecoveryItem::from(report)], Body::Sheet(sheet), names)
}

/// Puts steps into words.
pub(in crate::report) fn told(steps: &[RecoveryStep]) -> String {
    let word = |step: &RecoveryStep| match step {
        RecoveryStep::EmergencyStop => "ended its process",
        RecoveryStep::PowerOff => "powered it off",
        RecoveryStep::DiscardSavedState => "threw its saved state away",
        RecoveryStep::RestoreSnapshot => "restored the snapshot",
        RecoveryStep::Start => "started it",
    };
    steps.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// Returns how a health check's word is coloured.
pub(super) fn tone(health: Health) -> Tone {
    match health {
        Health::Healthy => Tone::Good,
        Health::Unhealthy => Tone::Bad,
        Health::Unknown => Tone::Dim,
    }
}

/// Says what would help.
fn next(report: &RecoveryReport) -> Option<String> {
    let vm = typed(&report.vm);
    Some(match report.trouble.as_ref()? {
        Trouble::SavedStateUnreadable => format!(
            "`vm-cli recover {vm} --policy restart` throws the saved state away and starts it"
        ),
        Trouble::Inaccessible => "bring its settings file back, or unregister it".to_owned(),
        Trouble::Stuck | Trouble::Silent => {
            format!("`vm-cli recover {vm} --policy restart` ends its process and starts it")
        }
        Trouble::Aborted | Trouble::Off | Trouble::Unhealthy { .. } => {
            format!("`vm-cli recover {vm} --policy restart` starts it")
        }
    })
}
