//! One step of a plan: one request, as if a person had asked for it.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::fleet::{Copying, Done, Making, Member, Step, Stopping};
use crate::guest::OutputSink;
use crate::model::{StopMode, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::request::{
    CloneRequest, IfLive, IfMissing, Outcome, Request, Response, ScreenWatch, SnapshotAction,
    StopRequest, TemplateAction, TemplateCopies, WhenFull, WhenLate,
};

/// Steps run nothing in guests, so nothing is printed there.
struct Nowhere;

impl OutputSink for Nowhere {
    fn stdout(&self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }

    fn stderr(&self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

impl VmOrchestrator {
    /// Takes a step, and adds to what the steps before came to.
    pub(super) async fn perform(
        &self,
        member: &Member,
        step: &Step,
        done: &mut Done,
    ) -> Result<(), Error> {
        let vm = VmRef::from(&member.name);
        let wait = self.settings().timeouts.wait;
        let Some(request) = request(member, step, wait) else {
            return Err(Error::new(ErrorKind::Internal, format!("`{vm}` cannot be made so")));
        };
        let line = self.begin_audit(&request);
        // Not by `handle`: what a name could have meant is never meant here.
        let work = self.carry_out(request, Arc::new(Nowhere));
        let result = match step {
            Step::Wait(condition) => Box::pin(self.told_as_wait(&vm, *condition, work)).await,
            Step::Create
            | Step::Copy(_)
            | Step::Template(_)
            | Step::Restore(_)
            | Step::Start(_)
            | Step::Stop(_)
            | Step::Delete => work.await,
        };
        self.end_audit(line, result.as_ref().err());
        let response = match result {
            // Somebody else made it meanwhile, and that is what was wanted.
            Err(e) if e.kind() == ErrorKind::AlreadyExists && self.inspect(&vm).await.is_ok() => {
                return Ok(());
            }
            Err(e) => return Err(e.about(&vm)),
            Ok(response) => response,
        };
        if note(response, done) == Outcome::Changed {
            done.steps.push(step.clone());
        }
        if *step == Step::Delete {
            (done.state, done.forwards) = (None, Vec::new());
        }
        Ok(())
    }
}

/// Says what a step asks for; `None` if it does not fit how the VM is made.
fn request(member: &Member, step: &Step, wait: Duration) -> Option<Request> {
    let vm = VmRef::from(&member.name);
    Some(match step {
        Step::Create => match &member.making {
            Making::New(asked) => Request::Create(asked.clone()),
            Making::Copy(_) | Making::Template(_) => return None,
        },
        Step::Template(template) => {
            let (template, names) = (template.clone(), vec![member.name.clone()]);
            let copies = TemplateCopies { template, names, start: None, wait: None };
            Request::Template(TemplateAction::Make(Box::new(copies)))
        }
        Step::Copy(Copying { source, content, snapshot, .. }) => {
            Request::Clone(Box::new(CloneRequest {
                source: source.clone(),
                names: vec![member.name.clone()],
                content: *content,
                snapshot: snapshot.clone(),
            }))
        }
        Step::Restore(snapshot) => {
            let (snapshot, if_live, start) = (snapshot.clone(), IfLive::Fail, None);
            Request::Snapshot { vm, action: SnapshotAction::Restore { snapshot, if_live, start } }
        }
        Step::Start(display) => {
            Request::Start { vm, display: *display, wait: None, when_full: WhenFull::Refuse }
        }
        Step::Wait(condition) => {
            let timeout = member.patience.unwrap_or(wait);
            Request::Wait {
                vm,
                condition: condition.awaited()?,
                timeout,
                watch: ScreenWatch::default(),
            }
        }
        Step::Stop(stopping) => {
            let (mode, timeout, then) = match *stopping {
                Stopping::Ask { timeout, then } => (StopMode::Acpi, timeout, then),
                Stopping::Force => (StopMode::PowerOff, wait, WhenLate::Fail),
            };
            Request::Stop(StopRequest { vm, mode, timeout, then })
        }
        Step::Delete => {
            Request::Delete { vm, if_missing: IfMissing::Succeed, if_live: IfLive::Fail }
        }
    })
}

/// Notes what a response tells, and returns whether anything was changed.
fn note(response: Response, done: &mut Done) -> Outcome {
    let mut made = |creation: crate::request::Creation| {
        done.state = Some(creation.state);
        done.forwards = creation.forwards;
        done.notes.extend(creation.notes);
    };
    if let Response::Created(creation) = response {
        made(creation);
    } else if let Response::Copied { made: copies, .. } = response {
        copies.into_iter().for_each(made);
    } else if let Response::Changed(change) = response {
        done.state = change.state.or(done.state.take());
        done.notes.extend(change.notes);
        return change.outcome;
    }
    Outcome::Changed
}
