//! What happens to the tasks of this process.

use tokio::sync::Notify;

use crate::request::EventKind;
use crate::server::events::Happening;
use crate::server::office::Office;

/// Tells of them, and of each that `ended`.
pub(super) async fn tell(office: &Office, ended: &Notify) {
    let mut tasks = office.orchestrator().events().subscribe();
    while let Some(event) = tasks.recv().await {
        let Some(happening) = Happening::of_task(&event) else { continue };
        office.tell(happening);
        if let EventKind::Finished { error, .. } = event.kind {
            let snapshot = Happening::of_snapshot(&event.task_type, event.vm.as_deref());
            if let Some(snapshot) = snapshot.filter(|_| error.is_none()) {
                office.tell(snapshot);
            }
            ended.notify_one();
        }
    }
}
