//! Films, which the VM's process writes itself: `FILE-screen0.webm` beside the name it is told.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;

use super::manager::VirtualBoxManager;
use super::parse;
use crate::error;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::hypervisor::Filming;
use crate::model::VmRef;
use crate::model::typed;

#[async_trait]
impl Filming for VirtualBoxManager {
    async fn begin(&self, vm: &VmRef, longest: Duration) -> Result<(), Error> {
        // While it films, VirtualBox takes no other settings, and says so in words only.
        if parse::is_filmed(&self.call(self.commands.show(vm), Some(vm)).await?) {
            return Err(filmed_already(vm));
        }
        let name = self.film_name(vm);
        let made = fs::create_dir_all(&self.options.scratch);
        made.map_err(|e| error::io("make a folder for the film", e).about(vm))?;
        let (name, seconds) = (name.to_string_lossy(), longest.as_secs().to_string());
        for setting in [&["filename", &*name][..], &["maxtime", &seconds], &["start"]] {
            let set = self.tell(self.commands.film(vm, setting), vm).await;
            set.map_err(|error| {
                if error.kind() == ErrorKind::Usage { stuck(vm).caused_by(error) } else { error }
            })?;
        }
        Ok(())
    }

    async fn end(&self, vm: &VmRef, file: &Path) -> Result<(), Error> {
        // In this order: after a `stop` alone 7.2.22 takes no other file name until the VM has been
        // off, and begins to film when it is started again.
        let ended = async {
            self.tell(self.commands.film(vm, &["off"]), vm).await?;
            self.tell(self.commands.film(vm, &["stop"]), vm).await?;
            // Its recorder may hang, which 7.2.22 notes in VBox.log after 30 seconds and nowhere else.
            let printed = self.call(self.commands.show(vm), Some(vm)).await?;
            let hangs = self.options.ledger.is_none() && parse::is_filmed(&printed);
            if hangs { Err(stuck(vm)) } else { Ok(()) }
        };
        let ended = ended.await;
        if self.options.ledger.is_none() {
            // A VM that died in the middle leaves what was filmed until then.
            let (made, to) = (on_screen(&self.film_name(vm)), file.to_path_buf());
            let moved = tokio::task::spawn_blocking(move || put(&made, &to)).await;
            let moved = moved.unwrap_or_else(|died| Err(io::Error::other(died)));
            let what = format!("write the film `{}`", file.display());
            let moved = moved.map_err(|e| error::io(what, e).about(vm));
            return ended.and(moved);
        }
        ended
    }
}

impl VirtualBoxManager {
    /// One film of a VM is made at a time, and another process may have to end it.
    fn film_name(&self, vm: &VmRef) -> PathBuf {
        let safe = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '_' };
        let name: String = vm.as_str().chars().map(safe).take(80).collect();
        self.options.scratch.join(format!("film-{name}.webm"))
    }
}

/// Returns where VirtualBox puts the film of the first screen.
fn on_screen(name: &Path) -> PathBuf {
    let stem = name.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    name.with_file_name(format!("{stem}-screen0.webm"))
}

/// Moves a file, onto another disk if need be.
fn put(made: &Path, to: &Path) -> io::Result<()> {
    if fs::rename(made, to).is_ok() {
        return Ok(());
    }
    fs::copy(made, to)?;
    fs::remove_file(made)
}

fn filmed_already(vm: &VmRef) -> Error {
    let message = format!("a film of `{vm}` is being made already");
    Error::new(ErrorKind::InvalidState, message).about(vm).hint(format!(
        "wait for its end, or end it: `VBoxManage controlvm {} recording off`",
        typed(vm)
    ))
}

/// Somebody ended a film in the other order.
fn stuck(vm: &VmRef) -> Error {
    let message = format!("VirtualBox holds on to the last film of `{vm}`");
    let hint = format!("stop it and start it again: `vm-cli restart {}`", typed(vm));
    Error::new(ErrorKind::InvalidState, message).about(vm).hint(hint)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::error::ErrorKind;
    use crate::hypervisor::Filming;
    use crate::hypervisor::virtualbox::testing::{Rig, named, silent};
    use crate::process::Output;

    #[tokio::test]
    async fn a_film_is_begun_with_an_end_of_its_own_and_put_where_it_is_wanted() {
        let rig = Rig::new(std::iter::repeat_with(silent).take(7));
        let (web, file) = (named("web"), rig.folder.path().join("out.webm"));
        rig.manager.begin(&web, Duration::from_secs(70)).await.unwrap();
        let made = rig.folder.path().join("scratch/film-web-screen0.webm");
        std::fs::write(&made, "film").unwrap();
        rig.manager.end(&web, &file).await.unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "film");
        assert!(!made.exists());
        let name = rig.folder.path().join("scratch/film-web.webm").display().to_string();
        let expected = [
            "showvminfo web --machinereadable".to_owned(),
            format!("controlvm web recording filename {name}"),
            "controlvm web recording maxtime 70".to_owned(),
            "controlvm web recording start".to_owned(),
            "controlvm web recording off".to_owned(),
            "controlvm web recording stop".to_owned(),
            "showvminfo web --machinereadable".to_owned(),
        ];
        assert_eq!(rig.calls(), expected);
    }

    #[tokio::test]
    async fn a_recorder_that_hangs_is_told_of() {
        let filmed = Output::ok("recording_started=\"on\"\nrecording_enabled=\"off\"\n");
        let rig = Rig::new([silent(), silent(), filmed]);
        std::fs::create_dir_all(rig.folder.path().join("scratch")).unwrap();
        std::fs::write(rig.folder.path().join("scratch/film-web-screen0.webm"), "").unwrap();
        let ended = rig.manager.end(&named("web"), &rig.folder.path().join("out.webm")).await;
        let error = ended.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidState);
        assert!(error.next_step().is_some_and(|hint| hint.contains("vm-cli restart web")));
    }

    #[tokio::test]
    async fn a_film_of_somebody_else_is_left_alone() {
        let rig = Rig::new([Output::ok("recording_started=\"on\"\nrecording_enabled=\"on\"\n")]);
        let error = rig.manager.begin(&named("web"), Duration::from_secs(1)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidState);
        assert_eq!(rig.calls().len(), 1, "nothing was changed");
    }
}
