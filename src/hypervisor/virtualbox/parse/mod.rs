//! What VBoxManage prints, understood. Pure: no parser fails on its own account or panics.

mod appliance;
mod counters;
mod disks;
mod guest_facts;
mod guest_stat;
mod key_values;
mod list;
mod redirects;
mod shared_folders;
mod snapshots;
mod traces;
mod vm_info;
mod vm_log;

pub(super) use appliance::appliance;
pub(super) use counters::traffic;
pub(super) use disks::disks;
pub(super) use guest_facts::guest_facts;
pub(super) use guest_stat::{guest_stat, posix_entry, posix_facts};
pub(super) use list::ListedVm;
pub(super) use list::list;
pub(super) use redirects::dead_forwards;
pub(super) use shared_folders::shared_folders;
pub(super) use traces::{heartbeat, noted_error, traces};
pub(super) use vm_info::vm_info;
pub(super) use vm_log::{live_state, resets};

use crate::model::RemoteProtocol;

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

/// Returns whether `showvminfo --machinereadable` says that a film is being made, or is about to.
pub(super) fn is_filmed(stdout: &str) -> bool {
    let is_on = [r#"recording_enabled="on""#, r#"recording_started="on""#];
    stdout.lines().any(|line| is_on.contains(&line.trim_end()))
}

/// Returns what the server for remote displays speaks that `list systemproperties` names.
pub(super) fn remote_protocol(stdout: &str) -> Option<RemoteProtocol> {
    let pack = stdout.lines().find_map(|line| line.strip_prefix("Remote desktop ExtPack:"))?;
    match pack.trim() {
        "" => None,
        "VNC" => Some(RemoteProtocol::Vnc),
        _ => Some(RemoteProtocol::Rdp),
    }
}

/// Returns the folder for new VMs that `list systemproperties` names.
pub(super) fn default_machine_folder(stdout: &str) -> Option<&str> {
    let folder = stdout.lines().find_map(|line| line.strip_prefix("Default machine folder:"))?;
    Some(folder.trim()).filter(|folder| !folder.is_empty())
}

/// Returns the disc of the Guest Additions out of what `list systemproperties` prints.
pub(super) fn additions_disc(stdout: &str) -> Option<&str> {
    let disc = stdout.lines().find_map(|line| line.strip_prefix("Default Guest Additions ISO:"))?;
    Some(disc.trim()).filter(|disc| !disc.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{additions_disc, created_settings_file, default_machine_folder, remote_protocol};
    use crate::model::RemoteProtocol;

    #[test]
    fn the_settings_file_is_found_in_what_createvm_prints() {
        let printed = include_str!("../../../../tests/fixtures/virtualbox/7.2/createvm.stdout");
        assert_eq!(created_settings_file(printed), Some("/home/tester/vms/web/web.vbox"));
        let quoted = "Settings file: '/vms/it's/it's.vbox'\n";
        assert_eq!(created_settings_file(quoted), Some("/vms/it's/it's.vbox"));
        assert_eq!(created_settings_file("UUID: x\n"), None);
    }

    #[test]
    fn the_server_for_remote_displays_is_found_among_the_system_properties() {
        let printed =
            include_str!("../../../../tests/fixtures/virtualbox/7.2/list-systemproperties.stdout");
        assert_eq!(remote_protocol(printed), Some(RemoteProtocol::Vnc));
        assert_eq!(remote_protocol("Remote desktop ExtPack:          \n"), None);
        assert_eq!(remote_protocol("Machine folder: x\n"), None);
    }

    #[test]
    fn the_machine_folder_is_found_among_the_system_properties() {
        let printed =
            include_str!("../../../../tests/fixtures/virtualbox/7.2/list-systemproperties.stdout");
        assert_eq!(default_machine_folder(printed), Some("/home/tester/vms"));
        assert_eq!(default_machine_folder("Default machine folder:   \n"), None);
        let additions = "Default Guest Additions ISO:     /usr/share/virtualbox/Additions.iso\n";
        assert_eq!(additions_disc(additions), Some("/usr/share/virtualbox/Additions.iso"));
        assert_eq!(additions_disc("Default Guest Additions ISO:     \n"), None);
    }
}
