//! One VM that is looked after.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::Instant;

use super::EventSink;
use super::checks;
use super::course::{Action, Course, Rules, Seen, standing};
use super::look::Sight;
use crate::error::{Error, ErrorKind};
use crate::metrics::Checkup;
use crate::model::{Health, Trouble, VmId, VmRef, VmState};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::exec::Nowhere;
use crate::request::{
    Failed, RecoverRequest, Request, Response, Standing, WatchEnd, WatchEvent, WatchEventKind,
    WatchPlan, Watched,
};
use crate::store::locks::{LockGuard, LockKey, LockMode};

/// A VM with the name that it had in the beginning.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) id: VmId,
    pub(super) name: String,
}

/// Looks after one VM.
pub(super) struct Guard {
    orchestrator: VmOrchestrator,
    vm: Named,
    plan: Arc<WatchPlan>,
    sink: Arc<dyn EventSink>,
    rules: Rules,
    checks: Vec<checks::Named>,
    warnings: Vec<checks::Named>,
    /// Held by the one process that may bring it back; the kernel releases it.
    duty: Option<LockGuard>,
    course: Course,
    told: Told,
    tally: Watched,
}

/// What was told last, so that only changes are.
#[derive(Debug, Default)]
struct Told {
    elsewhere: Option<String>,
    state: Option<VmState>,
    health: BTreeMap<String, Health>,
    harm: Option<&'static str>,
}

impl Guard {
    pub(super) fn new(
        orchestrator: VmOrchestrator,
        vm: Named,
        plan: Arc<WatchPlan>,
        sink: Arc<dyn EventSink>,
    ) -> Result<Self, Error> {
        let tally = Watched {
            vm: vm.name.clone(),
            state: None,
            standing: Standing::Well,
            checks: Vec::new(),
            looks: 0,
            recoveries: 0,
        };
        Ok(Self {
            rules: Rules::of(&plan),
            checks: orchestrator.checks_named(&plan.checks, &plan)?,
            warnings: orchestrator.checks_named(&plan.warnings, &plan)?,
            duty: None,
            course: Course::default(),
            told: Told::default(),
            orchestrator,
            vm,
            plan,
            sink,
            tally,
        })
    }

    /// Looks after it until the end.
    pub(super) async fn keep(mut self) -> Watched {
        let end = match self.plan.until {
            WatchEnd::After(time) => Some(Instant::now() + time),
            WatchEnd::OneLook | WatchEnd::Never => None,
        };
        let looks_only = self.plan.until == WatchEnd::OneLook;
        loop {
            let on_duty = !looks_only && self.is_on_duty();
            let sight = tokio::select! {
                biased;
                () = self.orchestrator.canceled() => break,
                sight = self.look() => sight,
            };
            self.note(&sight);
            if looks_only {
                break;
            }
            if on_duty {
                self.act(&sight).await;
            }
            if matches!(self.tally.standing, Standing::GivenUp(_)) {
                break;
            }
            let next = Instant::now() + self.plan.interval;
            let is_last = end.is_some_and(|end| end <= next);
            tokio::select! {
                biased;
                () = self.orchestrator.canceled() => break,
                () = tokio::time::sleep_until(end.unwrap_or(next).min(next)) => {}
            }
            if is_last {
                break;
            }
        }
        self.tally
    }

    async fn look(&self) -> Sight {
        let vm = VmRef::from(self.vm.id);
        self.orchestrator.look_at(&vm, &self.checks, &self.warnings).await
    }

    /// Keeps what was seen, and tells what has changed.
    fn note(&mut self, sight: &Sight) {
        let look = &sight.look;
        if let Some(name) = &sight.name {
            self.vm.name.clone_from(name);
        }
        self.tally.looks = self.tally.looks.saturating_add(1);
        self.tally.standing = standing(look, self.plan.if_off);
        let all = look.checkups.iter().chain(&sight.warnings);
        let row = |(name, it): &(String, Checkup)| (name.clone(), it.health, it.evidence.clone());
        self.tally.checks = all.clone().map(row).collect();
        let mut events = Vec::new();
        if let Seen::State(state) = &look.seen {
            self.tally.state = Some(state.clone());
            if self.told.state.as_ref() != Some(state) {
                self.told.state = Some(state.clone());
                events.push(WatchEventKind::State(state.clone()));
            }
        }
        for (check, found) in all {
            if self.told.health.insert(check.clone(), found.health) != Some(found.health) {
                let (health, evidence) = (found.health, found.evidence.clone());
                events.push(WatchEventKind::Health { check: check.clone(), health, evidence });
            }
        }
        for kind in events {
            self.tell(look.at, kind);
        }
    }

