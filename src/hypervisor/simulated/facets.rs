//! What the simulator can do beyond the lifecycle: snapshots, screen, forwards, commands.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::describe;
use super::driver::SimulatedHypervisor;
use super::fault::Operation;
use super::guest;
use super::guest_files::SimulatedFiles;
use super::machine::Machine;
use super::moment::millis;
use super::picture::{self, Scene};
use crate::error::{Error, ErrorKind};
use crate::files::GuestFiles;
use crate::hypervisor::{
    Console, Discs, DisplayServer, Forwarding, GuestCommands, GuestControl, GuestEntry,
    GuestOutput, GuestProgram, RemoteDisplays, Snapshots, no_monitor,
};
use crate::model::{
    Forward, Monitor, RemoteDisplay, RemoteProtocol, SnapshotId, SnapshotName, VmRef,
};

#[async_trait]
impl Snapshots for SimulatedHypervisor {
    async fn take(&self, vm: &VmRef, name: &SnapshotName, text: &str) -> Result<(), Error> {
        let (wanted, text) = (name.clone(), text.to_owned());
        let act = move |machine: &mut Machine, now| {
            machine.take_snapshot(&wanted, &text, now);
            Ok(())
        };
        self.change(Operation::SnapshotTake, vm, name.as_str(), act).await
    }

    async fn restore(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error> {
        let wanted = snapshot.clone();
        let act = move |machine: &mut Machine, now| machine.restore_snapshot(&wanted, now);
        self.change(Operation::SnapshotRestore, vm, &snapshot.0, act).await
    }

    async fn delete(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error> {
        let wanted = snapshot.clone();
        let act = move |machine: &mut Machine, _| machine.delete_snapshot(&wanted);
        self.change(Operation::SnapshotDelete, vm, &snapshot.0, act).await
    }
}

#[async_trait]
impl Console for SimulatedHypervisor {
    async fn screenshot(&self, vm: &VmRef, monitor: Monitor) -> Result<Vec<u8>, Error> {
        let vm = vm.clone();
        let scene = self.look(Operation::Screenshot, move |world, now| {
            let machine = world.find(&vm)?;
            let uptime = machine.guest_uptime("be photographed", now)?;
            if monitor != Monitor::default() {
                return Err(no_monitor(&vm, monitor));
            }
            if uptime < millis(now.pace.display) {
                let message = format!("the screen of `{vm}` has no mode yet");
                return Err(Error::new(ErrorKind::DisplayNotReady, message).about(&vm));
            }
            Ok(Scene::of(&machine.settings, uptime, now.pace)
                .with_typed(&machine.typed)
                .with_desk(&machine.desk))
        });
        picture::png(&scene.await?)
    }
}

#[async_trait]
impl Discs for SimulatedHypervisor {
    fn slot(&self, _os_type: &str, drive: usize) -> String {
        describe::drive(drive + 1)
    }

    async fn insert(&self, vm: &VmRef, slot: &str, disc: &Path) -> Result<(), Error> {
        let (wanted, disc) = (slot.to_owned(), disc.to_owned());
        let act = move |machine: &mut Machine, _| machine.put_in_drive(&wanted, disc);
        self.change(Operation::Modify, vm, &format!("insert {slot}"), act).await
    }

    async fn eject(&self, vm: &VmRef, slot: &str) -> Result<(), Error> {
        let wanted = slot.to_owned();
        let act = move |machine: &mut Machine, _| machine.put_in_drive(&wanted, PathBuf::new());
        self.change(Operation::Modify, vm, &format!("eject {slot}"), act).await
    }

    async fn additions(&self) -> Option<PathBuf> {
        None
    }
}

#[async_trait]
impl Forwarding for SimulatedHypervisor {
    async fn add(&self, vm: &VmRef, forward: &Forward) -> Result<(), Error> {
        let (wanted, detail) = (forward.clone(), format!("add {forward}"));
        let act = move |machine: &mut Machine, _| machine.add_forward(wanted);
        self.change(Operation::Forward, vm, &detail, act).await
    }

    async fn remove(&self, vm: &VmRef, name: &str) -> Result<(), Error> {
        let (wanted, detail) = (name.to_owned(), format!("remove {name}"));
        let act = move |machine: &mut Machine, _| machine.remove_forward(&wanted);
        self.change(Operation::Forward, vm, &detail, act).await
    }
}

#[async_trait]
impl RemoteDisplays for SimulatedHypervisor {
    async fn protocol(&self) -> Result<Option<RemoteProtocol>, Error> {
        Ok(Some(RemoteProtocol::Vnc))
    }

    async fn show(&self, vm: &VmRef, server: &DisplayServer) -> Result<(), Error> {
        let wanted = RemoteDisplay { address: server.address, port: server.port };
        let detail = format!("display on {}:{}", wanted.address, wanted.port);
        let act = move |machine: &mut Machine, _| {
            machine.settings.remote_display = Some(wanted);
            Ok(())
        };
        self.change(Operation::Forward, vm, &detail, act).await
    }

    async fn hide(&self, vm: &VmRef) -> Result<(), Error> {
        let act = |machine: &mut Machine, _| {
            machine.settings.remote_display = None;
            Ok(())
        };
        self.change(Operation::Forward, vm, "display off", act).await
    }
}

#[async_trait]
impl GuestCommands for SimulatedHypervisor {
    async fn run(&self, vm: &VmRef, command: &str) -> Result<GuestOutput, Error> {
        let command = command.to_owned();
        let act = move |machine: &mut Machine, now| {
            machine.listening(now)?;
            Ok(guest::run(&machine.settings, &command))
        };
        self.change(Operation::Exec, vm, "", act).await
    }
}

#[async_trait]
impl GuestControl for SimulatedHypervisor {
    /// A simulated guest has a shell and nothing else; the last argument is what it reads.
    async fn run_program(
        &self,
        entry: &GuestEntry,
        program: &GuestProgram,
    ) -> Result<GuestOutput, Error> {
        let line = program.arguments.last().map_or("", String::as_str);
        GuestCommands::run(self, &entry.vm, line).await
    }

    fn files<'a>(&'a self, entry: &GuestEntry) -> Box<dyn GuestFiles + 'a> {
        Box::new(SimulatedFiles::new(self, &entry.vm))
    }
}
