use super::answer_media::{AnswerFile, AnswerMedia, Delivery};
use super::debian::xkb;
use super::installation::{Installation, PostInstall, refused};
use super::{FirstBoot, GuestOs, Machine, Resources, Terms, crypt};
use crate::error::Error;
use crate::iso::{Distribution, LinuxMedium};

/// Fedora, Red Hat Enterprise Linux and their relatives, by kickstart (pykickstart's reference).
/// Anaconda finds `ks.cfg` on a disc with the label `OEMDRV` by itself.
#[derive(Debug, Clone)]
pub struct Kickstart {
    /// Its medium.
    pub medium: LinuxMedium,
}

impl GuestOs for Kickstart {
    fn name(&self) -> String {
        self.medium.name()
    }

    fn machine(&self) -> Machine {
        let stem = match self.medium.distribution {
            Distribution::Fedora => "Fedora",
            Distribution::Rhel
            | Distribution::CentOs
            | Distribution::Rocky
            | Distribution::Alma
            | Distribution::Debian
            | Distribution::Ubuntu
            | Distribution::Alpine => "RedHat",
        };
        let (good, least) = (Resources::new(2, 4096, 25), Resources::new(1, 2048, 10));
        Machine::linux(stem, self.medium.architecture, good, least)
    }

    fn first_boot(&self) -> FirstBoot {
        FirstBoot { logs: "/var/log/anaconda", ..FirstBoot::LINUX }
    }

    fn terms(&self) -> Terms {
        match self.medium.distribution {
            Distribution::Rhel => Terms::Accepted("Red Hat's end user license agreement"),
            Distribution::Fedora
            | Distribution::CentOs
            | Distribution::Rocky
            | Distribution::Alma
            | Distribution::Debian
            | Distribution::Ubuntu
            | Distribution::Alpine => Terms::None,
        }
    }

    fn answers(&self, wanted: &Installation) -> Result<AnswerMedia, Error> {
        wanted.user.check_linux()?;
        Ok(AnswerMedia {
            files: vec![AnswerFile::new("ks.cfg", self.kickstart(wanted)?)],
            delivery: Delivery::SecondDisc("OEMDRV".parse()?),
            next: "attach `answers.iso` as a second disc beside the ISO: the installer finds it",
        })
    }
}

impl Kickstart {
    fn kickstart(&self, wanted: &Installation) -> Result<String, Error> {
        let hash = crypt::crypted(&wanted.password, &wanted.randomness)?;
        let Installation { host_name, user, time_zone, .. } = wanted;
        let locale = wanted.locale.posix();
        let layout = xkb(wanted.keyboard);
        let eula = match self.terms() {
            Terms::Accepted(_) => "eula --agreed\n",
            Terms::None => "",
        };
        let packages = wanted.packages_with(["@core", "openssh-server"]).join("\n");
        let post = match &wanted.post_install {
            Some(script) => post(script)?,
            None => String::new(),
        };
        Ok(format!(
            "text
lang {locale}
keyboard --xlayouts={layout}
timezone {time_zone} --utc
network --bootproto=dhcp --hostname={host_name}
rootpw --lock
user --name={user} --groups=wheel --iscrypted --password={hash}
firstboot --disabled
{eula}zerombr
clearpart --all --initlabel
autopart
services --enabled=sshd
reboot --eject
%packages
{packages}
%end
{post}"
        ))
    }
}

/// Returns what is run at the end.
fn post(script: &PostInstall) -> Result<String, Error> {
    let PostInstall { name, text } = script;
    if text.lines().any(|line| line.trim_start().starts_with("%end")) {
        let why = format!("`{name}` has a line that begins with `%end`");
        return Err(refused(why, "a kickstart file ends there: write it otherwise"));
    }
    Ok(format!("%post --log=/root/vm-cli-post-install.log\n{text}\n%end\n"))
}
