use crate::model::{Mebibytes, Phase, VmId, VmRef, VmState, VmSummary};

/// Who runs, and what one more would take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occupancy {
    /// The VMs that take memory and CPU of the host.
    pub running: Vec<VmId>,
    /// The VM that was asked about; `None` if there is none.
    pub asked: Option<Candidate>,
}

/// A VM that is to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its identity.
    pub id: VmId,
    /// Its memory, as far as it is known.
    pub memory: Option<Mebibytes>,
}

/// How much may be spent on finding out who runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Thoroughness {
    /// As little as possible: a VM that is just going off may be taken for one that runs.
    Quick,
    /// What it takes to be right.
    Sure,
}

impl Occupancy {
    /// Reads it from a list.
    pub fn of(list: &[VmSummary], asked: &VmRef) -> Self {
        let id = asked.as_id();
        let is_asked = |vm: &&VmSummary| id.map_or(vm.name == asked.as_str(), |id| vm.id == id);
        let asked = list.iter().find(is_asked);
        let running = list.iter().filter(|vm| takes_a_place(&vm.state));
        Self {
            running: running.map(|vm| vm.id).collect(),
            asked: asked.map(|vm| Candidate { id: vm.id, memory: vm.memory }),
        }
    }
}

/// Tells whether a VM in this state takes memory and CPU of the host.
fn takes_a_place(state: &VmState) -> bool {
    match state.phase() {
        Phase::Live | Phase::Changing => true,
        Phase::Broken => *state == VmState::Stuck,
        Phase::Offline => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Occupancy;
    use crate::model::{Mebibytes, VmId, VmState, VmSummary};

    #[test]
    fn what_runs_is_paused_or_stuck_takes_a_place_and_what_is_saved_does_not() {
        let vm = |number, name: &str, state| VmSummary {
            name: name.into(),
            id: VmId::from_random(number),
            state,
            os_type: None,
            cpus: None,
            memory: Some(Mebibytes(64)),
            groups: Vec::new(),
        };
        let list = [
            vm(1, "a", VmState::Running),
            vm(2, "b", VmState::Paused),
            vm(3, "c", VmState::Stuck),
            vm(4, "d", VmState::Saved),
            vm(5, "e", VmState::Inaccessible),
        ];
        let found = Occupancy::of(&list, &"d".parse().unwrap());
        assert_eq!(found.running, [1, 2, 3].map(VmId::from_random));
        assert_eq!(found.asked.unwrap().id, VmId::from_random(4));
        assert_eq!(Occupancy::of(&list, &"x".parse().unwrap()).asked, None);
        assert!(Occupancy::of(&list, &VmId::from_random(1).into()).asked.is_some());
    }
}
