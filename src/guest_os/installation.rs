use super::{HostName, Locale, PackageName, Password, Randomness, TimeZone, UserName};
use crate::error::{Error, ErrorKind};
use crate::keyboard::Layout;

/// What a guest is to be, whatever its family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// What it is called.
    pub host_name: HostName,
    /// Who uses it, with all rights.
    pub user: UserName,
    /// By what that user logs in.
    pub password: Password,
    /// What its messages, numbers and dates are like.
    pub locale: Locale,
    /// What it takes its keyboard for.
    pub keyboard: Layout,
    /// Where its clock is.
    pub time_zone: TimeZone,
    /// What is installed besides.
    pub packages: Vec<PackageName>,
    /// What is run at the end.
    pub post_install: Option<PostInstall>,
    /// Where the salt of the password and the identity of the instance come from.
    pub randomness: Randomness,
}

impl Installation {
    /// Returns the names of some packages and of what is installed besides.
    pub(super) fn packages_with<const N: usize>(&self, own: [&str; N]) -> Vec<String> {
        let wanted = self.packages.iter().map(ToString::to_string);
        own.map(ToOwned::to_owned).into_iter().chain(wanted).collect()
    }
}

/// A script of the user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostInstall {
    /// The name of its file, without folders.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Builds the failure of a wish that a family cannot fulfil.
pub(super) fn refused(why: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new(ErrorKind::Usage, why).hint(hint)
}
