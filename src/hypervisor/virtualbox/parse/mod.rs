//! What VBoxManage prints, understood. Pure: no parser fails on its own account or panics.

mod appliance;
mod disks;
mod key_values;
mod list;
mod redirects;
mod snapshots;
mod traces;
mod vm_info;
mod vm_log;

pub(super) use appliance::appliance;
pub(super) use disks::disks;
pub(super) use list::ListedVm;
pub(super) use list::list;
pub(super) use redirects::dead_forwards;
pub(super) use traces::{heartbeat, noted_error, traces};
pub(super) use vm_info::vm_info;
pub(super) use vm_log::live_state;

/// Returns the settings file that `createvm` says it has made.
pub(super) fn created_settings_file(stdout: &str) -> Option<&str> {
    let path = stdout.lines().find_map(|line| line.strip_prefix("Settings file: '"))?;
    path.strip_suffix('\'')
}

/// Returns who holds a VM, as `showvminfo --machinereadable` says; `None` if nobody does.
pub(super) fn session(stdout: &str) -> Option<String> {
    let lines: Vec<&str> = stdout.lines().collect();
    let mut pairs = key_values::Pairs::new(&lines);
    while let Some(pair) = pairs.next() {
        if pair.key == "SessionName" {
            return Some(pair.value).filter(|name| !name.is_empty());
        }
    }
    None
}

/// Returns the folder for new VMs that `list systemproperties` names.
pub(super) fn default_machine_folder(stdout: &str) -> Option<&str> {
    let folder = stdout.lines().find_map(|line| line.strip_prefix("Default machine folder:"))?;
    Some(folder.trim()).filter(|folder| !folder.is_empty())
}

/// Returns the value that `guestproperty get` prints; `No value set!` is none.
pub(super) fn property(stdout: &str) -> Option<&str> {
    stdout.lines().find_map(|line| line.strip_prefix("Value:")).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::{created_settings_file, default_machine_folder, property};

    #[test]
    fn a_guest_property_that_is_not_set_is_none() {
        assert_eq!(property("Value: 10.0.2.15\n"), Some("10.0.2.15"));
        assert_eq!(property("No value set!\n"), None);
    }

    #[test]
    fn the_settings_file_is_found_in_what_createvm_prints() {
        let printed = include_str!("../../../../tests/fixtures/virtualbox/7.2/createvm.stdout");
        assert_eq!(created_settings_file(printed), Some("/home/tester/vms/web/web.vbox"));
        let quoted = "Settings file: '/vms/it's/it's.vbox'\n";
        assert_eq!(created_settings_file(quoted), Some("/vms/it's/it's.vbox"));
        assert_eq!(created_settings_file("UUID: x\n"), None);
    }

    #[test]
    fn the_machine_folder_is_found_among_the_system_properties() {
        let printed =
            include_str!("../../../../tests/fixtures/virtualbox/7.2/list-systemproperties.stdout");
        assert_eq!(default_machine_folder(printed), Some("/home/tester/vms"));
        assert_eq!(default_machine_folder("Default machine folder:   \n"), None);
    }
}
