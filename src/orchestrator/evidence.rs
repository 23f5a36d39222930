//! What is told of a VM that did not come to what was waited for.

use std::time::Duration;

use super::VmOrchestrator;
use super::screen::{picture_name, write_picture};
use crate::hypervisor::{end_of_log, log_file};
use crate::model::{Evidence, Phase, Vm, VmRef};

/// Who has waited long enough must not wait much longer for the reasons.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of a log is told.
const LINES: usize = 5;

/// How much of a log is read.
const TAIL: u64 = 16 * 1024;

impl VmOrchestrator {
    /// Finds out what can be found out quickly; what fails is left out.
    pub(super) async fn evidence(&self, vm: &VmRef) -> Evidence {
        let mut evidence = Evidence::default();
        let found = tokio::time::timeout(PATIENCE, self.gather(vm, &mut evidence)).await;
        if found.is_err() {
            tracing::debug!(%vm, "it did not tell everything in time");
        }
        evidence
    }

    async fn gather(&self, vm: &VmRef, evidence: &mut Evidence) {
        let Ok(found) = self.inspect(vm).await else { return };
        evidence.state = Some(found.state.clone());
        evidence.forwards = found.forwards().cloned().collect();
        evidence.run_level = Some(found.guest_additions.run_level);
        evidence.log = last_lines_of(&found).await;
        if found.state.phase() != Phase::Live {
            return;
        }
        if let Ok(facts) = self.guest_facts(vm).await {
            evidence.addresses = facts.addresses;
        }
        let Ok(png) = self.picture(vm).await else { return };
        let folder = self.folders().state().join("late");
        let file = folder.join(picture_name(vm));
        if tokio::fs::create_dir_all(&folder).await.is_ok()
            && write_picture(&file, &png).await.is_ok()
        {
            evidence.screenshot = Some(file);
        }
    }
}

async fn last_lines_of(vm: &Vm) -> Vec<String> {
    let Some(file) = log_file(vm) else { return Vec::new() };
    let read = tokio::task::spawn_blocking(move || end_of_log(&file, TAIL).unwrap_or_default());
    last_lines(&read.await.unwrap_or_default())
}

fn last_lines(text: &str) -> Vec<String> {
    let lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let first = lines.len().saturating_sub(LINES);
    lines.into_iter().skip(first).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_end_of_a_log_is_its_last_lines_that_say_something() {
        assert_eq!(last_lines("1\n2\r\n3\n\n4\n5\n6\n\n"), ["2", "3", "4", "5", "6"]);
        assert!(last_lines("\n").is_empty());
    }
}
