//! What is there of a fleet.

use std::collections::HashSet;

use tokio::task::JoinSet;

use crate::error::{Error, ErrorKind};
use crate::fleet::{self, Condition, Fleet, Making, Member, Seen, World};
use crate::model::{Vm, VmRef, VmState, VmSummary};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::gc::Mended;

/// Why it is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To tell.
    Tell,
    /// To change something afterwards.
    Work,
}

/// A VM that is looked at.
struct Look {
    /// Under which name it is in the world.
    name: String,
    member: Option<Member>,
    os_type: Option<String>,
    awaited: Vec<Condition>,
}

impl VmOrchestrator {
    /// Looks at the VMs of a fleet, and at the originals of their copies. One list tells which of
    /// them are there; what needs more is asked of those at once.
    ///
    /// What a crash left half made or half deleted is not there; it is removed first if the fleet
    /// is to be worked on.
    pub(super) async fn world(
        &self,
        fleet: &Fleet,
        chosen: &[usize],
        purpose: Purpose,
    ) -> Result<World, Error> {
        let mut listed = self.list_known().await?;
        let members = chosen.iter().filter_map(|place| fleet.members().get(*place));
        let names: HashSet<&str> = members.map(|member| member.name.as_str()).collect();
        let is_meant = |name: &str| names.contains(name);
        if purpose == Purpose::Work
            && !self.rehearses()
            && self.mend_named(is_meant, &listed).await? == Mended::Something
        {
            listed = self.list_known().await?;
        }
        for half in self.left_unfinished(is_meant, &listed)? {
            listed.retain(|vm| vm.id != half.id);
        }
        let mut looks: JoinSet<Result<Option<(String, Seen)>, Error>> = JoinSet::new();
        for (vm, look) in looks_of(fleet, chosen, &listed) {
            let this = self.clone();
            looks.spawn(async move { this.see(&vm, look).await });
        }
        let mut world = World::new();
        while let Some(seen) = looks.join_next().await {
            let broke_off = |e| Error::new(ErrorKind::Internal, "a look broke off").caused_by(e);
            world.extend(seen.map_err(broke_off)??);
        }
        Ok(world)
    }

    /// Looks at one VM; `None` if it is gone by now.
    async fn see(&self, vm: &VmRef, look: Look) -> Result<Option<(String, Seen)>, Error> {
        let found = match self.inspect(vm).await {
            Err(e) if e.kind() == ErrorKind::VmNotFound => return Ok(None),
            found => found?,
        };
        let mut ready = Vec::new();
        if found.state == VmState::Running {
            for condition in look.awaited {
                if let Some(awaited) = condition.awaited()
                    && self.holds(vm, awaited).await
                {
                    ready.push(condition);
                }
            }
        }
        let member = look.member.as_ref();
        let drift = member.map(|it| fleet::drift(it, &found, look.os_type.as_deref()));
        let forwards = found.forwards().cloned().collect();
        let snapshots = snapshots(&found);
        let (state, drift) = (found.state, drift.unwrap_or_default());
        Ok(Some((look.name, Seen { state, snapshots, ready, forwards, drift })))
    }
}

fn snapshots(vm: &Vm) -> Vec<String> {
    let nodes = vm.snapshots.nodes().iter();
    nodes.flat_map(|node| [node.name.clone(), node.id.to_string()]).collect()
}

/// Returns what is to be looked at, of what there is.
fn looks_of(fleet: &Fleet, chosen: &[usize], listed: &[VmSummary]) -> Vec<(VmRef, Look)> {
    let mut awaited = fleet::awaited(fleet, chosen);
    let members = chosen.iter().filter_map(|place| Some((*place, fleet.members().get(*place)?)));
    let mut looks: Vec<(VmRef, Look)> = Vec::new();
    let mut sources: Vec<&VmRef> = Vec::new();
    for (place, member) in members {
        if let Making::Copy(copying) = &member.making
            && copying.member.is_none_or(|source| !chosen.contains(&source))
            && !sources.contains(&&copying.source)
        {
            sources.push(&copying.source);
        }
        let vm = VmRef::from(&member.name);
        let Some(found) = find(&vm, listed) else { continue };
        let look = Look {
            name: member.name.to_string(),
            member: Some(member.clone()),
            os_type: found.os_type.clone(),
            awaited: awaited.remove(&place).unwrap_or_default(),
        };
        looks.push((vm, look));
    }
    for source in sources {
        if find(source, listed).is_some() {
            let name = source.to_string();
            let look = Look { name, member: None, os_type: None, awaited: Vec::new() };
            looks.push((source.clone(), look));
        }
    }
    looks
}

fn find<'a>(vm: &VmRef, listed: &'a [VmSummary]) -> Option<&'a VmSummary> {
    listed.iter().find(|it| it.name == vm.as_str() || vm.as_id() == Some(it.id))
}
