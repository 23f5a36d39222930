use crate::report::Document;
use crate::report::cell::Cell;
use crate::report::document::Body;
use crate::report::dto::InstalledItem;
use crate::report::human;
use crate::report::sheet::Sheet;
use crate::request::{InstallPhase, InstallReport, Secret};

pub(super) fn installed(report: &InstallReport) -> Document {
    let vm = &report.vm;
    // That it was made and started goes without saying when it is further.
    let later = report.phases.iter().filter(|(phase, _)| InstallPhase::Booting < *phase);
    let phases =
        later.map(|(phase, at)| Cell::new(format!("{phase} after {}", human::duration(*at))));
    let file = report.password_file.as_ref().map(|file| file.display().to_string());
    let sheet = Sheet::default()
        .row(report.phase.as_str(), &vm.name)
        .row("system", &report.system)
        .cell("state", Cell::state(&vm.state))
        .row("id", vm.id.to_string())
        .cells("forwards", vm.forwards.iter().map(|forward| Cell::new(forward.to_string())))
        .cells("phases", phases)
        .row("user", &report.user)
        .row_if("password", report.password.as_ref().map(Secret::reveal))
        .row_if("kept in", file)
        .row_if("snapshot", report.snapshot.as_ref())
        .cells("note", vm.notes.iter().map(Cell::new))
        .cells("next", report.next.iter().map(Cell::new));
    let names = vec![vm.name.clone()];
    Document::items(&[InstalledItem::from(report)], Body::Sheet(sheet), names)
}
