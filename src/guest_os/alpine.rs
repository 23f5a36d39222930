use super::answer_media::{AnswerFile, AnswerMedia, Delivery};
use super::debian::xkb;
use super::installation::{Installation, refused};
use super::shell::quoted;
use super::{BootPrompt, GuestOs, Machine, Resources, Terms, crypt};
use crate::error::Error;
use crate::iso::Distribution;
use crate::model::Architecture;

/// Alpine, by the answers of `setup-alpine` (Alpine's wiki, "setup-alpine"). Its media start
/// nothing by themselves: a person runs one command.
#[derive(Debug, Clone, Copy)]
pub struct Alpine {
    /// What its medium is made for.
    pub architecture: Option<Architecture>,
}

/// What begins the installation.
const LINES: [&str; 2] = ["root", "mount /dev/sr1 /mnt && sh /mnt/install"];

impl GuestOs for Alpine {
    fn name(&self) -> String {
        Distribution::Alpine.to_string()
    }

    fn machine(&self) -> Machine {
        let (good, least) = (Resources::new(1, 1024, 8), Resources::new(1, 256, 1));
        let machine = Machine::linux("Linux", self.architecture, good, least);
        Machine { boot_prompt: BootPrompt::Lines(&LINES), ..machine }
    }

    fn terms(&self) -> Terms {
        Terms::None
    }

    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error> {
        wanted.user.check_linux()?;
        let mut files = vec![
            AnswerFile::new("answers", answers(wanted)),
            AnswerFile::new("install", install(wanted)?),
        ];
        if let Some(script) = &wanted.post_install {
            if script.text.contains('\0') {
                return Err(refused("the script has a zero byte", "write it as text"));
            }
            files.push(AnswerFile::new("post-install", &*script.text));
        }
        Ok(AnswerMedia {
            files,
            delivery: Delivery::SecondDisc("ANSWERS".parse()?),
            next: "attach `answers.iso` as a second disc beside the ISO, log in as `root`, and run \
                   `mount /dev/sr1 /mnt && sh /mnt/install`",
        })
    }
}

fn answers(wanted: &Installation) -> String {
    let Installation { host_name, time_zone, .. } = wanted;
    let layout = xkb(wanted.keyboard);
    format!(
        "KEYMAPOPTS=\"{layout} {layout}\"
HOSTNAMEOPTS=\"-n {host_name}\"
INTERFACESOPTS=\"auto lo
iface lo inet loopback

auto eth0
iface eth0 inet dhcp
\"
TIMEZONEOPTS=\"-z {time_zone}\"
PROXYOPTS=\"none\"
APKREPOSOPTS=\"-1\"
SSHDOPTS=\"-c openssh\"
NTPOPTS=\"-c chrony\"
DISKOPTS=\"-m sys /dev/sda\"
"
    )
}

/// What makes the user besides: `setup-alpine` would ask for the password.
fn install(wanted: &Installation) -> Result<String, Error> {
    let user = wanted.user.as_str();
    let entry = format!("{user}:{}", crypt::crypted(&wanted.password, &wanted.randomness)?);
    let packages = wanted.packages_with([]);
    let mut text = format!(
        "#!/bin/sh
set -eu
here=$(cd \"$(dirname \"$0\")\" && pwd)
ERASE_DISKS=/dev/sda setup-alpine -e -f \"$here/answers\"
root=/media/installed
mkdir -p \"$root\"
mount /dev/sda3 \"$root\"
mount --bind /dev \"$root/dev\"
cp /etc/resolv.conf \"$root/etc/resolv.conf\"
chroot \"$root\" passwd -l root
chroot \"$root\" adduser -D -G wheel {user}
echo {} | chroot \"$root\" chpasswd -e
chroot \"$root\" apk add doas {}
echo 'permit nopass :wheel' >\"$root/etc/doas.d/vm-cli.conf\"
",
        quoted(&entry),
        packages.join(" ")
    );
    if wanted.post_install.is_some() {
        text += "cp \"$here/post-install\" \"$root/root/vm-cli-post-install\"\n\
                 chroot \"$root\" sh /root/vm-cli-post-install\n";
    }
    text += "umount \"$root/dev\" \"$root\"\nreboot\n";
    Ok(text)
}
