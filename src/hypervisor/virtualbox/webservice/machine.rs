use super::calls;
use super::conversation::{Conversation, Problem};
use super::fault::explain;
use crate::error::{Error, ErrorKind};
use crate::model::{PointerReport, Size, VmRef, typed};
use crate::process::Effect;

/// A running VM that is held by a session of its own, for a moment.
#[derive(Debug)]
pub(in crate::hypervisor::virtualbox) struct Machine {
    vm: VmRef,
    with: Conversation,
    session: String,
    console: String,
    display: Option<String>,
    /// The pointer of a guest that follows it to a place.
    mouse: Option<String>,
    /// Everything that has a name on the other side because of this.
    references: Vec<String>,
}

impl Machine {
    /// Gets hold of a VM.
    pub(super) async fn lock(
        mut with: Conversation,
        virtualbox: &str,
        vm: &VmRef,
    ) -> Result<Self, Error> {
        let locked = async {
            let machine = calls::find(&mut with, virtualbox, vm.as_str()).await?;
            let session = calls::session(&mut with, virtualbox).await?;
            calls::lock(&mut with, &machine, &session).await?;
            Ok((machine, session))
        };
        let (machine, session) =
            locked.await.map_err(|why| explain(why, Effect::Read, Some(vm)))?;
        let references = vec![machine, session.clone()];
        let mut held = Self {
            vm: vm.clone(),
            with,
            session,
            console: String::new(),
            display: None,
            mouse: None,
            references,
        };
        match calls::of(&mut held.with, "ISession_getConsole", &held.session).await {
            Ok(console) => {
                held.references.push(console.clone());
                Ok(Self { console, ..held })
            }
            Err(why) => {
                held.unlock().await;
                Err(explain(why, Effect::Read, Some(vm)))
            }
        }
    }

    /// Returns how large the first screen is.
    pub(in crate::hypervisor::virtualbox) async fn screen(&mut self) -> Result<Size, Error> {
        let display = if let Some(display) = &self.display {
            display.clone()
        } else {
            let display = self.part("IConsole_getDisplay").await?;
            self.display.insert(display).clone()
        };
        let size = calls::resolution(&mut self.with, &display).await;
        size.map_err(|why| explain(why, Effect::Read, Some(&self.vm)))
    }

    /// Tells the guest's pointer device these things, in this order.
    pub(in crate::hypervisor::virtualbox) async fn point(
        &mut self,
        reports: &[PointerReport],
    ) -> Result<(), Error> {
        let mouse = if let Some(mouse) = &self.mouse {
            mouse.clone()
        } else {
            let mouse = self.following().await?;
            self.mouse.insert(mouse).clone()
        };
        for report in reports {
            let told = calls::report(&mut self.with, &mouse, *report).await;
            told.map_err(|why| explain(why, Effect::Write, Some(&self.vm)))?;
        }
        Ok(())
    }

    /// Returns the pointer of a guest that follows it to a place.
    async fn following(&mut self) -> Result<String, Error> {
        let mouse = self.part("IConsole_getMouse").await?;
        let follows = calls::of(&mut self.with, "IMouse_getAbsoluteSupported", &mouse).await;
        if follows.map_err(|why| explain(why, Effect::Read, Some(&self.vm)))? != "true" {
            return Err(not_following(&self.vm));
        }
        Ok(mouse)
    }

    /// Lets go of the VM.
    pub(in crate::hypervisor::virtualbox) async fn unlock(mut self) {
        // A VM that has ended meanwhile has let go of us.
        log(calls::unlock(&mut self.with, &self.session).await);
        // Nobody has to wait for this: it only keeps the service small.
        tokio::spawn(async move {
            for reference in &self.references {
                log(calls::release(&mut self.with, reference).await);
            }
        });
    }

    async fn part(&mut self, name: &'static str) -> Result<String, Error> {
        let part = calls::of(&mut self.with, name, &self.console).await;
        let part = part.map_err(|why| explain(why, Effect::Read, Some(&self.vm)))?;
        self.references.push(part.clone());
        Ok(part)
    }
}

fn log(done: Result<(), Problem>) {
    if let Err(problem) = done {
        tracing::debug!(%problem, "could not let go of a VM");
    }
}

/// Builds the failure of a guest in which nobody has opened a device that tells places: that of the
/// Guest Additions, which goes with every kind of mouse, or a USB tablet. A desktop opens what is
/// there, a Linux console does not. Waiting for it is not for us: it may never come.
fn not_following(vm: &VmRef) -> Error {
    let message = format!("nothing in the guest of `{vm}` follows the pointer to a place yet");
    let typed = typed(vm);
    Error::new(ErrorKind::NotReady, message)
        .hint(format!(
            "wait for its desktop: a console follows no pointer; a desktop without Guest Additions \
             needs a tablet: stop it and run `VBoxManage modifyvm {typed} --mouse usbtablet`"
        ))
        .about(vm)
        .given_up()
}
