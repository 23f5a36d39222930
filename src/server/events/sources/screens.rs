//! What screens show, while somebody wants to know.

use std::collections::BTreeMap;

use serde_json::json;

use super::LOOK;
use crate::model::{Phase, VmId, VmSummary};
use crate::server::events::{Happening, Kind};
use crate::server::office::Office;

/// Tells of each screen that shows something else than at the last look.
pub(super) async fn tell(office: &Office) {
    let mut shown: BTreeMap<VmId, String> = BTreeMap::new();
    loop {
        office.hub().wishes().name(&[Kind::VmScreen]).await;
        let found = office.listing().within(LOOK, office.orchestrator()).await;
        let mut vms = found.map(|it| it.vms).unwrap_or_default();
        vms.retain(|it| {
            let is_wanted = office.hub().wishes().cover(Kind::VmScreen, Some(&it.name));
            is_wanted && it.state.phase() == Phase::Live
        });
        shown.retain(|id, _| vms.iter().any(|it| it.id == *id));
        for vm in &vms {
            look(office, vm, &mut shown).await;
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn look(office: &Office, vm: &VmSummary, shown: &mut BTreeMap<VmId, String>) {
    // A screen that cannot be seen now is looked at again.
    let look = office.orchestrator().afresh().look_at_screen(&vm.id.into()).await;
    let Ok((hash, size)) = look else { return };
    if shown.get(&vm.id) != Some(&hash) {
        let data = json!({ "hash": hash, "width": size.width, "height": size.height });
        office.tell(Happening::of_vm(Kind::VmScreen, &vm.name, data));
        shown.insert(vm.id, hash);
    }
}
