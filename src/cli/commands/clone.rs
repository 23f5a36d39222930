use clap::Args;

use crate::cli::pair::Pair;
use crate::cli::target::Given;
use crate::error::Error;
use crate::model::{Invalid, VmName};
use crate::request::spelling::numbered;
use crate::request::{CloneRequest, CloneWish, Request};

/// Make copies of a VM
///
/// A full copy holds everything. A linked one holds only what will differ: it is made in a moment,
/// takes next to no disk, and needs its original to stay. Every copy gets hardware addresses and
/// host ports of its own. Of several copies all are made, or none.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli clone my-first-vm my-second-vm
  vm-cli clone template test-{} --linked --count 10
  vm-cli clone --name web --to web-before --snapshot clean-state")]
pub(crate) struct Clone {
    /// Name the VM to copy
    #[arg(value_name = "SOURCE")]
    first: Option<String>,

    /// Name the copy
    #[arg(value_name = "NEW")]
    second: Option<String>,

    /// Name the VM to copy, as SOURCE does
    #[arg(long, aliases = ["vm", "source"], value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Name the copy, as NEW does
    #[arg(long, alias = "new-name", value_name = "NEW", allow_hyphen_values = true)]
    to: Option<String>,

    /// Hold only what will differ from the original
    #[arg(long)]
    linked: bool,

    /// Begin with this snapshot; without it with what the original is now, or, with --linked, with
    /// its newest snapshot
    #[arg(long, alias = "snapshot-name", value_name = "SNAPSHOT", allow_hyphen_values = true)]
    snapshot: Option<String>,

    /// Make this many, numbered from 1: NEW-1, NEW-2, or where {} is
    #[arg(long, value_name = "N", value_parser = count)]
    count: Option<u32>,
}

impl Clone {
    /// Says what the arguments ask for.
    pub(super) fn request(&self, given: &Given) -> Result<Request, Error> {
        let (source, new) = Pair {
            words: [self.first.as_ref(), self.second.as_ref()],
            name: self.name.as_ref(),
            other: self.to.as_ref(),
            what: "copy",
            missing: "name it: `vm-cli clone SOURCE NEW`",
        }
        .settle(given)?;
        let snapshot = self.snapshot.as_deref().map(str::parse).transpose()?;
        Ok(Request::Clone(Box::new(CloneRequest {
            source,
            names: names(&new, self.count)?,
            content: if self.linked { CloneWish::Linked } else { CloneWish::Full },
            snapshot,
        })))
    }
}

/// Returns the names of the copies.
fn names(new: &str, count: Option<u32>) -> Result<Vec<VmName>, Error> {
    let Some(count) = count else { return Ok(vec![new.parse()?]) };
    numbered(new, count).map(|name| Ok(name.parse()?)).collect()
}

fn count(text: &str) -> Result<u32, Invalid> {
    let count = text.parse().ok().filter(|count| (1..=1000).contains(count));
    count.ok_or_else(|| Invalid::new("count", text, "is none of 1 to 1000"))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn several_copies_are_numbered() {
        let texts = |new, count| {
            let names: Result<Vec<String>, String> = names(new, count)
                .map(|names| names.iter().map(ToString::to_string).collect())
                .map_err(|e| e.to_string());
            names.map(|names| names.join(" "))
        };
        assert_eq!(texts("web", None), Ok("web".to_owned()));
        assert_eq!(texts("t-{}-x", Some(3)), Ok("t-1-x t-2-x t-3-x".to_owned()));
        assert_eq!(texts("web", Some(2)), Ok("web-1 web-2".to_owned()));
        assert!(texts("we/b", Some(2)).is_err());
    }
}
