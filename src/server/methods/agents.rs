use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};
use crate::model::Scope;
use crate::report::moment;
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::events::{Happening, Kind};
use crate::server::method::{Bond, Method};
use crate::store::VmLease;

/// A VM is taken for so long when nothing else is said.
const USUAL: Duration = Duration::from_mins(1);

/// A shared value has no more bytes.
const MOST_SHARED: usize = 64 * 1024;

/// Say what you are, so that people see who drives their VMs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct AgentRegister {
    /// What you are, such as `tester`.
    kind: String,
    /// What you can do, in your own words.
    #[serde(default)]
    capabilities: Vec<String>,
}

impl Method for AgentRegister {
    const NAME: &'static str = "agent_register";
    const SCOPE: Scope = Scope::Input;
    const BOND: Bond = Bond::Registers;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let name = &desk.client().name;
        desk.orchestrator().register_agent(name, &self.kind, &self.capabilities)?;
        let data = json!({ "kind": self.kind, "capabilities": self.capabilities });
        desk.office().tell(Happening::of_agent(Kind::AgentRegistered, name, data));
        Ok(Answer::fields(json!({ "name": name })))
    }
}

/// List the agents that said what they are, the VMs that they have, and whether they are paused.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct AgentList {}

impl Method for AgentList {
    const NAME: &'static str = "agent_list";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let orchestrator = desk.orchestrator();
        let agents = orchestrator.agents()?;
        let agents = agents.iter().map(|it| {
            json!({ "name": it.name, "kind": it.kind, "capabilities": it.capabilities,
                "seen_at": moment(it.seen_at) })
        });
        let leases = orchestrator.vm_leases()?;
        let paused = orchestrator.agents_paused_since()?.map(moment);
        Ok(Answer::fields(json!({
            "agents": agents.collect::<Vec<_>>(),
            "leases": leases.iter().map(shape).collect::<Vec<_>>(),
            "paused_since": paused,
        })))
    }
}

/// Take a VM for yourself, or keep it longer: until then nobody else types, clicks or runs commands
/// in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct LeaseTake {
    /// The VM: its name or UUID.
    vm: String,
    /// For how long, in seconds, an hour at most; 60 if it is left out.
    seconds: Option<f64>,
}

impl Method for LeaseTake {
    const NAME: &'static str = "lease_take";
    const SCOPE: Scope = Scope::Input;
    const BOND: Bond = Bond::Holds;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm = desk.identify(&self.vm.parse()?).await?;
        let time = Desk::seconds(self.seconds, USUAL)?;
        let lease = desk.orchestrator().take_lease(vm, &desk.client().name, time)?;
        tell(desk, Kind::LeaseTaken, self.vm, shape(&lease));
        Ok(Answer::fields(shape(&lease)))
    }
}

/// Give a VM back that you have for yourself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct LeaseGiveBack {
    /// The VM: its name or UUID.
    vm: String,
}

impl Method for LeaseGiveBack {
    const NAME: &'static str = "lease_give_back";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm = desk.identify(&self.vm.parse()?).await?;
        desk.orchestrator().give_lease_back(vm, &desk.client().name)?;
        tell(desk, Kind::LeaseGivenBack, self.vm, json!({ "id": vm.to_string() }));
        Ok(Answer::fields(json!({ "vm": vm.to_string() })))
    }
}

/// Read a value that agents share, and its `version`: 0 is one that is not there.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct StateGet {
    /// Its key.
    key: String,
}

impl Method for StateGet {
    const NAME: &'static str = "state_get";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let found = desk.orchestrator().shared(&self.key)?;
        let version = found.as_ref().map_or(0, |it| it.version);
        let value: Value =
            found.and_then(|it| serde_json::from_str(&it.value).ok()).unwrap_or_default();
        Ok(Answer::fields(json!({ "key": self.key, "value": value, "version": version })))
    }
}

/// Set a value that agents share, unless another did meanwhile: it must have the `version` that you
/// read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct StateSet {
    /// Its key.
    key: String,
    /// The value: any JSON.
    value: Value,
    /// The version that you read; 0 if it was not there.
    version: u64,
}

impl Method for StateSet {
    const NAME: &'static str = "state_set";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        let value = self.value.to_string();
        if 200 < self.key.len() || MOST_SHARED < value.len() {
            let message = format!("a key has 200 bytes at most, a value {MOST_SHARED}");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let version = desk.orchestrator().set_shared(&self.key, &value, self.version)?;
        Ok(Answer::fields(json!({ "key": self.key, "version": version })))
    }
}

/// Stop all agents at once: nobody types, clicks or runs commands in guests through the server
/// until `agents_resume`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct AgentsPause {}

impl Method for AgentsPause {
    const NAME: &'static str = "agents_pause";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        desk.orchestrator().pause_agents()?;
        tell_of_pause(desk, json!({ "paused": true }));
        Ok(Answer::fields(json!({ "paused": true })))
    }
}

/// Let agents use guests again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct AgentsResume {}

impl Method for AgentsResume {
    const NAME: &'static str = "agents_resume";
    const SCOPE: Scope = Scope::Admin;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit_everywhere()?;
        desk.orchestrator().resume_agents()?;
        tell_of_pause(desk, json!({ "paused": false }));
        Ok(Answer::fields(json!({ "paused": false })))
    }
}

fn tell(desk: &Desk, kind: Kind, vm: String, data: Value) {
    let told = Happening::of_agent(kind, &desk.client().name, data);
    desk.office().tell(Happening { vm: Some(vm), ..told });
}

fn tell_of_pause(desk: &Desk, data: Value) {
    desk.office().tell(Happening::of_agent(Kind::AgentsPaused, &desk.client().name, data));
}

fn shape(lease: &VmLease) -> Value {
    json!({ "vm": lease.vm.to_string(), "holder": lease.holder, "until": moment(lease.until) })
}
