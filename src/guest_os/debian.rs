use super::answer_media::{AnswerFile, AnswerMedia};
use super::installation::{Installation, refused};
use super::{GuestOs, Machine, Resources, Terms, boot_menu, crypt};
use crate::error::Error;
use crate::iso::LinuxMedium;
use crate::keyboard::Layout;

/// Debian, by preseeding (Debian's installation guide, appendix B).
#[derive(Debug, Clone)]
pub struct Debian {
    /// Its medium.
    pub medium: LinuxMedium,
}

/// Where the script of the user's stands on the medium.
const SCRIPT: &str = "vm-cli-post-install";

impl GuestOs for Debian {
    fn name(&self) -> String {
        self.medium.name()
    }

    fn machine(&self) -> Machine {
        let (good, least) = (Resources::new(2, 2048, 20), Resources::new(1, 512, 4));
        Machine::linux("Debian", self.medium.architecture, good, least)
    }

    fn terms(&self) -> Terms {
        Terms::None
    }

    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error> {
        wanted.user.check_linux()?;
        let Some(kernel) = self.medium.kernel else {
            return Err(refused(
                "the ISO has no installer of Debian where one should be",
                "take a netinst, DVD or CD image: live and netboot images read no answers from a disc",
            ));
        };
        let arguments = "auto=true priority=critical file=/cdrom/preseed.cfg ---";
        let mut answers = vec![AnswerFile::new("preseed.cfg", preseed(wanted)?)];
        answers.extend(wanted.post_install.iter().map(|it| AnswerFile::new(SCRIPT, &*it.text)));
        Ok(boot_menu::within(&self.medium, &kernel, arguments, answers))
    }
}

fn preseed(wanted: &Installation) -> Result<String, Error> {
    let hash = crypt::crypted(&wanted.password, &wanted.randomness)?;
    let packages = wanted.packages_with(["sudo", "openssh-server"]).join(" ");
    let Installation { host_name, user, locale, time_zone, .. } = wanted;
    let locale = locale.posix();
    let keymap = xkb(wanted.keyboard);
    let late = match wanted.post_install {
        Some(_) => format!(
            "d-i preseed/late_command string cp /cdrom/{SCRIPT} /target/root/{SCRIPT}; \
             in-target sh /root/{SCRIPT}\n"
        ),
        None => String::new(),
    };
    Ok(format!(
        "d-i debian-installer/locale string {locale}
d-i keyboard-configuration/xkb-keymap select {keymap}
d-i netcfg/choose_interface select auto
d-i netcfg/get_hostname string {host_name}
d-i netcfg/hostname string {host_name}
d-i netcfg/get_domain string localdomain
d-i hw-detect/load_firmware boolean true
d-i mirror/country string manual
d-i mirror/http/hostname string deb.debian.org
d-i mirror/http/directory string /debian
d-i mirror/http/proxy string
d-i passwd/root-login boolean false
d-i passwd/user-fullname string {user}
d-i passwd/username string {user}
d-i passwd/user-password-crypted password {hash}
d-i clock-setup/utc boolean true
d-i clock-setup/ntp boolean true
d-i time/zone string {time_zone}
d-i partman-auto/method string regular
d-i partman-auto/choose_recipe select atomic
d-i partman-partitioning/confirm_write_new_label boolean true
d-i partman/choose_partition select finish
d-i partman/confirm boolean true
d-i partman/confirm_nooverwrite boolean true
d-i partman-efi/non_efi_system boolean true
d-i apt-setup/cdrom/set-first boolean false
tasksel tasksel/first multiselect standard
d-i pkgsel/include string {packages}
d-i pkgsel/upgrade select none
d-i pkgsel/update-policy select none
popularity-contest popularity-contest/participate boolean false
d-i grub-installer/only_debian boolean true
d-i grub-installer/with_other_os boolean false
d-i grub-installer/bootdev string default
d-i cdrom-detect/eject boolean true
d-i finish-install/reboot_in_progress note
{late}"
    ))
}

/// Returns what X's keyboard extension calls a layout.
pub(super) fn xkb(layout: Layout) -> &'static str {
    match layout {
        Layout::Us => "us",
        Layout::Uk => "gb",
        Layout::De => "de",
        Layout::Fr => "fr",
        Layout::Es => "es",
    }
}
