//! What to do with a VM in the state in which it is found. Pure: no I/O, no clock.

use crate::error::{Error, ErrorKind};
use crate::model::{Display, Phase, StopMode, VmState, typed};

/// What a VM should come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// Running.
    Running(Display),
    /// Off, in this way.
    Off(StopMode),
    /// Paused.
    Paused,
    /// Running again after a pause.
    Resumed,
    /// Reset.
    Reset,
}

/// One call of the hypervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Power on, or resume the saved state.
    Start(Display),
    /// Stop in this way.
    Stop(StopMode),
    /// Stop the CPUs.
    Pause,
    /// Let the CPUs go on.
    Resume,
    /// Reset.
    Reset,
}

impl Goal {
    /// Returns the step that reaches the goal from the state that is most likely: tried before
    /// anybody looks, so that the ordinary case costs one call.
    pub(super) fn likely_step(self) -> Step {
        match self {
            Self::Running(display) => Step::Start(display),
            Self::Off(mode) => Step::Stop(mode),
            Self::Paused => Step::Pause,
            Self::Resumed => Step::Resume,
            Self::Reset => Step::Reset,
        }
    }

    /// Returns its name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Running(_) => "start",
            Self::Off(_) => "stop",
            Self::Paused => "pause",
            Self::Resumed => "resume",
            Self::Reset => "reset",
        }
    }
}

/// Returns the step from a state to a goal; `None` if it is reached.
pub(super) fn step(goal: Goal, vm: &str, state: &VmState) -> Result<Option<Step>, Error> {
    match state.phase() {
        Phase::Changing => Err(changing(vm, state)),
        Phase::Broken => broken(goal, vm, state),
        Phase::Offline => offline(goal, vm, state),
        Phase::Live => live(goal, vm, state),
    }
}

fn offline(goal: Goal, vm: &str, state: &VmState) -> Result<Option<Step>, Error> {
    match goal {
        Goal::Running(display) => Ok(Some(Step::Start(display))),
        Goal::Off(_) => Ok(None),
        Goal::Paused | Goal::Resumed | Goal::Reset => {
            Err(refused(goal, vm, state).hint(format!("run `vm-cli start {}`", typed(vm))))
        }
    }
}

fn live(goal: Goal, vm: &str, state: &VmState) -> Result<Option<Step>, Error> {
    let paused = *state == VmState::Paused;
    match goal {
        Goal::Running(_) | Goal::Resumed if paused => Ok(Some(Step::Resume)),
        Goal::Paused if paused => Ok(None),
        Goal::Off(StopMode::Acpi) if paused => {
            let hint =
                format!("run `vm-cli resume {0}` first, or `vm-cli stop {0} --force`", typed(vm));
            Err(refused(goal, vm, state).hint(hint))
        }
        Goal::Running(_) | Goal::Resumed => Ok(None),
        Goal::Paused => Ok(Some(Step::Pause)),
        Goal::Off(mode) => Ok(Some(Step::Stop(mode))),
        Goal::Reset => Ok(Some(Step::Reset)),
    }
}

fn broken(goal: Goal, vm: &str, state: &VmState) -> Result<Option<Step>, Error> {
    let vm_typed = typed(vm);
    match (goal, state) {
        (Goal::Off(StopMode::PowerOff) | Goal::Reset, VmState::Stuck) => {
            Ok(Some(goal.likely_step()))
        }
        (Goal::Running(_), VmState::Stuck) => Err(refused(goal, vm, state).hint(format!(
            "run `vm-cli recover {vm_typed} --policy restart`, which loses what its guest had not \
             written"
        ))),
        (_, VmState::Stuck) => Err(refused(goal, vm, state)
            .hint(format!("read `vm-cli logs {vm_typed}`, then `vm-cli stop {vm_typed} --force`"))),
        (_, VmState::Inaccessible) => Err(refused(goal, vm, state)
            .hint("its settings file cannot be read: bring it back, or unregister the VM")),
        (..) => Err(refused(goal, vm, state).hint(format!("look at `vm-cli status {vm_typed}`"))),
    }
}

