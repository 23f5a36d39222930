use std::ffi::OsString;
use std::time::Duration;

use sysinfo::ProcessRefreshKind;
use sysinfo::ProcessesToUpdate;
use sysinfo::System;
use sysinfo::UpdateKind;

use crate::model::VmId;
use crate::request::VmUsage;

/// Reads what live VMs take of the host, in the order in which they are named, over the sampling
/// time. A VM whose process is not found is left out.
pub async fn usage(vms: &[(VmId, String)], sampling: Duration) -> Vec<VmUsage> {
    if vms.is_empty() {
        return Vec::new();
    }
    let Ok(mut system) = System::new() else { return Vec::new() };
    let first = ProcessRefreshKind::nothing().with_cmd(UpdateKind::Always).with_cpu();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, first.without_tasks());
    let found: Vec<_> = vms
        .iter()
        .filter_map(|(id, name)| {
            let text = id.to_string();
            let runs = |words: &[OsString]| runs(words, &text);
            let process = system.processes().values().find(|process| runs(process.cmd()))?;
            Some((process.pid(), *id, name))
        })
        .collect();
    tokio::time::sleep(sampling).await;
    let pids: Vec<_> = found.iter().map(|(pid, _, _)| *pid).collect();
    let second = ProcessRefreshKind::nothing().with_cpu().with_memory().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&pids), true, second);
    let read = |(pid, id, name): (_, VmId, &String)| {
        let process = system.process(pid)?;
        let (cpu_percent, memory_bytes) = (process.cpu_usage(), process.memory());
        Some(VmUsage { id, name: name.clone(), cpu_percent, memory_bytes })
    };
    found.into_iter().filter_map(read).collect()
}

/// Returns whether a command line is of a program that runs this VM.
fn runs(words: &[OsString], id: &str) -> bool {
    words.windows(2).any(|pair| matches!(pair, [flag, vm] if flag == "--startvm" && vm == id))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::runs;

    #[test]
    fn the_process_of_a_vm_is_told_by_what_it_was_started_for() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let headless = words("/usr/lib/virtualbox/VBoxHeadless --comment web --startvm u-1 --vrde");
        assert!(runs(&headless, "u-1"));
        assert!(!runs(&headless, "web"));
        assert!(!runs(&words("VBoxManage startvm u-1"), "u-1"));
        assert!(!runs(&words("VBoxHeadless --startvm"), "u-1"));
    }
}
