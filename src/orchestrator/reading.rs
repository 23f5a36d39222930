//! Reading one VM. Those who want the same at the same moment share one answer, across processes:
//! of reads that wait for the VM's lock, one asks, and the others take what it was told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::locks::VmLocks;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::{Hypervisor, Readings};
use crate::model::{GuestFacts, Phase, Traffic, Vm, VmRef, VmState, VmTaskType, typed};
use crate::queue::Attempt;
use crate::request::Credentials;
use crate::store::locks::{LockGuard, LockKey, Ticket};

/// How long traffic is counted: shorter would tell of a moment only.
const COUNTED: Duration = Duration::from_secs(1);

impl VmOrchestrator {
    /// Reads one VM.
    pub(super) async fn inspect(&self, vm: &VmRef) -> Result<Vm, Error> {
        // Before the task waits for its turn: any read that begins from now on will do.
        let ticket = self.locks().folder.ticket(&self.locks().key(vm));
        let (locks, target) = (self.locks().clone(), vm.clone());
        self.run(Work::on(vm, VmTaskType::Inspect).unlocked(), move |hypervisor, attempt| {
            let (locks, vm, ticket) = (locks.clone(), target.clone(), ticket.clone());
            async move { locks.inspect(hypervisor, &vm, &ticket, &attempt).await }
        })
        .await
    }

    /// Reads a VM whose guest must be able to answer.
    pub(super) async fn live(&self, vm: &VmRef) -> Result<Vm, Error> {
        let found = self.inspect(vm).await?;
        let remedy = match found.state.phase() {
            Phase::Live if found.state == VmState::Paused => "resume",
            Phase::Live | Phase::Changing => return Ok(found),
            Phase::Offline | Phase::Broken => "start",
        };
        let message = format!("`{vm}` is {}, not running", found.state);
        Err(Error::new(ErrorKind::InvalidState, message)
            .about(vm)
            .hint(format!("run `vm-cli {remedy} {}`", typed(vm))))
    }

    /// Reads one VM, and how its pointer is reached.
    pub(super) async fn inspect_with_ways(&self, vm: &VmRef) -> Result<Vm, Error> {
        let mut found = self.inspect(vm).await?;
        found.pointer.way = self.pointer_way(vm).await;
        Ok(found)
    }

    /// Reads one VM and what its guest reports; with a login, its clock too.
    pub(super) async fn inspect_with_guest(
        &self,
        vm: &VmRef,
        login: Option<&Credentials>,
    ) -> Result<Vm, Error> {
        let found = self.inspect_with_ways(vm).await?;
        let begun = Instant::now();
        let before = self.traffic(vm, &found).await;
        let mut facts = self.guest_facts(vm).await?;
        if let Some(before) = before {
            tokio::time::sleep_until((begun + COUNTED).into()).await;
            let now = self.traffic(vm, &found).await;
            facts.traffic = now.map(|now| now.each_second(before, begun.elapsed()));
        }
        if let Some(credentials) = login {
            facts.clock = self.guest_clock(vm, &found, credentials).await?;
        }
        Ok(Vm { guest: Some(facts), ..found })
    }

    /// Returns what went through a running VM's cards and disks; what nobody counts is no failure.
    async fn traffic(&self, vm: &VmRef, found: &Vm) -> Option<Traffic> {
        if found.state != VmState::Running {
            return None;
        }
        let target = vm.clone();
        let counted = self.run(Work::on(vm, VmTaskType::Inspect), move |hypervisor, _| {
            let vm = target.clone();
            async move { hypervisor.traffic(&vm).await }
        });
        counted.await.ok().flatten()
    }

    /// Returns what a guest has reported.
    pub(super) async fn guest_facts(&self, vm: &VmRef) -> Result<GuestFacts, Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Inspect), move |hypervisor, _| {
            let vm = target.clone();
            async move { hypervisor.guest_facts(&vm).await }
        })
        .await
    }
}

impl VmLocks {
    /// One attempt to read a VM: what another one was told after the ticket was taken, or a call.
    async fn inspect(
        &self,
        hypervisor: Arc<dyn Hypervisor>,
        vm: &VmRef,
        ticket: &Ticket,
        attempt: &Attempt,
    ) -> Result<Vm, Error> {
        let held = self.take_vm(vm, attempt).await?;
        let read = match (hypervisor.readings(), held.first()) {
            (Some(readings), Some((key, guard))) => match self.folder.answer(guard, key, ticket) {
                Some(text) => readings.understand(vm, &text).await,
                None => self.ask(readings, vm, key, guard).await,
            },
            (..) => hypervisor.inspect(vm).await,
        };
        held.release();
        read
    }

    /// Asks, and leaves the answer for others if it makes sense.
    async fn ask(
        &self,
        readings: &dyn Readings,
        vm: &VmRef,
        key: &LockKey,
        guard: &LockGuard,
    ) -> Result<Vm, Error> {
        let begun = self.folder.begin_read(guard, key);
        let text = readings.read(vm).await?;
        let read = readings.understand(vm, &text).await?;
        if let Some(begun) = begun {
            self.folder.publish(guard, key, &begun, &text);
        }
        Ok(read)
    }
}
