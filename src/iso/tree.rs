use super::fault::Fault;
use super::image::Image;

/// A run of bytes of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Where it begins, in bytes.
    pub(super) at: u64,
    /// How many bytes it has.
    pub(super) length: u64,
}

/// The bytes of a file or a folder: its extents, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Bytes(pub(super) Vec<Extent>);

impl Bytes {
    pub(super) fn length(&self) -> u64 {
        self.0.iter().fold(0, |sum, extent| sum.saturating_add(extent.length))
    }

    /// Reads so many bytes from a place of the file on.
    pub(super) fn read(
        &self,
        image: &mut Image<'_>,
        mut at: u64,
        length: usize,
    ) -> Result<Vec<u8>, Fault> {
        let mut read = Vec::new();
        let mut left = length;
        for extent in &self.0 {
            if extent.length <= at {
                at -= extent.length;
                continue;
            }
            let here = usize::try_from(extent.length - at).unwrap_or(usize::MAX).min(left);
            read.append(&mut image.read(extent.at.saturating_add(at), here)?);
            (at, left) = (0, left - here);
            if left == 0 {
                break;
            }
        }
        if left == 0 { Ok(read) } else { Err(Fault::damaged("file", "is too short")) }
    }

    /// Reads all, if it is no more than so many bytes.
    pub(super) fn whole(
        &self,
        image: &mut Image<'_>,
        part: &'static str,
        at_most: usize,
    ) -> Result<Vec<u8>, Fault> {
        match usize::try_from(self.length()) {
            Ok(length) if length <= at_most => self.read(image, 0, length),
            Ok(_) | Err(_) => Err(Fault::damaged(part, "is longer than any of its kind")),
        }
    }
}

/// What a thing in a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
}

/// A thing in a folder, and how a file system gets at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<H> {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) handle: H,
}

/// A file system.
pub(super) trait Tree {
    /// How it gets at a file or folder.
    type Handle: Clone;

    /// Returns the outermost folder.
    fn root(&self) -> Self::Handle;

    /// Returns what a folder holds.
    fn list(
        &self,
        image: &mut Image<'_>,
        folder: &Self::Handle,
    ) -> Result<Vec<Entry<Self::Handle>>, Fault>;

    /// Returns where the bytes of a file are.
    fn open(&self, image: &mut Image<'_>, file: &Self::Handle) -> Result<Bytes, Fault>;

    /// Looks a path up, whatever its letters' case, as installers do.
    fn find(
        &self,
        image: &mut Image<'_>,
        path: &str,
    ) -> Result<Option<Entry<Self::Handle>>, Fault> {
        let root = Entry { name: String::new(), kind: Kind::Folder, handle: self.root() };
        let mut found = root;
        for name in path.split('/') {
            if found.kind != Kind::Folder {
                return Ok(None);
            }
            let inside = self.list(image, &found.handle)?;
            match inside.into_iter().find(|it| it.name.eq_ignore_ascii_case(name)) {
                Some(entry) => found = entry,
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }
}
