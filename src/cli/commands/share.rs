use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::pair::Pair;
use crate::cli::target::{Given, Target};
use crate::cli::usage;
use crate::error::Error;
use crate::model::{ShareAccess, ShareLifetime, ShareMount, ShareName, SharedFolder};
use crate::request::{Request, SharingAction};

/// List, add and remove folders of this host that a guest can use
///
/// The guest needs its Guest Additions for them. A VM that is off keeps what it gets; a VM that runs
/// has it until it goes off.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli share add my-first-vm ./build
  vm-cli share add my-first-vm /srv/tools --as tools --readonly --mount
  vm-cli share list my-first-vm --json
  vm-cli share remove my-first-vm tools")]
pub(crate) struct ShareCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List them
    #[command(
        visible_alias = "ls",
        after_help = "Examples:
  vm-cli share list my-first-vm
  vm-cli share list --name my-first-vm --json"
    )]
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Add one
    #[command(after_help = "Examples:
  vm-cli share add my-first-vm ./build
  vm-cli share add my-first-vm /srv/tools --as tools --readonly --mount
  vm-cli share add --name my-first-vm ./data --mount-at /mnt/data")]
    Add {
        #[command(flatten)]
        which: Which,

        /// Call it this in the guest [default: the folder's name]
        #[arg(long = "as", value_name = "SHARE", allow_hyphen_values = true)]
        share: Option<String>,

        /// Let the guest only read it
        #[arg(long, alias = "read-only")]
        readonly: bool,

        /// Let the Guest Additions mount it
        #[arg(long, alias = "automount")]
        mount: bool,

        /// Let the Guest Additions mount it here, a path or drive of the guest
        #[arg(long, value_name = "PATH")]
        mount_at: Option<String>,
    },
    /// Remove one; the folder itself stays as it is
    #[command(
        visible_alias = "rm",
        after_help = "Examples:
  vm-cli share remove my-first-vm tools
  vm-cli share remove --name my-first-vm build"
    )]
    Remove {
        #[command(flatten)]
        which: Which,
    },
}

/// A VM, and a folder or its name in the guest.
#[derive(Debug, Args)]
struct Which {
    /// Name the VM
    #[arg(value_name = "NAME")]
    first: Option<String>,

    /// Name the folder of this host to add, or the share to remove
    #[arg(value_name = "FOLDER")]
    second: Option<String>,

    /// Name the VM, as NAME does
    #[arg(long, alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Name the folder or the share, as FOLDER does
    #[arg(long, value_name = "FOLDER", allow_hyphen_values = true)]
    folder: Option<String>,
}

impl ShareCommand {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (vm, action) = match &self.action {
            Action::List { target } => (target.vm(given)?, SharingAction::List),
            Action::Add { which, share, readonly, mount, mount_at } => {
                let (vm, folder) = which.pair("such as `./build`").settle(given)?;
                let host_path = PathBuf::from(folder);
                let name = match share {
                    Some(name) => name.parse()?,
                    None => own_name(&host_path)?,
                };
                let access = if *readonly { ShareAccess::ReadOnly } else { ShareAccess::ReadWrite };
                let mount = match (mount_at, mount) {
                    (Some(place), _) => ShareMount::At(place.clone()),
                    (None, true) => ShareMount::Anywhere,
                    (None, false) => ShareMount::Never,
                };
                let lifetime = ShareLifetime::Kept;
                let folder = SharedFolder { name, host_path, access, mount, lifetime };
                (vm, SharingAction::Add(folder))
            }
            Action::Remove { which } => {
                let missing = "name it: `vm-cli share list` shows them";
                let (vm, name) = which.pair(missing).settle(given)?;
                (vm, SharingAction::Remove(name.parse()?))
            }
        };
        Ok(Request::Sharing { vm, action })
    }
}

/// Returns the name that a folder has itself.
fn own_name(folder: &std::path::Path) -> Result<ShareName, Error> {
    let whole = std::fs::canonicalize(folder).unwrap_or_else(|_unknown| folder.to_owned());
    let name = whole.file_name().map(|name| name.to_string_lossy().replace(' ', "-"));
    let name = name.ok_or_else(|| {
        usage(format!("`{}` has no name of its own", folder.display()))
            .hint("say how the guest shall call it: `--as NAME`")
    })?;
    name.parse().map_err(|e| Error::from(e).hint("say how the guest shall call it: `--as NAME`"))
}

impl Which {
    fn pair(&self, missing: &'static str) -> Pair<'_> {
        Pair {
            words: [self.first.as_ref(), self.second.as_ref()],
            name: self.name.as_ref(),
            other: self.folder.as_ref(),
            what: "folder",
            missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::ShareCommand;
    use crate::cli::testing::given;
    use crate::model::{ShareAccess, ShareMount};
    use crate::request::{Request, SharingAction};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        share: ShareCommand,
    }

    fn read(words: &[&str]) -> Result<SharingAction, String> {
        let line = Line::try_parse_from([&["share"], words].concat()).map_err(|e| e.to_string())?;
        let request = line.share.request(&given()).map_err(|e| e.to_string())?;
        let Request::Sharing { vm, action } = request else { panic!("nothing is shared") };
        assert_eq!(vm.as_str(), "web");
        Ok(action)
    }

    #[test]
    fn a_folder_has_its_own_name_unless_it_gets_another() {
        let Ok(SharingAction::Add(folder)) = read(&["add", "web", "/nowhere/my data"]) else {
            panic!("nothing is added")
        };
        assert_eq!(folder.name.as_str(), "my-data");
        assert_eq!((folder.access, folder.mount), (ShareAccess::ReadWrite, ShareMount::Never));
        let words = ["add", "--name", "web", "/x", "--as", "y", "--readonly", "--mount-at", "D:"];
        let Ok(SharingAction::Add(folder)) = read(&words) else { panic!("nothing is added") };
        assert_eq!((folder.name.as_str(), folder.access), ("y", ShareAccess::ReadOnly));
        assert_eq!(folder.mount, ShareMount::At("D:".to_owned()));
        assert!(read(&["add", "web", "/"]).unwrap_err().contains("no name of its own"));
        assert!(read(&["add", "web", "/x", "--as", "a b"]).unwrap_err().contains("a blank"));
        assert_eq!(read(&["rm", "web", "y"]), Ok(SharingAction::Remove("y".parse().unwrap())));
        assert_eq!(read(&["ls", "web"]), Ok(SharingAction::List));
    }
}
