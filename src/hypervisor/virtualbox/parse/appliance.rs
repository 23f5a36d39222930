use crate::hypervisor::Appliance;
use crate::model::Mebibytes;

/// Reads what `import --dry-run` prints of a file; `None` if it tells of no VM.
pub(in super::super) fn appliance(stdout: &str) -> Option<Appliance> {
    let mut found = Appliance::default();
    for line in stdout.lines() {
        if line.starts_with("Virtual system ") {
            found.vms += 1;
        } else if let Some(name) = quoted(line, "Suggested VM name ").filter(|_| found.vms == 1) {
            name.clone_into(&mut found.name);
        } else if let Some(memory) = between(line, "Guest memory: ", " MB") {
            found.memory = memory.parse().ok().map(Mebibytes);
        } else if found.vms == 0 && line.starts_with("  ") {
            // Of each disk, before the VMs: identity, capacity, size, separated by tabs.
            let capacity = line.split('\t').nth(1).and_then(|bytes| bytes.parse::<u64>().ok());
            found.disk_bytes = found.disk_bytes.saturating_add(capacity.unwrap_or(0));
        }
    }
    (found.vms > 0 && !found.name.is_empty()).then_some(found)
}

fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

fn quoted<'a>(line: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(before)?;
    rest.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::appliance;
    use crate::model::Mebibytes;

    #[test]
    fn a_vm_with_a_disk_is_understood() {
        let printed =
            include_str!("../../../../tests/fixtures/virtualbox/7.2/import-dry-run-disk.stdout");
        let found = appliance(printed).unwrap();
        assert_eq!((found.name.as_str(), found.vms), ("full 1", 1));
        assert_eq!(found.memory, Some(Mebibytes(128)));
        assert_eq!(found.disk_bytes, 1 << 30);
    }

    #[test]
    fn a_vm_without_disks_is_one_too_and_several_are_counted() {
        let printed =
            include_str!("../../../../tests/fixtures/virtualbox/7.2/import-dry-run.stdout");
        let found = appliance(printed).unwrap();
        assert_eq!((found.name.as_str(), found.disk_bytes), ("web 1", 0));
        let two = format!("{printed}\n{}", printed.replace("system 0", "system 1"));
        assert_eq!(appliance(&two).unwrap().vms, 2);
        assert_eq!(appliance(""), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(
            text in "(Virtual system |Suggested VM name |\"|:|\n|\\PC)*",
        ) {
            let _unused = appliance(&text);
        }
    }
}
