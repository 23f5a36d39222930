use std::fmt::Debug;
use std::path::Path;

use async_trait::async_trait;

use super::{Check, Digest, Entry, FileFacts, Meter};
use crate::error::Error;

/// The files of a guest, by one way into it. Paths are the guest's own.
#[async_trait]
pub trait GuestFiles: Debug + Send + Sync {
    /// Returns the path that is meant: the user's own folder for an empty one and for `~`.
    async fn meant(&self, path: &str) -> Result<String, Error>;

    /// Returns what lies at a path, links followed; `None` if nothing does.
    async fn look(&self, path: &str) -> Result<Option<FileFacts>, Error>;

    /// Returns what lies in a folder, links not followed.
    async fn list(&self, folder: &str) -> Result<Vec<Entry>, Error>;

    /// Makes a folder in one that is there; one that is there already is fine.
    async fn make_folder(&self, path: &str) -> Result<(), Error>;

    /// Writes a file of the host into one of the guest, from this byte on. What stood behind it
    /// there is cut off.
    async fn write(&self, from: &Path, to: &str, begin: u64, meter: &Meter) -> Result<(), Error>;

    /// Reads the first bytes of a file of the guest into one of the host, from this byte on.
    async fn read(
        &self,
        from: &str,
        to: &Path,
        range: std::ops::Range<u64>,
        meter: &Meter,
    ) -> Result<(), Error>;

    /// Returns the digest of the first bytes of a file, and who computed it. `None` if it is
    /// shorter.
    async fn digest(&self, path: &str, length: u64) -> Result<Option<(Digest, Check)>, Error>;

    /// Gives a part its mode and its target's name, in place of what bears that.
    async fn settle(&self, part: &str, target: &str, mode: Option<u32>) -> Result<(), Error>;

    /// Gives folders their modes.
    async fn set_modes(&self, modes: &[(String, u32)]) -> Result<(), Error>;

    /// Removes a file; none there is fine.
    async fn remove(&self, path: &str) -> Result<(), Error>;

    /// Compares the whole of a part with a digest, and settles it if it is the same; else returns
    /// `None`.
    async fn seal(
        &self,
        part: &str,
        target: &str,
        mode: Option<u32>,
        whole: (Digest, u64),
    ) -> Result<Option<Check>, Error> {
        seal_by_steps(self, (part, target), mode, whole).await
    }

    /// Returns whether it writes and reads from the middle of a file; else a file that was broken
    /// off begins anew.
    fn goes_on(&self) -> bool {
        true
    }
}

/// Compares the whole of a part with a digest, and settles it if it is the same, step by step.
pub async fn seal_by_steps(
    guest: &(impl GuestFiles + ?Sized),
    (part, target): (&str, &str),
    mode: Option<u32>,
    (expected, size): (Digest, u64),
) -> Result<Option<Check>, Error> {
    if guest.look(part).await?.is_none_or(|it| it.size != size) {
        return Ok(None);
    }
    match guest.digest(part, size).await? {
        Some((found, check)) if found == expected => {
            guest.settle(part, target, mode).await?;
            Ok(Some(check))
        }
        Some(_) | None => Ok(None),
    }
}
