use std::fs;
use std::io;
use std::path::PathBuf;

use super::Endpoint;
use super::fingerprint::Fingerprint;
use super::private_file;
use crate::error;
use crate::error::{Error, ErrorKind};
use crate::model::VmId;

/// The host key of each guest, trusted when first seen and compared ever after.
///
/// One file for each VM, named by its UUID: ports change hands between VMs, UUIDs do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKeys {
    folder: PathBuf,
}

impl HostKeys {
    /// Keeps the keys in a folder, which is made when the first key comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Forgets a VM's key; whether there was one.
    pub fn forget(&self, vm: VmId) -> Result<bool, Error> {
        let file = self.file(vm);
        match fs::remove_file(&file) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error::io(format!("delete `{}`", file.display()), error)),
        }
    }

    /// Returns the key that a VM has shown before.
    pub(super) fn known(&self, vm: VmId) -> Result<Option<Fingerprint>, Error> {
        let file = self.file(vm);
        let text = match fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error::io(format!("read `{}`", file.display()), error)),
        };
        match Fingerprint::parse(&text) {
            Some(known) => Ok(Some(known)),
            None => Err(Error::new(
                ErrorKind::Unparseable,
                format!("`{}` holds no host key", file.display()),
            )
            .hint(format!("run `{}` to trust the guest's present key", self.forgetting(vm)))),
        }
    }

    /// Compares the key that a VM shows with the one it has shown before, or keeps it.
    pub(super) fn check(
        &self,
        vm: VmId,
        shown: &Fingerprint,
        endpoint: &Endpoint,
    ) -> Result<(), Error> {
        match self.known(vm)? {
            Some(known) if known == *shown => Ok(()),
            Some(known) => Err(Error::new(
                ErrorKind::HostKeyChanged,
                format!("the guest at `{endpoint}` shows the host key `{shown}`, not `{known}`"),
            )
            .hint(format!(
                "if the guest was installed anew, run `{}` and try again; otherwise another \
                 machine answers there",
                self.forgetting(vm)
            ))),
            None => {
                let file = self.file(vm);
                private_file::replace(&file, &format!("{shown}\n"))
                    .map_err(|error| error::io(format!("write `{}`", file.display()), error))
            }
        }
    }

    fn file(&self, vm: VmId) -> PathBuf {
        self.folder.join(vm.to_string())
    }

    /// Returns the command that forgets a VM's key.
    fn forgetting(&self, vm: VmId) -> String {
        let verb = if cfg!(windows) { "del" } else { "rm" };
        format!("{verb} \"{}\"", self.file(vm).display())
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, Fingerprint, HostKeys};
    use crate::error::ErrorKind;
    use crate::model::VmId;

    fn keys() -> (tempfile::TempDir, HostKeys) {
        let folder = tempfile::tempdir().unwrap();
        let keys = HostKeys::new(folder.path().join("known_hosts"));
        (folder, keys)
    }

    #[test]
    fn the_first_key_is_kept_and_another_one_refused_with_both_fingerprints() {
        let (_folder, keys) = keys();
        let (vm, here) = (VmId::from_random(1), Endpoint::local(2222));
        let [old, new] = [b"old", b"new"].map(|key| Fingerprint::of(key));
        keys.check(vm, &old, &here).unwrap();
        keys.check(vm, &old, &here).unwrap();
        let error = keys.check(vm, &new, &here).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::HostKeyChanged);
        for fingerprint in [&old, &new] {
            assert!(error.to_string().contains(&fingerprint.to_string()), "{error}");
        }
        let file = keys.file(vm).display().to_string();
        assert!(error.next_step().unwrap().contains(&file));
        assert_eq!(keys.known(vm).unwrap(), Some(old));
    }

    #[test]
    fn each_vm_has_its_own_key_and_can_be_forgotten() {
        let (_folder, keys) = keys();
        let here = Endpoint::local(2222);
        let [one, other] = [1, 2].map(VmId::from_random);
        keys.check(one, &Fingerprint::of(b"one"), &here).unwrap();
        keys.check(other, &Fingerprint::of(b"other"), &here).unwrap();
        assert!(keys.forget(one).unwrap());
        assert!(!keys.forget(one).unwrap());
        keys.check(one, &Fingerprint::of(b"reinstalled"), &here).unwrap();
        assert!(keys.check(other, &Fingerprint::of(b"one"), &here).is_err());
    }

    #[test]
    fn a_damaged_file_is_no_reason_to_trust_anything() {
        let (_folder, keys) = keys();
        let (vm, here) = (VmId::from_random(1), Endpoint::local(2222));
        let key = Fingerprint::of(b"key");
        keys.check(vm, &key, &here).unwrap();
        for damaged in [&b""[..], b"ssh-ed25519", b"ssh-ed25519 SHA256:abc", &[0xFF, 0, 1]] {
            std::fs::write(keys.file(vm), damaged).unwrap();
            let error = keys.check(vm, &key, &here).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unparseable);
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_key_and_nothing_else_is_left_behind() {
        use std::os::unix::fs::PermissionsExt;

        let (_folder, keys) = keys();
        let vm = VmId::from_random(1);
        keys.check(vm, &Fingerprint::of(b"key"), &Endpoint::local(1)).unwrap();
        let mode = std::fs::metadata(keys.file(vm)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&keys.folder).unwrap().count(), 1);
    }
}
