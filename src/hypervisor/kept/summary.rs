use super::groups;
use crate::model::{VmConfiguration, VmId, VmState, VmSummary};

/// Returns what a listing shows of a VM.
pub(in crate::hypervisor) fn summary(
    id: VmId,
    state: VmState,
    settings: &VmConfiguration,
) -> VmSummary {
    VmSummary {
        name: settings.name.to_string(),
        id,
        state,
        os_type: Some(settings.os_type.clone()),
        cpus: Some(settings.cpus),
        memory: Some(settings.memory),
        groups: groups(settings),
    }
}
