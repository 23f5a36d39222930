use serde::Serialize;

use super::change::CreatedItem;
use super::{millis, path};
use crate::request::InstallReport;

#[derive(Debug, Serialize)]
pub(crate) struct InstalledItem {
    #[serde(flatten)]
    created: CreatedItem,
    system: String,
    phase: &'static str,
    phases: Vec<PhaseShape>,
    user: String,
    password: Option<String>,
    password_file: Option<String>,
    snapshot: Option<String>,
    next: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PhaseShape {
    phase: &'static str,
    after_ms: u64,
}

impl From<&InstallReport> for InstalledItem {
    fn from(report: &InstallReport) -> Self {
        let phases = report.phases.iter();
        Self {
            created: CreatedItem::of("install", &report.vm),
            system: report.system.clone(),
            phase: report.phase.as_str(),
            phases: phases
                .map(|(phase, at)| PhaseShape { phase: phase.as_str(), after_ms: millis(*at) })
                .collect(),
            user: report.user.clone(),
            password: report.password.as_ref().map(|it| it.reveal().to_owned()),
            password_file: report.password_file.as_deref().map(path),
            snapshot: report.snapshot.clone(),
            next: report.next.clone(),
        }
    }
}
