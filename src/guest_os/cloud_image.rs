use serde_json::{Value, json};

use super::answer_media::{AnswerFile, AnswerMedia, Delivery};
use super::debian::xkb;
use super::installation::Installation;
use super::{FirstBoot, GuestOs, Machine, Randomness, Resources, Terms, crypt};
use crate::error::{Error, ErrorKind};

/// A cloud image of any distribution, by cloud-init's data source "NoCloud".
#[derive(Debug, Clone, Copy)]
pub struct CloudImage;

/// Where the script of the user's stands in the guest.
const SCRIPT: &str = "/root/vm-cli-post-install";

impl GuestOs for CloudImage {
    fn name(&self) -> String {
        "a system with cloud-init".to_owned()
    }

    fn machine(&self) -> Machine {
        let (good, least) = (Resources::new(1, 1024, 10), Resources::new(1, 64, 1));
        Machine::linux("Linux", None, good, least)
    }

    /// Its user is there before everything is installed; only cloud-init knows when that is.
    fn first_boot(&self) -> FirstBoot {
        FirstBoot {
            ready: "if command -v cloud-init >/dev/null; then cloud-init status --wait \
                    >/dev/null; [ $? -ne 1 ]; fi",
            logs: "/var/log/cloud-init-output.log",
        }
    }

    fn terms(&self) -> Terms {
        Terms::None
    }

    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error> {
        wanted.user.check_linux()?;
        Ok(AnswerMedia {
            files: vec![
                AnswerFile::new("user-data", user_data(wanted)?),
                AnswerFile::new("meta-data", meta_data(wanted)?),
            ],
            delivery: Delivery::SecondDisc("CIDATA".parse()?),
            next: "attach `answers.iso` as a disc beside the image's disk: cloud-init finds it",
        })
    }
}

/// Returns what tells one instance from another.
pub(super) fn meta_data(wanted: &Installation) -> Result<String, Error> {
    instance(wanted.host_name.as_str(), &wanted.randomness)
}

/// Returns what tells one instance of this name from another.
pub(super) fn instance(host_name: &str, randomness: &Randomness) -> Result<String, Error> {
    let [a, b, c, d, ..] = randomness.0;
    let instance = u32::from_be_bytes([a, b, c, d]);
    yaml(&json!({
        "instance-id": format!("{host_name}-{instance:08x}"),
        "local-hostname": host_name,
    }))
}

fn user_data(wanted: &Installation) -> Result<String, Error> {
    let mut said = json!({
        "hostname": wanted.host_name.as_str(),
        "users": [{
            "name": wanted.user.as_str(),
            "passwd": crypt::crypted(&wanted.password, &wanted.randomness)?,
            "lock_passwd": false,
            "sudo": "ALL=(ALL) NOPASSWD:ALL",
            "shell": "/bin/bash",
        }],
        "ssh_pwauth": true,
        "locale": wanted.locale.posix(),
        "timezone": wanted.time_zone.as_str(),
        "keyboard": { "layout": xkb(wanted.keyboard) },
    });
    let packages = wanted.packages_with([]);
    if let Some(said) = said.as_object_mut() {
        if !packages.is_empty() {
            said.insert("packages".to_owned(), json!(packages));
        }
        if let Some(script) = &wanted.post_install {
            let file = json!([{ "path": SCRIPT, "permissions": "0700", "content": script.text }]);
            said.insert("write_files".to_owned(), file);
            said.insert("runcmd".to_owned(), json!([["sh", SCRIPT]]));
        }
    }
    document(&said)
}

/// Writes a document of cloud-init.
pub(super) fn document(said: &Value) -> Result<String, Error> {
    Ok(format!("#cloud-config\n{}", yaml(said)?))
}

fn yaml(said: &Value) -> Result<String, Error> {
    serde_yaml_ng::to_string(said)
        .map_err(|e| Error::new(ErrorKind::Internal, "cannot write YAML").caused_by(e))
}
