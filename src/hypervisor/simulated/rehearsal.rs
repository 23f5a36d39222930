use std::sync::{Arc, Mutex, PoisonError};

use super::fault::Operation;
use super::state_file::StateFile;
use super::world::World;
use crate::error::Error;
use crate::process::Ledger;

/// A world that forgets: changes are noted, seen by later calls, and never saved.
#[derive(Debug, Clone)]
pub(super) struct Rehearsal {
    ledger: Ledger,
    world: Arc<Mutex<Option<World>>>,
}

impl Rehearsal {
    /// Begins a rehearsal that is written into a ledger.
    pub(super) fn new(ledger: Ledger) -> Self {
        Self { ledger, world: Arc::default() }
    }

    /// Notes one step.
    pub(super) fn note(&self, operation: Operation, vm: &str, detail: &str) {
        let comma = if detail.is_empty() { "" } else { ", " };
        self.ledger.note(format!("simulated: {operation} {vm}{comma}{detail}"));
    }

    /// Lets `act` change the world of the rehearsal, which begins as the file has it.
    pub(super) fn change<T>(
        &self,
        file: &StateFile,
        act: impl FnOnce(&mut World) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        match world.as_mut() {
            Some(world) => act(world),
            None => act(world.insert(file.read()?)),
        }
    }
}
