use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::login::LoginWish;
use super::simple::{one, show};
use crate::cli::outcome::Outcome;
use crate::cli::place::Place;
use crate::cli::shell::Shell;
use crate::cli::target::Given;
use crate::cli::usage;
use crate::cli::values::{duration, via};
use crate::error::Error;
use crate::files::{CopyOptions, Recursion, Resumption};
use crate::model::VmRef;
use crate::request::{Request, Route, Secret, TransferRequest, Via};

/// Copy files between this host and a guest
///
/// A path of a guest is written as VM:PATH, and one that begins with `:` is of the VM that is named
/// by --name or VM_CLI_VM; `C:\x` is a path of this host. A last path that is a folder takes the files
/// in; else it is the copy's name.
///
/// Each file gets its name when all of it is there and its SHA-256 is that of the source. Modes are
/// kept. Links named on the command line are followed, links in folders are skipped and told.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vm-cli copy setup.sh my-first-vm:/tmp/ --user admin --password-file secret.txt
  vm-cli copy my-first-vm:/var/log/syslog . --user admin --identity id_ed25519
  vm-cli copy --recursive --resume build my-first-vm:/srv/build --user admin
  vm-cli copy tool.exe 'my-first-vm:C:\\Users\\admin' --via additions --user admin --json")]
pub(crate) struct Copy {
    /// Copy these files or folders; the last path is where they go
    #[arg(value_name = "PATH", num_args = 2.., required = true)]
    paths: Vec<OsString>,

    /// Name the VM that is meant by paths that begin with `:`
    #[arg(long, alias = "vm", value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,

    /// Copy folders with all that is in them
    #[arg(short, long)]
    recursive: bool,

    /// Go on with a copy that was broken off: what is there is compared and kept
    #[arg(long)]
    resume: bool,

    /// Reach the guest on this way: ssh, additions or auto
    #[arg(long, value_name = "WAY", value_parser = via, default_value = "auto", hide_default_value = true)]
    via: Via,

    #[command(flatten)]
    login: LoginWish,

    /// Wait this long until the guest can be reached
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    reach_within: Option<Duration>,
}

impl Copy {
    /// Says what the arguments ask for, the password having been read.
    pub(super) fn request(
        &self,
        given: &Given,
        password: Option<Secret>,
    ) -> Result<Request, Error> {
        let (vm, route) = self.route(given)?;
        let recursion = if self.recursive { Recursion::Descend } else { Recursion::Refuse };
        let resumption = if self.resume { Resumption::Continue } else { Resumption::Anew };
        Ok(Request::Transfer(Box::new(TransferRequest {
            vm,
            route,
            options: CopyOptions { recursion, resumption },
            via: self.via,
            credentials: self.login.credentials(password),
            reach_within: self.reach_within.unwrap_or(given.timeouts.wait),
        })))
    }

    pub(super) fn run(&self, shell: Shell) -> Outcome {
        let app = shell.app()?;
        let request = self.request(&app.given(), self.login.read(&app)?)?;
        let response = one(&app, request).outcome()?;
        Ok(show(&app, &response)?)
    }

    /// Says which VM is meant, and what goes where.
    fn route(&self, given: &Given) -> Result<(VmRef, Route), Error> {
        let default = self.name.as_deref().or(given.default_vm.as_deref());
        let mut places = Vec::new();
        for word in &self.paths {
            places.push(Place::read(word, default)?);
        }
        let Some((target, sources)) = places.split_last() else {
            return Err(usage("no path is named"));
        };
        match target {
            Place::Guest { vm, path } => {
                let sources = sources.iter().map(Place::on_host).collect::<Option<Vec<PathBuf>>>();
                let sources = sources.ok_or_else(|| one_side("guests"))?;
                Ok((vm.clone(), Route::Into { sources, target: path.clone() }))
            }
            Place::Host(target) => {
                let sources = sources.iter().map(Place::in_guest).collect::<Option<Vec<_>>>();
                let sources = sources.ok_or_else(|| one_side("this host"))?;
                let Some((vm, _)) = sources.first().cloned() else {
                    return Err(usage("no path is named"));
                };
                if sources.iter().any(|(other, _)| *other != vm) {
                    return Err(
                        usage("the sources are of several VMs").hint("copy from one at a time")
                    );
                }
                let sources = sources.into_iter().map(|(_, path)| path).collect();
                Ok((vm, Route::OutOf { sources, target: target.clone() }))
            }
        }
    }
}

fn one_side(side: &str) -> Error {
    usage(format!("both sides of the copy are of {side}")).hint(
        "write paths of a guest as VM:PATH, such as `my-vm:/tmp/`; those of this host as they are",
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::Copy;
    use crate::cli::testing::given;
    use crate::files::{Recursion, Resumption};
    use crate::request::{Request, Route, TransferRequest, Via};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        copy: Copy,
    }

    fn read(words: &[&str]) -> Result<TransferRequest, String> {
        let line = Line::try_parse_from([&["copy"], words].concat()).map_err(|e| e.to_string())?;
        let request = line.copy.request(&given(), None).map_err(|e| e.to_string())?;
        let Request::Transfer(asked) = request else { panic!("no copy is asked for") };
        Ok(*asked)
    }

    #[test]
    fn what_has_a_vm_before_its_colon_is_in_a_guest() {
        let into = read(&["a.txt", r"C:\b.txt", "web:/tmp/", "-r"]).unwrap();
        assert_eq!(into.vm.as_str(), "web");
        let sources = vec!["a.txt".into(), r"C:\b.txt".into()];
        assert_eq!(into.route, Route::Into { sources, target: "/tmp/".to_owned() });
        assert_eq!((into.options.recursion, into.via), (Recursion::Descend, Via::Auto));
        let out = read(&[r"web:C:\x", "web:y", "./a:b", "--resume", "--via", "ssh"]).unwrap();
        let sources = vec![r"C:\x".to_owned(), "y".to_owned()];
        assert_eq!(out.route, Route::OutOf { sources, target: "./a:b".into() });
        assert_eq!((out.options.resumption, out.via), (Resumption::Continue, Via::Ssh));
        let named = read(&["--name", "web", ":/etc/issue", "."]).unwrap();
        assert_eq!(named.vm.as_str(), "web");
    }

    #[test]
    fn a_copy_goes_over_the_border_once() {
        for (words, why) in [
            (&["a", "b"][..], "of this host"),
            (&["web:a", "web:b"], "of guests"),
            (&["web:a", "db:b", "."], "of several VMs"),
            (&[":a", "."], "no VM is named"),
            (&["a"], "2 values required"),
        ] {
            let told = read(words).unwrap_err();
            assert!(told.contains(why), "{words:?}: {told}");
        }
    }
}
