use std::ffi::OsString;
use std::path::PathBuf;

use super::environment::Environment;
use super::global::Global;
use crate::config::{self, Flag, Folders, Loaded, PROJECT_FILE, Platform, Sources};
use crate::error::Error;

/// Finds the folders of this user.
pub(crate) fn folders(environment: &Environment) -> Result<Folders, Error> {
    Folders::find(Platform::current(), &environment.variables(), environment.folder())
}

/// Loads the configuration that holds for this call.
pub(crate) fn load(
    global: &Global,
    environment: &Environment,
    folders: &Folders,
) -> Result<Loaded, Error> {
    config::load(&sources(global, environment, folders))
}

fn sources(global: &Global, environment: &Environment, folders: &Folders) -> Sources {
    let flag = |name: &str, key: &'static str, value: Option<OsString>| {
        Some(Flag { name: name.to_owned(), key, value: value? })
    };
    let vboxmanage = global.vboxmanage.as_ref().map(|path| path.clone().into_os_string());
    let hypervisor = global.hypervisor.map(|wish| OsString::from(wish.as_str()));
    let flags = [
        flag("--vboxmanage", "hypervisor.vboxmanage", vboxmanage),
        flag("--hypervisor", "hypervisor.driver", hypervisor),
    ];
    let named = global.config.clone().or_else(|| environment.text("VM_CLI_CONFIG").map(Into::into));
    let variables = environment.variables();
    Sources {
        user: Some(folders.config_file().to_owned()),
        project: Some(PROJECT_FILE.into()),
        named,
        home: Platform::current().home(&variables),
        environment: variables,
        flags: flags.into_iter().flatten().collect(),
    }
}

/// Returns the files that are looked at, the highest last.
pub(crate) fn files(global: &Global, environment: &Environment, folders: &Folders) -> Vec<PathBuf> {
    let sources = sources(global, environment, folders);
    sources.files().into_iter().map(|(_, path)| path.to_owned()).collect()
}
