//! A guest's files over SFTP.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sha2::{Digest as _, Sha256};
use ssh2::{FileStat, OpenFlags, OpenType, Sftp};

use super::SshConnection;
use super::collected::Collected;
use super::failure;
use super::remote_file::{Refusal, RemoteFile, facts_of};
use super::transport::Transport;
use crate::error::{self, Error, ErrorKind};
use crate::files::{Check, Digest, Entry, FileFacts, GuestFiles, Meter, sum_command};
use crate::model::VmRef;
use crate::request::ExecRequest;

/// How much is asked for at once: many packets are under way at a time.
const PIECE: usize = 256 * 1024;

/// How much is sent at once: libssh2's own packet. When the guest refuses one of several that are
/// under way, libssh2 (1.11) forgets the rest of a half-sent one, and neither side understands the
/// other any more.
const PACKET: usize = 30_000;

/// The files of a guest whose SSH server speaks SFTP.
pub struct SftpFiles {
    vm: VmRef,
    connection: Arc<SshConnection>,
    sftp: Sftp,
    /// Whether the guest has no program for checksums.
    sums_not: AtomicBool,
}

impl SftpFiles {
    /// Begins to speak SFTP on a connection.
    pub async fn open(vm: VmRef, connection: Arc<SshConnection>) -> Result<Self, Error> {
        let opened = connection.transport().drive(ssh2::Session::sftp).await;
        let sftp = opened.map_err(|error| {
            if !failure::denied(&error) {
                return failure::unopened(error);
            }
            let line = "the guest's SSH server does not serve files (SFTP)";
            Error::new(ErrorKind::Unsupported, line)
                .hint("install `openssh-sftp-server` in it, or use `--via additions`")
                .caused_by(error)
        })?;
        Ok(Self { vm, connection, sftp, sums_not: AtomicBool::new(false) })
    }

    fn transport(&self) -> &Transport {
        self.connection.transport()
    }

    async fn open_file(
        &self,
        path: &str,
        flags: OpenFlags,
        kind: OpenType,
    ) -> Result<RemoteFile<'_>, Error> {
        // Until it has its mode, a part is its owner's alone.
        let opening = || self.sftp.open_mode(Path::new(path), flags, 0o600, kind);
        let opened = self.transport().drive(|_| opening()).await;
        let file = opened.map_err(|error| refused(error, path))?;
        Ok(RemoteFile::new(self.transport(), file))
    }

    /// Reads a file of the guest and gives each piece to a taker.
    async fn each_piece(
        &self,
        from: &str,
        range: Range<u64>,
        mut take: impl FnMut(&[u8]) -> Result<(), Error> + Send,
    ) -> Result<u64, Error> {
        let mut file = self.open_file(from, OpenFlags::READ, OpenType::File).await?;
        let taken = async {
            file.seek(range.start)?;
            let mut left = range.end - range.start;
            let mut piece = vec![0; PIECE];
            while left > 0 {
                let room = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
                let buffer = piece.get_mut(..room).unwrap_or_default();
                let count = file.read(buffer).await.map_err(|e| refused(e, from))?;
                if count == 0 {
                    break;
                }
                take(buffer.get(..count).unwrap_or_default())?;
                left -= u64::try_from(count).unwrap_or(left);
            }
            Ok(range.end - range.start - left)
        };
        let taken = taken.await;
        file.close().await;
        taken
    }

    /// Lets the guest compute a checksum; `None` if it cannot.
    async fn guest_sum(&self, path: &str, length: u64) -> Result<Option<Digest>, Error> {
        if self.sums_not.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let command = sum_command(path, length);
        let kept = Arc::new(Collected::default());
        let request = ExecRequest::new(self.vm.clone(), command, Duration::ZERO);
        self.connection.exec(&request, kept.clone(), std::future::pending()).await?;
        let digest = kept.stdout().parse().ok();
        if digest.is_none() {
            self.sums_not.store(true, Ordering::Relaxed);
        }
        Ok(digest)
    }
}

#[async_trait]
impl GuestFiles for SftpFiles {
    async fn meant(&self, path: &str) -> Result<String, Error> {
        Ok(as_sftp(path))
    }

    async fn look(&self, path: &str) -> Result<Option<FileFacts>, Error> {
        match self.transport().drive(|_| self.sftp.stat(Path::new(path))).await {
            Ok(stat) => Ok(Some(facts_of(&stat))),
            Err(e) if Refusal::of(&e) == Refusal::NotThere => Ok(None),
            Err(e) => Err(refused(e, path)),
        }
    }

