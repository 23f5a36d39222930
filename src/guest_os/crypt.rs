use sha_crypt::{PasswordHasher, ShaCrypt};

use super::password::{Password, Randomness};
use crate::error::{Error, ErrorKind};

/// How many bytes of salt make the 16 characters that SHA-crypt uses.
const SALT: usize = 12;

/// Returns what a Linux keeps of a password (SHA-512-crypt, `$6$…`), so that it stands in no answer.
pub(super) fn crypted(password: &Password, randomness: &Randomness) -> Result<String, Error> {
    // The first bytes make the password if one is made up: the last make the salt.
    let salt = randomness.0.last_chunk::<SALT>().unwrap_or(&[0; SALT]);
    let hash = ShaCrypt::SHA512.hash_password_with_salt(password.reveal().as_bytes(), salt);
    let hash = hash.map_err(|e| {
        Error::new(ErrorKind::Internal, "cannot hash the password").caused_by(e.to_string())
    })?;
    Ok(hash.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::crypted;
    use crate::guest_os::{Password, Randomness};

    /// The same comes from glibc 2.36, by `crypt(password, "$6$rounds=5000$5Qk/5Qk/5Qk/5Qk/")`.
    #[test]
    fn a_hash_is_what_crypt_makes() {
        let password: Password = "Hello world!".parse().unwrap();
        let hash = crypted(&password, &Randomness([7; 32])).unwrap();
        let glibc = "$6$rounds=5000$5Qk/5Qk/5Qk/5Qk/$PYRuvQCRtitkmxicEmFnGd0KlWZx1TrPU7rEgocbTb\
                     WGNw/AXWL6NLgK/xzwaq8Fav.p0wKQAIhWdc0bN9y5y.";
        assert_eq!(hash, glibc);
    }
}
