//! What reaches a live VM: its screen, its keys, its forwards.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::driver::QemuDriver;
use super::{hostfwd, qcode};
use crate::error;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::kept::{add_forward, remove_forward};
use crate::hypervisor::{Console, Forwarding, Keyboard, no_monitor};
use crate::keyboard::{KeyEvent, Motion, Secrecy};
use crate::model::{Forward, GraphicsController, Monitor, Phase, VmRef, VmState};

#[async_trait]
impl Console for QemuDriver {
    async fn screenshot(&self, vm: &VmRef, monitor: Monitor) -> Result<Vec<u8>, Error> {
        let held = self.register.hold(vm).await?;
        held.expect_live("be photographed")?;
        if monitor != Monitor::default() {
            return Err(no_monitor(vm, monitor));
        }
        if held.definition.settings.graphics == GraphicsController::None {
            let message = format!("`{vm}` has no screen");
            return Err(Error::new(ErrorKind::Unsupported, message).about(vm));
        }
        let file = held.place.picture();
        let order = json!({"filename": file.to_string_lossy(), "format": "png"});
        self.talk(&held).await?.call("screendump", order).await?;
        let picture = std::fs::read(&file);
        std::fs::remove_file(&file).ok();
        picture.map_err(|e| error::io(format!("read `{}`", file.display()), e))
    }
}

#[async_trait]
impl Keyboard for QemuDriver {
    fn longest(&self) -> usize {
        80
    }

    /// QEMU itself keeps the pace: it hands a key on when the guest has taken the one before.
    async fn press(&self, vm: &VmRef, events: &[KeyEvent], _secrecy: Secrecy) -> Result<(), Error> {
        let held = self.register.hold(vm).await?;
        let detail = format!("{} key movements", events.len());
        if self.notes("keys", &held.definition.settings.name, &detail) {
            return Ok(());
        }
        held.expect(&VmState::Running, "be typed to")?;
        let mut qemu = self.talk(&held).await?;
        for event in events {
            qemu.call("input-send-event", json!({"events": [movement(*event)]})).await?;
        }
        Ok(())
    }
}

fn movement(event: KeyEvent) -> Value {
    let key = json!({"type": "qcode", "data": qcode::of(event.key)});
    json!({"type": "key", "data": {"down": event.motion == Motion::Down, "key": key}})
}

#[async_trait]
impl Forwarding for QemuDriver {
    async fn add(&self, vm: &VmRef, forward: &Forward) -> Result<(), Error> {
        let mut held = self.register.hold(vm).await?;
        if self.notes("forward", &held.definition.settings.name, &format!("add {forward}")) {
            return Ok(());
        }
        add_forward(&mut held.definition.settings, forward.clone())?;
        if held.state()?.phase() == Phase::Live {
            hostfwd::add(&mut self.talk(&held).await?, forward).await?;
        }
        held.keep()
    }

    async fn remove(&self, vm: &VmRef, name: &str) -> Result<(), Error> {
        let mut held = self.register.hold(vm).await?;
        if self.notes("forward", &held.definition.settings.name, &format!("remove {name}")) {
            return Ok(());
        }
        let gone = remove_forward(&mut held.definition.settings, name)?;
        if held.state()?.phase() == Phase::Live {
            hostfwd::remove(&mut self.talk(&held).await?, &gone).await?;
        }
        held.keep()
    }
}