    async fn list(&self, folder: &str) -> Result<Vec<Entry>, Error> {
        let mut open = self.open_file(folder, OpenFlags::READ, OpenType::Dir).await?;
        let mut entries = Vec::new();
        let end = loop {
            match open.next_entry().await {
                Ok(Some((name, stat))) if name != "." && name != ".." => {
                    entries.push(Entry { name, facts: facts_of(&stat) });
                }
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(e) => break Err(refused(e, folder)),
            }
        };
        open.close().await;
        end?;
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    async fn make_folder(&self, path: &str) -> Result<(), Error> {
        let made = self.transport().drive(|_| self.sftp.mkdir(Path::new(path), 0o700)).await;
        let Err(error) = made else { return Ok(()) };
        match self.look(path).await? {
            Some(there) if there.kind == crate::files::FileKind::Folder => Ok(()),
            Some(_) => Err(Error::new(
                ErrorKind::AlreadyExists,
                format!("`{path}` is there and no folder"),
            )),
            None => Err(refused(error, path)),
        }
    }

    async fn write(&self, from: &Path, to: &str, begin: u64, meter: &Meter) -> Result<(), Error> {
        let what = |e| error::io(format!("read `{}`", from.display()), e);
        let mut source = File::open(from).map_err(what)?;
        source.seek(SeekFrom::Start(begin)).map_err(what)?;
        let flags = OpenFlags::WRITE | OpenFlags::CREATE;
        let flags = if begin == 0 { flags | OpenFlags::TRUNCATE } else { flags };
        let mut file = self.open_file(to, flags, OpenType::File).await?;
        let sent = async {
            file.seek(begin)?;
            let mut piece = vec![0; PACKET];
            loop {
                let count = match source.read(&mut piece) {
                    Ok(0) => return Ok(()),
                    Ok(count) => count,
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                    Err(e) => return Err(what(e)),
                };
                let mut rest = piece.get(..count).unwrap_or_default();
                while !rest.is_empty() {
                    let sent = match file.write(rest).await {
                        Ok(sent) => sent,
                        Err(e) => return Err(file.not_written(e, to).await),
                    };
                    meter.count(u64::try_from(sent).unwrap_or_default())?;
                    rest = rest.get(sent..).unwrap_or_default();
                }
            }
        };
        let sent = sent.await;
        file.close().await;
        sent
    }

    async fn read(
        &self,
        from: &str,
        to: &Path,
        range: Range<u64>,
        meter: &Meter,
    ) -> Result<(), Error> {
        let what = |e| error::making(format!("write `{}`", to.display()), e);
        let mut target = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(range.start == 0)
            .open(to)
            .map_err(what)?;
        target.seek(SeekFrom::Start(range.start)).map_err(what)?;
        let taken = self.each_piece(from, range, |bytes| {
            target.write_all(bytes).map_err(what)?;
            meter.count(u64::try_from(bytes.len()).unwrap_or_default())
        });
        taken.await.map(drop)
    }

    async fn digest(&self, path: &str, length: u64) -> Result<Option<(Digest, Check)>, Error> {
        if self.look(path).await?.is_none_or(|it| it.size < length) {
            return Ok(None);
        }
        if let Some(digest) = self.guest_sum(path, length).await? {
            return Ok(Some((digest, Check::GuestSum)));
        }
        let mut hasher = Sha256::new();
        let read = self.each_piece(path, 0..length, |bytes| {
            hasher.update(bytes);
            Ok(())
        });
        let read = read.await?;
        let digest = Digest::from(<[u8; 32]>::from(hasher.finalize()));
        Ok((read == length).then_some((digest, Check::ReadBack)))
    }

    async fn settle(&self, part: &str, target: &str, mode: Option<u32>) -> Result<(), Error> {
        if let Some(mode) = mode {
            self.set_modes(&[(part.to_owned(), mode)]).await?;
        }
        let (from, to) = (Path::new(part), Path::new(target));
        let moved = self.transport().drive(|_| self.sftp.rename(from, to, None)).await;
        if moved.is_ok() {
            return Ok(());
        }
        // Servers without OpenSSH's own renaming replace nothing.
        self.remove(target).await?;
        let moved = self.transport().drive(|_| self.sftp.rename(from, to, None)).await;
        moved.map_err(|e| refused(e, target))
    }

    async fn set_modes(&self, modes: &[(String, u32)]) -> Result<(), Error> {
        for (path, mode) in modes {
            let stat = || FileStat {
                size: None,
                uid: None,
                gid: None,
                perm: Some(*mode),
                atime: None,
                mtime: None,
            };
            let set = self.transport().drive(|_| self.sftp.setstat(Path::new(path), stat())).await;
            set.map_err(|e| refused(e, path))?;
        }
        Ok(())
    }

    async fn remove(&self, path: &str) -> Result<(), Error> {
        match self.transport().drive(|_| self.sftp.unlink(Path::new(path))).await {
            Err(e) if Refusal::of(&e) == Refusal::NotThere => Ok(()),
            done => done.map_err(|e| refused(e, path)),
        }
    }
}

fn refused(error: ssh2::Error, path: &str) -> Error {
    Refusal::of(&error).explain(path, error)
}

/// Spells a path as SFTP does: from the user's folder if it does not say from where, and a drive
/// of Windows as a folder of the root.
fn as_sftp(path: &str) -> String {
    let mut first = path.chars();
    if let (Some('a'..='z' | 'A'..='Z'), Some(':')) = (first.next(), first.next()) {
        return format!("/{}", path.replace('\\', "/"));
    }
    match path {
        "" | "~" => ".".to_owned(),
        _ => path.strip_prefix("~/").unwrap_or(path).to_owned(),
    }
}

impl fmt::Debug for SftpFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SftpFiles").field("connection", &self.connection).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::as_sftp;

    #[test]
    fn a_path_is_spelt_as_sftp_does() {
        for (path, spelt) in [
            ("", "."),
            ("~", "."),
            ("~/a", "a"),
            ("/tmp/a", "/tmp/a"),
            (r"C:\Users\me", "/C:/Users/me"),
            ("c:/x", "/c:/x"),
            (r"odd\name", r"odd\name"),
        ] {
            assert_eq!(as_sftp(path), spelt);
        }
    }
}
