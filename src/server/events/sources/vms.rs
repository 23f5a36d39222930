//! Looks at the VMs, for what other processes do too.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::Notify;

use super::LOOK;
use crate::model::{TaskId, TaskState};
use crate::server::events::changes::Known;
use crate::server::events::{Happening, Kind};
use crate::server::office::Office;
use crate::store::TaskFilter;

/// What changes without it being asked of this process.
const WANTED: [Kind; 4] = [Kind::VmCreated, Kind::VmDeleted, Kind::VmState, Kind::VmSnapshot];

/// A snapshot that took longer than this is found in no look.
const FAR_BACK: Duration = Duration::from_hours(1);

/// Tells what changes, from one look to the next.
pub(super) async fn tell(office: &Office, ended: &Notify) {
    let mut known = None;
    let mut snapshots = Snapshots::default();
    loop {
        office.hub().wishes().name(&WANTED).await;
        // A look that fails is told by who asks; the next one may not fail.
        if let Ok(found) = office.listing().afresh(office.orchestrator()).await {
            let now = Known::of(&found);
            let before = known.replace(now.clone()).unwrap_or_else(|| now.clone());
            before.changes_to(&now).into_iter().for_each(|it| office.tell(it));
        }
        snapshots.look(office);
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = ended.notified() => {}
        }
    }
}

/// The snapshots that other processes made, restored and deleted: the journal tells.
#[derive(Debug, Default)]
struct Snapshots(Option<BTreeSet<TaskId>>);

impl Snapshots {
    fn look(&mut self, office: &Office) {
        let filter = TaskFilter { state: Some(TaskState::Done), ..TaskFilter::default() };
        let Ok(tasks) = office.orchestrator().tasks(filter, Some(FAR_BACK)) else { return };
        let foreign = tasks.into_iter().rev().filter(|it| it.owner.pid != std::process::id());
        let changes: Vec<(TaskId, Happening)> = foreign
            .filter_map(|it| {
                let happening = Happening::of_snapshot(&it.task_type, it.vm.as_deref())?;
                Some((it.id, happening))
            })
            .collect();
        let now = changes.iter().map(|(id, _)| *id).collect();
        if let Some(before) = self.0.replace(now) {
            let new = changes.into_iter().filter(|(id, _)| !before.contains(id));
            new.for_each(|(_, happening)| office.tell(happening));
        }
    }
}
