//! Whether one more VM, or so much more on disk, keeps to the limits. Pure but for the disk.

use std::path::Path;

use super::VmOrchestrator;
use super::open::Limits;
use crate::config::ResourceLimits;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::Thoroughness;
use crate::metrics;
use crate::model::{Mebibytes, VmRef, typed};

const INSIST: &str = "or insist with `--ignore-limits`";

/// What the host has to carry when one more VM is to be started.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Load {
    /// How many VMs run or are about to, that one not counted.
    pub others: usize,
    /// The host's memory in bytes, all of it and what is free; zero if it is not known.
    pub memory: (u64, u64),
    /// The memory that VMs which are about to run take, that one counted.
    pub wanted: Mebibytes,
    /// The CPU usage in percent, if it is above its limit.
    pub cpu: Option<f32>,
}

/// Refuses the start of a VM that would go over a limit.
pub(super) fn check(vm: &str, limits: &ResourceLimits, load: &Load) -> Result<(), Error> {
    let places = usize::try_from(limits.max_concurrent_vms).unwrap_or(usize::MAX);
    if places <= load.others {
        let message = format!("cannot start `{vm}`: {}, {places} may", running(load.others));
        let queue = format!("wait for a place: `vm-cli start {} --queue`", typed(vm));
        let key = "resource_limits.max_concurrent_vms";
        return Err(refusal(message, vm, &format!("stop one, {queue}, raise `{key}`")));
    }
    let (total, free) = load.memory;
    let used = total.saturating_sub(free).saturating_add(load.wanted.bytes());
    let percent = used.saturating_mul(100).checked_div(total).unwrap_or(0);
    let limit = limits.max_memory_usage_percent;
    if limit < 100 && u64::from(limit) < percent {
        let message = format!(
            "cannot start `{vm}`: with its {} of memory {percent} % of the host's {} would be in \
             use, {limit} % may",
            load.wanted,
            mib(total)
        );
        let key = "resource_limits.max_memory_usage_percent";
        return Err(refusal(message, vm, &format!("stop a VM or other programs, raise `{key}`")));
    }
    if let Some(used) = load.cpu {
        let limit = limits.max_cpu_usage_percent;
        let message =
            format!("cannot start `{vm}`: {used:.0} % of the host's CPU is in use, {limit} % may");
        let key = "resource_limits.max_cpu_usage_percent";
        return Err(refusal(message, vm, &format!("try again later, raise `{key}`")));
    }
    Ok(())
}

fn running(count: usize) -> String {
    if count == 1 { "1 VM runs".to_owned() } else { format!("{count} VMs run") }
}

/// Refuses what would leave too little of a disk.
fn check_room(
    what: &str,
    folder: &Path,
    free: u64,
    needed: u64,
    kept: Mebibytes,
) -> Result<(), Error> {
    if needed.saturating_add(kept.bytes()) <= free {
        return Ok(());
    }
    let key = "resource_limits.min_free_disk_mb";
    let message = format!(
        "not enough disk to {what}: it may take {}, {} is free under `{}`, and {} must stay free",
        mib(needed),
        mib(free),
        folder.display(),
        mib(kept.bytes())
    );
    let hint = format!("free some space, lower `{key}`, {INSIST}");
    Err(Error::new(ErrorKind::LimitExceeded, message).hint(hint))
}

impl VmOrchestrator {
    /// Returns whether limits are looked at.
    pub(super) fn keeps_limits(&self) -> bool {
        self.parts.setup.limits == Limits::Kept
    }

    /// Refuses a snapshot that could fill the disk: with its memory, if the VM is live.
    pub(super) async fn check_snapshot_disk(&self, vm: &VmRef) -> Result<(), Error> {
        if !self.keeps_limits() || self.simulates() || self.rehearses() {
            return Ok(());
        }
        let found = self.hypervisor().occupancy(vm, Thoroughness::Quick).await?;
        let Some(asked) = found.asked else { return Ok(()) };
        let is_live = found.running.contains(&asked.id);
        let memory = asked.memory.filter(|_| is_live).map_or(0, Mebibytes::bytes);
        let folder = self.settings().storage.snapshots_path.as_deref();
        self.check_disk(&format!("take a snapshot of `{vm}`"), folder, memory).await
    }

