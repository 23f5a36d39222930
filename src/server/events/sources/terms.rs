//! What is only lent: VMs and pieces of work whose time is over go back.

use std::time::Duration;

use serde_json::json;

use crate::server::events::{Happening, Kind};
use crate::server::office::Office;
use crate::store::{Work, WorkState};

/// Between two looks; it is a question to the store only.
const LOOK: Duration = Duration::from_secs(1);

/// Takes back what is overdue, and what those have who went with their process.
pub(super) async fn keep(office: &Office) {
    loop {
        match office.orchestrator().end_terms() {
            Ok(ended) => {
                for lease in ended.leases {
                    let vm = office.listing().name_of(lease.vm, office.orchestrator()).await;
                    let data = json!({ "id": lease.vm.to_string() });
                    let told = Happening::of_agent(Kind::LeaseExpired, &lease.holder, data);
                    office.tell(Happening { vm: Some(vm), ..told });
                }
                ended.work.iter().for_each(|it| tell_of_work(office, it));
            }
            Err(e) => tracing::warn!("what is overdue could not be taken back: {e}"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Tells how a piece of work is now.
pub(in crate::server) fn tell_of_work(office: &Office, work: &Work) {
    let kind = match work.state {
        WorkState::Waiting => Kind::WorkWaiting,
        WorkState::Taken => Kind::WorkTaken,
        WorkState::Done | WorkState::Failed | WorkState::Canceled => Kind::WorkDone,
    };
    let data = json!({ "state": work.state.as_str(), "attempts": work.attempts,
        "needs": work.needs });
    let actor = work.holder.clone();
    let task = Some(work.id.to_string());
    office.tell(Happening { task, actor, ..Happening::of_host(kind, data) });
    office.work_moved();
}
