use serde::Serialize;

use super::moment;
use crate::request::{Repair, Repaired};
use crate::store::AuditRecord;

/// A line of `audit`.
#[derive(Debug, Serialize)]
pub(crate) struct AuditItem {
    at: String,
    who: String,
    from: String,
    action: String,
    vm: Option<String>,
    outcome: String,
    command: String,
}

impl From<&AuditRecord> for AuditItem {
    fn from(record: &AuditRecord) -> Self {
        Self {
            at: moment(record.at),
            who: record.actor.clone(),
            from: record.origin.clone(),
            action: record.action.clone(),
            vm: record.vm.clone(),
            outcome: record.outcome.clone(),
            command: record.detail.clone(),
        }
    }
}

/// A line of `gc`.
#[derive(Debug, Serialize)]
pub(crate) struct RepairItem {
    what: &'static str,
    r#where: String,
    action: &'static str,
    done: bool,
    error: Option<String>,
}

impl From<&Repair> for RepairItem {
    fn from(repair: &Repair) -> Self {
        let error = match &repair.outcome {
            Repaired::Failed(why) => Some(why.clone()),
            Repaired::Done | Repaired::Planned => None,
        };
        Self {
            what: repair.what.as_str(),
            r#where: repair.place.clone(),
            action: repair.action,
            done: repair.outcome == Repaired::Done,
            error,
        }
    }
}
