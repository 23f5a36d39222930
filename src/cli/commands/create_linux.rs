use std::path::PathBuf;

use clap::Args;

use super::install::InstallWish;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::values::words;
use crate::guest_os::{LinuxWish, SystemWish};

/// Make a VM in which a Linux installs itself
///
/// The ISO is read first: a wrong one is refused before anything is made. An image of a disk, as
/// distributions offer it for clouds, is copied and made as large as is wanted. With `--auto-start` the
/// command ends when the user can log in over SSH; then the discs are out, the answers are gone,
/// and the snapshot `clean` is taken. An installation that is interrupted goes on with `--resume`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli create-linux --name deb --distro debian --iso-path ./debian.iso --auto-start
  vm-cli create-linux deb --resume
  vm-cli create-linux web --image debian-12-genericcloud-amd64.qcow2 --disk 20 --auto-start
  vm-cli create-linux ci --iso-path fedora.iso --user ada --package git --post-install setup.sh
  vm-cli create-linux own --distro cloud-init --iso-path live.iso --memory 2G --dry-run")]
pub(crate) struct CreateLinux {
    #[command(flatten)]
    install: InstallWish,

    /// Begin with a copy of this cloud image, in which cloud-init is: qcow2, VMDK, VDI, VHD or raw
    #[arg(long, value_name = "FILE", conflicts_with_all = ["iso", "resume", "engine"])]
    image: Option<PathBuf>,

    /// Refuse an ISO of another distribution; cloud-init is any ISO whose system asks that
    #[arg(long, value_name = "DISTRIBUTION", value_parser = words::<LinuxWish>(LinuxWish::names()))]
    distro: Option<LinuxWish>,
}

impl CreateLinux {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let wish = SystemWish::Linux(self.distro.unwrap_or(LinuxWish::Any));
        self.install.run(shell, self.image.as_deref(), |_| Ok(wish))
    }
}