fn refused(goal: Goal, vm: &str, state: &VmState) -> Error {
    Error::new(ErrorKind::InvalidState, format!("cannot {} `{vm}`: it is {state}", goal.name()))
        .about(vm)
}

/// Says that a VM is between two states.
pub(super) fn changing(vm: &str, state: &VmState) -> Error {
    Error::new(ErrorKind::Changing, format!("`{vm}` is {state} and was not done in time"))
        .about(vm)
        .hint(format!("look at `vm-cli status {}`", typed(vm)))
}

#[cfg(test)]
mod tests {
    use super::{Goal, Step, step};
    use crate::error::ErrorKind;
    use crate::model::{Display, StopMode, VmState, typed};

    fn plan(goal: Goal, state: &VmState) -> Result<Option<Step>, ErrorKind> {
        step(goal, "web", state).map_err(|e| e.kind())
    }

    #[test]
    fn a_hint_can_be_typed_and_the_message_names_the_vm_as_it_is() {
        let error = step(Goal::Off(StopMode::Acpi), "my vm", &VmState::Paused).unwrap_err();
        assert!(error.message().contains("`my vm`"), "{error}");
        let vm = typed("my vm");
        let hint = format!("run `vm-cli resume {vm}` first, or `vm-cli stop {vm} --force`");
        assert_eq!(error.next_step(), Some(hint.as_str()));
    }

    #[test]
    fn what_is_reached_already_needs_nothing() {
        let running = Goal::Running(Display::Headless);
        assert_eq!(plan(running, &VmState::Running), Ok(None));
        assert_eq!(plan(Goal::Off(StopMode::Acpi), &VmState::PoweredOff), Ok(None));
        assert_eq!(plan(Goal::Off(StopMode::PowerOff), &VmState::Saved), Ok(None));
        assert_eq!(plan(Goal::Paused, &VmState::Paused), Ok(None));
        assert_eq!(plan(Goal::Resumed, &VmState::Running), Ok(None));
    }

    #[test]
    fn a_paused_vm_is_started_by_letting_it_go_on() {
        let running = Goal::Running(Display::Headless);
        assert_eq!(plan(running, &VmState::Paused), Ok(Some(Step::Resume)));
        assert_eq!(plan(running, &VmState::Saved), Ok(Some(Step::Start(Display::Headless))));
        assert_eq!(plan(running, &VmState::Aborted), Ok(Some(Step::Start(Display::Headless))));
    }

    #[test]
    fn a_paused_guest_cannot_hear_the_power_button() {
        let acpi = Goal::Off(StopMode::Acpi);
        assert_eq!(plan(acpi, &VmState::Paused), Err(ErrorKind::InvalidState));
        let plug = Goal::Off(StopMode::PowerOff);
        assert_eq!(plan(plug, &VmState::Paused), Ok(Some(Step::Stop(StopMode::PowerOff))));
    }

    #[test]
    fn a_vm_between_two_states_is_waited_for() {
        for state in [VmState::Starting, VmState::Saving, VmState::DeletingSnapshot] {
            assert_eq!(plan(Goal::Paused, &state), Err(ErrorKind::Changing));
        }
    }

    #[test]
    fn only_the_plug_and_a_reset_help_a_stuck_vm() {
        let plug = Goal::Off(StopMode::PowerOff);
        assert_eq!(plan(plug, &VmState::Stuck), Ok(Some(Step::Stop(StopMode::PowerOff))));
        assert_eq!(plan(Goal::Reset, &VmState::Stuck), Ok(Some(Step::Reset)));
        let running = Goal::Running(Display::Gui);
        assert_eq!(plan(running, &VmState::Stuck), Err(ErrorKind::InvalidState));
        assert_eq!(plan(running, &VmState::Inaccessible), Err(ErrorKind::InvalidState));
    }
}
