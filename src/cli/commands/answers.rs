use std::fs;
use std::path::PathBuf;

use clap::Args;
use uuid::Uuid;

use super::login::password_in;
use super::typing::without_line_end;
use crate::cli::environment::Environment;
use crate::error::{self, Error, ErrorKind};
use crate::guest_os::{
    HostName, Installation, Locale, PackageName, Password, PostInstall, Randomness, TimeZone,
    UserName,
};
use crate::keyboard::Layout;

/// What an installer is answered, whatever it installs.
#[derive(Debug, Args)]
pub(super) struct AnswersWish {
    /// Call the guest so: at most 15 letters, digits and `-`
    #[arg(long, alias = "computer-name", value_name = "NAME", default_value = "vm")]
    hostname: HostName,

    /// Make this user, who may do everything
    #[arg(short, long, alias = "user", value_name = "USER", default_value = "tester")]
    username: UserName,

    /// Give the user the password in this file, else that of VM_CLI_PASSWORD, else one made up
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// Write language, numbers and dates as there
    #[arg(long, value_name = "LOCALE", default_value = "en-US")]
    locale: Locale,

    /// Take the keyboard for one of these: us, uk, de, fr, es
    #[arg(long, value_name = "LAYOUT", default_value = "us")]
    keyboard: Layout,

    /// Set the clock as there
    #[arg(long, value_name = "ZONE", default_value = "Etc/UTC")]
    time_zone: TimeZone,

    /// Install this package too (Linux); can be said again
    #[arg(long = "package", value_name = "PACKAGE")]
    packages: Vec<PackageName>,

    /// Run this script when all is installed
    #[arg(long, value_name = "FILE")]
    post_install: Option<PathBuf>,
}

impl AnswersWish {
    /// Says what the guest is to be, and tells the password if it was made up.
    pub(super) fn installation(
        &self,
        environment: &Environment,
        randomness: Randomness,
    ) -> Result<(Installation, Option<String>), Error> {
        let given = match &self.password_file {
            Some(file) => Some(password_in(file)?),
            None => environment.text("VM_CLI_PASSWORD"),
        };
        let (password, made_up) = if let Some(text) = given {
            (without_line_end(&text).parse()?, None)
        } else {
            let password = Password::made_up(&randomness);
            let text = password.reveal().to_owned();
            (password, Some(text))
        };
        let wanted = Installation {
            host_name: self.hostname.clone(),
            user: self.username.clone(),
            password,
            locale: self.locale.clone(),
            keyboard: self.keyboard,
            time_zone: self.time_zone.clone(),
            packages: self.packages.clone(),
            post_install: self.post_install()?,
            randomness,
        };
        Ok((wanted, made_up))
    }

    fn post_install(&self) -> Result<Option<PostInstall>, Error> {
        let Some(file) = &self.post_install else { return Ok(None) };
        let shown = file.display();
        let bytes = fs::read(file).map_err(|e| error::io(format!("read `{shown}`"), e))?;
        let text = String::from_utf8(bytes).map_err(|e| {
            Error::new(ErrorKind::Usage, format!("the script `{shown}` is not UTF-8"))
                .hint("write it as text")
                .caused_by(e)
        })?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Some(PostInstall { name, text }))
    }
}

/// Returns bytes of the operating system's randomness.
pub(super) fn fresh() -> Randomness {
    let mut bytes = [0; 32];
    for half in bytes.chunks_exact_mut(16) {
        half.copy_from_slice(Uuid::new_v4().as_bytes());
    }
    Randomness(bytes)
}
