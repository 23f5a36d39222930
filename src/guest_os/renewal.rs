use serde_json::json;

use super::answer_media::{AnswerFile, AnswerMedia, Delivery};
use super::cloud_image::{document, instance};
use super::password::Randomness;
use crate::error::Error;
use crate::model::VmName;

/// The longest name of a host (`hostname(7)`).
const LONGEST: usize = 63;

/// systemd's identity of a system; it is new from the second start on.
const MACHINE_ID: &str = "if command -v systemd-machine-id-setup >/dev/null; then \
    rm -f /etc/machine-id /var/lib/dbus/machine-id; systemd-machine-id-setup; fi";

/// Tells cloud-init in a copied guest that it runs on another machine now: it calls itself like the
/// VM, and makes SSH host keys of its own (cloud-init's "NoCloud", "instance-id"). Users stay.
pub fn renewal(vm: &VmName, randomness: &Randomness) -> Result<AnswerMedia, Error> {
    let name = host_name(vm.as_str());
    let said = json!({
        "hostname": name,
        "preserve_hostname": false,
        "ssh_deletekeys": true,
        "ssh_pwauth": true,
        "users": [],
        "runcmd": [["sh", "-c", MACHINE_ID]],
    });
    Ok(AnswerMedia {
        files: vec![
            AnswerFile::new("user-data", document(&said)?),
            AnswerFile::new("meta-data", instance(&name, randomness)?),
        ],
        delivery: Delivery::SecondDisc("CIDATA".parse()?),
        next: "attach `answers.iso` as a disc: cloud-init finds it",
    })
}

/// Returns what a host can be called that is like the name of a VM.
fn host_name(vm: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let text: String = vm.chars().map(allowed).collect();
    let text: String = text.trim_matches('-').chars().take(LONGEST).collect();
    let text = text.trim_end_matches('-');
    if text.is_empty() { "vm".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{host_name, renewal};
    use crate::guest_os::Randomness;

    #[test]
    fn a_copy_is_another_instance_that_is_called_like_its_vm() {
        let files = |seed| {
            let media = renewal(&"Web (2)".parse().unwrap(), &Randomness([seed; 32])).unwrap();
            let [user, meta] = media.files.as_slice() else { panic!("{media:?}") };
            (user.text.clone(), meta.text.clone())
        };
        let (user, meta) = files(1);
        assert!(
            user.starts_with("#cloud-config\n") && user.contains("hostname: web--2\n"),
            "{user}"
        );
        assert!(user.contains("users: []") && user.contains("ssh_deletekeys: true"), "{user}");
        assert!(meta.contains("local-hostname: web--2\n"), "{meta}");
        assert_ne!(meta, files(2).1, "no two instances are the same");
    }

    proptest! {
        #[test]
        fn every_vm_gives_a_host_a_name(text in ".{1,200}") {
            let name = host_name(&text);
            prop_assert!((1..=63).contains(&name.len()));
            prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
            prop_assert!(!name.starts_with('-') && !name.ends_with('-'));
        }
    }
}