    async fn act(&mut self, sight: &Sight) {
        let at = sight.look.at;
        match self.course.decide(&self.rules, &sight.look) {
            Action::Rest => self.told.harm = None,
            Action::Wait(_) => {}
            Action::Tell(trouble) => {
                if self.told.harm.replace(trouble.as_str()) != Some(trouble.as_str()) {
                    self.tell(at, WatchEventKind::Harmed(trouble));
                }
            }
            Action::Recover(Trouble::Unhealthy { .. })
                if self.orchestrator.is_going_off(&self.vm) => {}
            Action::Recover(trouble) => self.recover(trouble).await,
            Action::GiveUp(why) => {
                self.tell(at, WatchEventKind::GaveUp(why.clone()));
                self.tally.standing = Standing::GivenUp(why);
            }
        }
    }

    /// Returns whether this process is the one that may bring it back.
    fn is_on_duty(&mut self) -> bool {
        if self.duty.is_some() {
            return true;
        }
        let at = self.orchestrator.now();
        let locks = self.orchestrator.locks();
        let key = LockKey::Watch(self.vm.id);
        match locks.folder.try_lock(&key, LockMode::Exclusive, &locks.me()) {
            Ok(Some(duty)) => {
                self.duty = Some(duty);
                let since = at.checked_sub(self.plan.window);
                let earlier = self.orchestrator.recoveries_of(&self.vm, since);
                self.course = Course::after(earlier);
                self.tell(at, WatchEventKind::Watching);
                true
            }
            Ok(None) => {
                let by = locks.folder.holder(&key).map_or_else(
                    || "another vm-cli".to_owned(),
                    |holder| format!("pid {} (`{}`)", holder.pid, holder.command),
                );
                if self.told.elsewhere.as_ref() != Some(&by) {
                    self.told.elsewhere = Some(by.clone());
                    self.tell(at, WatchEventKind::WatchedElsewhere { by });
                }
                false
            }
            Err(e) => {
                tracing::warn!("the watch over `{}` could not be taken: {e}", self.vm.name);
                false
            }
        }
    }

    async fn recover(&mut self, trouble: Trouble) {
        let (now, limit) = (self.orchestrator.now(), self.plan.max_recoveries);
        self.course.begin_recovery(now);
        let number = self.course.recent(&self.rules, now);
        let policy = self.plan.policy;
        let told = WatchEventKind::Recovering { trouble: trouble.clone(), policy, number, limit };
        self.tell(now, told);
        let asked = RecoverRequest {
            // By its name, which people find again in the audit trail.
            vm: self.vm.name.parse().unwrap_or_else(|_| VmRef::from(self.vm.id)),
            policy,
            snapshot: self.plan.snapshot.clone(),
            seen: Some(trouble),
        };
        let done = self.orchestrator.handle(Request::Recover(asked), Arc::new(Nowhere)).await;
        let at = self.orchestrator.now();
        match done {
            Ok(Response::Recovered(report)) => {
                self.tally.recoveries = self.tally.recoveries.saturating_add(1);
                self.tally.standing = Standing::Well;
                if let Some(state) = &report.state {
                    self.tally.state = Some(state.clone());
                    self.told.state = Some(state.clone());
                }
                self.tell(at, WatchEventKind::Recovered(report));
            }
            Ok(Response::Rehearsed(steps)) => self.tell(at, WatchEventKind::Rehearsed(steps)),
            // Nothing else answers this request.
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::Canceled => {}
            Err(e) => {
                self.tally.standing = Standing::Unwell(e.to_string());
                self.tell(at, WatchEventKind::RecoveryFailed(Failed::from(&e)));
            }
        }
    }

    fn tell(&self, at: SystemTime, kind: WatchEventKind) {
        self.sink.hear(&WatchEvent { at, vm: self.vm.name.clone(), kind });
    }
}
