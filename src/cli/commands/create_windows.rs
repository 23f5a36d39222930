use std::path::PathBuf;

use clap::Args;

use super::answer_media::product_key;
use super::install::InstallWish;
use crate::cli::outcome::Outcome;
use crate::cli::shell::Shell;
use crate::cli::values::words;
use crate::guest_os::{SystemWish, WindowsWish};
use crate::iso::WindowsRelease;
use crate::model::Firmware;

/// Make a VM in which Windows installs itself
///
/// The ISO is read first: a wrong one is refused before anything is made. The machine fits the
/// Windows: UEFI, a TPM 2.0 and Secure Boot for Windows 11. With `--auto-start` the command ends
/// when the user can log in over SSH; then the discs are out, the answers are gone, and the
/// snapshot `clean` is taken. An installation that is interrupted goes on with `--resume`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli create-windows --name win11-vm --iso-path Windows11.iso --accept-license --auto-start
  vm-cli create-windows win11-vm --resume
  vm-cli create-windows win10 --windows-version 10 --edition Professional --iso-path Windows10.iso
  vm-cli create-windows lab --iso-path Server2022.iso --edition ServerStandard --dry-run")]
pub(crate) struct CreateWindows {
    #[command(flatten)]
    install: InstallWish,

    /// Refuse an ISO of another Windows: 10, 11, 2016, 2019, 2022, 2025
    #[arg(long, value_name = "VERSION", value_parser = words::<WindowsRelease>(WindowsRelease::names()))]
    windows_version: Option<WindowsRelease>,

    /// Install this edition, such as Professional (`vm-cli iso info FILE --list-editions`)
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,

    /// Install with the product key in this file
    #[arg(long, value_name = "FILE")]
    product_key_file: Option<PathBuf>,

    /// Boot with this firmware
    #[arg(long, value_parser = words::<Firmware>(Firmware::ALL.iter().map(|it| it.as_str())))]
    firmware: Option<Firmware>,
}

impl CreateWindows {
    pub(super) fn run(&self, shell: Shell) -> Outcome {
        self.install.run(shell, None, |shell| {
            Ok(SystemWish::Windows(WindowsWish {
                release: self.windows_version,
                edition: self.edition.clone(),
                product_key: product_key(self.product_key_file.as_deref(), shell)?,
                firmware: self.firmware,
            }))
        })
    }
}
