use super::{Plan, Until};

/// Which VMs of a plan may be begun, as others come along: a value that is told what happened.
#[derive(Debug)]
pub struct Course<'a> {
    plan: &'a Plan,
    states: Vec<State>,
}

/// How far one VM is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    /// Begun; so many of its steps are done.
    Begun(usize),
    Ended,
    /// After so many steps.
    Failed(usize),
    /// Never begun: the VM at this place of the plan failed, or was left out itself.
    LeftOut(usize),
}

impl<'a> Course<'a> {
    /// Begins with nothing done.
    pub fn new(plan: &'a Plan) -> Self {
        Self { plan, states: vec![State::Waiting; plan.vms.len()] }
    }

    /// Takes the next VM that may be begun, in the order of the plan.
    pub fn begin_next(&mut self) -> Option<usize> {
        let next = (0..self.states.len()).find(|nth| self.may_begin(*nth))?;
        *self.states.get_mut(next)? = State::Begun(0);
        Some(next)
    }

    /// Notes that one more step of a VM is done.
    pub fn step_done(&mut self, nth: usize) {
        if let Some(State::Begun(done)) = self.states.get_mut(nth) {
            *done += 1;
        }
    }

    /// Notes that a VM is done with.
    pub fn ended(&mut self, nth: usize) {
        self.settle(nth, State::Ended);
    }

    /// Notes that a VM failed: what waits for it, and for what it has not come to, is left out.
    pub fn failed(&mut self, nth: usize) {
        let Some(State::Begun(done)) = self.states.get(nth).copied() else { return };
        self.settle(nth, State::Failed(done));
        // In the order of the plan: who waits stands after what it waits for.
        for later in 0..self.states.len() {
            let lost = |(on, until): &(usize, Until)| match self.states.get(*on) {
                Some(State::Failed(done)) => !self.comes_to(*on, *until, *done),
                Some(State::LeftOut(_)) => true,
                Some(State::Waiting | State::Begun(_) | State::Ended) | None => false,
            };
            if self.states.get(later) == Some(&State::Waiting)
                && let Some(vm) = self.plan.vms.get(later)
                && let Some((culprit, _)) = vm.after.iter().find(|it| lost(it))
            {
                let culprit = *culprit;
                self.settle(later, State::LeftOut(culprit));
            }
        }
    }

    /// Returns the VM whose failure kept another one from being begun.
    pub fn left_out_by(&self, nth: usize) -> Option<usize> {
        match self.states.get(nth)? {
            State::LeftOut(culprit) => self.left_out_by(*culprit).or(Some(*culprit)),
            State::Waiting | State::Begun(_) | State::Ended | State::Failed(_) => None,
        }
    }

    fn settle(&mut self, nth: usize, state: State) {
        if let Some(own) = self.states.get_mut(nth) {
            *own = state;
        }
    }

    fn may_begin(&self, nth: usize) -> bool {
        self.states.get(nth) == Some(&State::Waiting)
            && self.plan.vms.get(nth).is_some_and(|vm| vm.after.iter().all(|it| self.is_met(*it)))
    }

    fn is_met(&self, (on, until): (usize, Until)) -> bool {
        match self.states.get(on) {
            Some(State::Begun(done) | State::Failed(done)) => self.comes_to(on, until, *done),
            Some(State::Ended) => true,
            Some(State::Waiting | State::LeftOut(_)) | None => false,
        }
    }

    /// Returns whether something is so of a VM when so many of its steps are done.
    fn comes_to(&self, nth: usize, until: Until, done: usize) -> bool {
        let Until::Holds(condition) = until else { return false };
        let Some(vm) = self.plan.vms.get(nth) else { return false };
        vm.holds.contains(&condition)
            || vm.steps.iter().take(done).any(|step| step.brings() == Some(condition))
    }
}