    /// Refuses what would leave too little of the disk under a folder; `None` is where VMs are.
    pub(super) async fn check_disk(
        &self,
        what: &str,
        folder: Option<&Path>,
        needed: u64,
    ) -> Result<(), Error> {
        // Simulated VMs take no disk.
        if !self.keeps_limits() || self.simulates() {
            return Ok(());
        }
        let folder = match folder.or(self.settings().storage.vm_storage_path.as_deref()) {
            Some(folder) => folder.to_owned(),
            None => self
                .hypervisor()
                .vms_folder()
                .await
                .unwrap_or_else(|| self.folders().state().to_owned()),
        };
        let Some(free) = metrics::free_disk(&folder) else { return Ok(()) };
        check_room(what, &folder, free, needed, self.settings().resource_limits.min_free_disk)
    }
}

fn refusal(message: String, vm: &str, ways: &str) -> Error {
    Error::new(ErrorKind::LimitExceeded, message).about(vm).hint(format!("{ways}, {INSIST}"))
}

fn mib(bytes: u64) -> Mebibytes {
    Mebibytes(bytes >> 20)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Load, check, check_room};
    use crate::config::{ResourceLimits, Sources, load};
    use crate::error::ErrorKind;
    use crate::model::Mebibytes;

    fn limits() -> ResourceLimits {
        load(&Sources::default()).unwrap().settings.resource_limits
    }

    #[test]
    fn the_last_place_is_a_place_and_one_more_is_refused_with_figures_and_key() {
        let at = |others| check("web", &limits(), &Load { others, ..Load::default() });
        assert!(at(4).is_ok());
        let refused = at(5).unwrap_err();
        assert_eq!((refused.kind().exit_code(), refused.vm()), (9, Some("web")));
        assert_eq!(refused.to_string(), "cannot start `web`: 5 VMs run, 5 may");
        let hint = refused.next_step().unwrap();
        assert!(
            hint.contains("max_concurrent_vms") && hint.contains("start web --queue"),
            "{hint}"
        );
    }

    #[test]
    fn memory_counts_what_is_used_and_what_is_about_to_be() {
        let gib = |n: u64| n << 30;
        let with = |wanted| Load {
            memory: (gib(10), gib(4)),
            wanted: Mebibytes(wanted),
            ..Load::default()
        };
        assert!(check("web", &limits(), &with(2048)).is_ok());
        let refused = check("web", &limits(), &with(3072)).unwrap_err().to_string();
        assert!(refused.contains("90 %") && refused.contains("80 % may"), "{refused}");
        let unknown = Load { memory: (0, 0), ..with(1 << 40) };
        assert!(check("web", &limits(), &unknown).is_ok(), "a host that tells nothing");
        let all = ResourceLimits { max_memory_usage_percent: 100, ..limits() };
        assert!(check("web", &all, &with(1 << 20)).is_ok(), "100 % is no limit");
    }

    #[test]
    fn a_busy_cpu_and_a_full_disk_are_refused() {
        let busy = Load { cpu: Some(97.4), ..Load::default() };
        assert!(check("web", &limits(), &busy).unwrap_err().to_string().contains("97 %"));
        let room = |free, needed| {
            check_room("clone `a`", Path::new("/vms"), free, needed, Mebibytes(1024))
        };
        assert!(room(2 << 30, 1 << 30).is_ok());
        let refused = room(2 << 30, (1 << 30) + 1).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::LimitExceeded);
        assert!(refused.next_step().unwrap().contains("min_free_disk_mb"));
    }
}
