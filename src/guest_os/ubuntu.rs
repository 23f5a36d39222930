use serde_json::json;

use super::answer_media::{AnswerFile, AnswerMedia};
use super::cloud_image::{document, meta_data};
use super::debian::xkb;
use super::installation::{Installation, refused};
use super::{GuestOs, Machine, Resources, Terms, boot_menu, crypt};
use crate::error::Error;
use crate::iso::LinuxMedium;

/// Ubuntu, by autoinstall (Subiquity's "Autoinstall configuration reference", version 1).
#[derive(Debug, Clone)]
pub struct Ubuntu {
    /// Its medium.
    pub medium: LinuxMedium,
}

/// Where the script of the user's stands on the medium.
const SCRIPT: &str = "nocloud/post-install";

impl GuestOs for Ubuntu {
    fn name(&self) -> String {
        self.medium.name()
    }

    fn machine(&self) -> Machine {
        let (good, least) = (Resources::new(2, 4096, 25), Resources::new(1, 1024, 8));
        Machine::linux("Ubuntu", self.medium.architecture, good, least)
    }

    fn terms(&self) -> Terms {
        Terms::None
    }

    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error> {
        wanted.user.check_linux()?;
        let Some(kernel) = self.medium.kernel else {
            return Err(refused(
                "the ISO has no installer of Ubuntu where one should be",
                "take a server or desktop image of 20.04 or later",
            ));
        };
        let arguments = "autoinstall ds=nocloud;s=/cdrom/nocloud/ ---";
        let mut answers = vec![
            AnswerFile::new("nocloud/user-data", user_data(wanted)?),
            AnswerFile::new("nocloud/meta-data", meta_data(wanted)?),
        ];
        answers.extend(wanted.post_install.iter().map(|it| AnswerFile::new(SCRIPT, &*it.text)));
        Ok(boot_menu::within(&self.medium, &kernel, arguments, answers))
    }
}

fn user_data(wanted: &Installation) -> Result<String, Error> {
    let packages = wanted.packages_with([]);
    let late = wanted.post_install.as_ref().map(|_| {
        json!([
            format!("cp /cdrom/{SCRIPT} /target/root/vm-cli-post-install"),
            "curtin in-target -- sh /root/vm-cli-post-install",
        ])
    });
    document(&json!({
        "autoinstall": {
            "version": 1,
            "locale": wanted.locale.posix(),
            "keyboard": { "layout": xkb(wanted.keyboard) },
            "timezone": wanted.time_zone.as_str(),
            "identity": {
                "hostname": wanted.host_name.as_str(),
                "username": wanted.user.as_str(),
                "password": crypt::crypted(&wanted.password, &wanted.randomness)?,
            },
            "ssh": { "install-server": true, "allow-pw": true },
            "storage": { "layout": { "name": "direct" } },
            "packages": packages,
            "updates": "security",
            "late-commands": late.unwrap_or(json!([])),
            "shutdown": "reboot",
        }
    }))
}
