//! Where events come from: the queue, and looks at the VMs.

use std::time::Duration;

use super::changes::Known;
use super::happening::Happening;
use crate::request::EventKind;
use crate::server::office::Office;

/// Between two looks at the VMs, while somebody listens.
const LOOK: Duration = Duration::from_secs(2);

/// Tells of what happens, until the future is dropped.
pub(in crate::server) async fn tell_of(office: &Office) {
    let mut tasks = office.orchestrator().events().subscribe();
    let ended = tokio::sync::Notify::new();
    let tell_of_tasks = async {
        while let Some(event) = tasks.recv().await {
            if let Some(happening) = Happening::of_task(&event) {
                office.tell(happening);
                if let EventKind::Finished { .. } = event.kind {
                    ended.notify_one();
                }
            }
        }
    };
    let tell_of_vms = async {
        let orchestrator = office.orchestrator().afresh();
        let mut known = None;
        loop {
            office.hub().heard().await;
            // A look that fails is told by who asks; the next one may not fail.
            if let Ok(found) = orchestrator.initialize().await {
                let now = Known::of(&found);
                let before = known.replace(now.clone()).unwrap_or_else(|| now.clone());
                before.changes_to(&now).into_iter().for_each(|it| office.tell(it));
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = ended.notified() => {}
            }
        }
    };
    tokio::join!(tell_of_tasks, tell_of_vms);
}
