use std::pin::Pin;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::desk::Desk;
use super::methods::{
    agents, audit, computer, events, guest, host, keyboard, logs, pointer, screen, snapshots,
    tasks, templates, vms, work,
};
use crate::error::{Error, ErrorKind};
use crate::model::Scope;

/// Something that programs can ask for: its arguments, which know how they are answered.
pub(super) trait Method: DeserializeOwned + JsonSchema + Send + 'static {
    /// Its name.
    const NAME: &'static str;
    /// What it needs.
    const SCOPE: Scope;

    /// What it makes of the connection over which it is called.
    const BOND: Bond = Bond::Nothing;

    /// Does it.
    fn answer(self, desk: &Desk) -> impl Future<Output = Result<Answer, Error>> + Send;
}

/// What a connection over which a method was called means from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bond {
    /// Nothing.
    Nothing,
    /// It is that of an agent, which is gone with it.
    Registers,
    /// Its client has something for himself, which others get soon after it ends.
    Holds,
}

/// How a call of a method goes on.
type Answering<'a> = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send + 'a>>;

/// A method, as it is offered.
#[derive(Debug, Clone, Copy)]
pub struct Offered {
    /// Its name, such as `vm_start`.
    pub name: &'static str,
    /// What it needs.
    pub scope: Scope,
    /// What it makes of the connection over which it is called.
    pub bond: Bond,
    arguments: fn() -> Map<String, Value>,
    call: for<'a> fn(Value, &'a Desk) -> Answering<'a>,
}

/// Every method.
pub const METHODS: &[Offered] = &[
    offer::<host::SystemStatus>(),
    offer::<audit::AuditList>(),
    offer::<events::EventList>(),
    offer::<agents::AgentRegister>(),
    offer::<agents::AgentList>(),
    offer::<agents::AgentsPause>(),
    offer::<agents::AgentsResume>(),
    offer::<agents::LeaseTake>(),
    offer::<agents::LeaseGiveBack>(),
    offer::<agents::StateGet>(),
    offer::<agents::StateSet>(),
    offer::<work::WorkOffer>(),
    offer::<work::WorkTake>(),
    offer::<work::WorkKeep>(),
    offer::<work::WorkEnd>(),
    offer::<work::WorkList>(),
    offer::<work::WorkShow>(),
    offer::<work::WorkCancel>(),
    offer::<tasks::TaskList>(),
    offer::<tasks::TaskSubmit>(),
    offer::<tasks::TaskShow>(),
    offer::<tasks::TaskCancel>(),
    offer::<vms::List>(),
    offer::<vms::Status>(),
    offer::<logs::VmLog>(),
    offer::<vms::Create>(),
    offer::<vms::Clone>(),
    offer::<templates::List>(),
    offer::<vms::Start>(),
    offer::<vms::Stop>(),
    offer::<vms::Pause>(),
    offer::<vms::Resume>(),
    offer::<vms::Wait>(),
    offer::<vms::Delete>(),
    offer::<snapshots::List>(),
    offer::<snapshots::Take>(),
    offer::<snapshots::Restore>(),
    offer::<snapshots::Delete>(),
    offer::<screen::Picture>(),
    offer::<screen::Read>(),
    offer::<screen::Find>(),
    offer::<screen::Click>(),
    offer::<pointer::Move>(),
    offer::<pointer::Click>(),
    offer::<pointer::Drag>(),
    offer::<pointer::Scroll>(),
    offer::<computer::Use>(),
    offer::<keyboard::Type>(),
    offer::<keyboard::Press>(),
    offer::<guest::Exec>(),
    offer::<guest::CopyInto>(),
    offer::<guest::CopyOutOf>(),
];

const fn offer<M: Method>() -> Offered {
    let (name, scope, bond) = (M::NAME, M::SCOPE, M::BOND);
    Offered { name, scope, bond, arguments: arguments::<M>, call: call::<M> }
}

/// Describes the arguments: a JSON schema, without references.
fn arguments<M: Method>() -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let schema = settings.into_generator().into_root_schema_for::<M>();
    let mut fields = schema.as_object().cloned().unwrap_or_default();
    fields.remove("title");
    fields
}

fn call<M: Method>(arguments: Value, desk: &Desk) -> Answering<'_> {
    Box::pin(async move {
        let method: M = serde_json::from_value(arguments).map_err(|e| {
            let message = format!("the arguments of `{}` are wrong: {e}", M::NAME);
            Error::new(ErrorKind::Usage, message).hint("its schema describes them")
        })?;
        method.answer(desk).await
    })
}

impl Offered {
    /// Finds a method by its name.
    pub fn find(name: &str) -> Option<&'static Self> {
        METHODS.iter().find(|it| it.name == name)
    }

    /// Says what it does, and describes its arguments: a JSON schema.
    pub fn described(&self) -> (String, Map<String, Value>) {
        let mut arguments = (self.arguments)();
        let about = arguments.remove("description");
        let about = about.as_ref().and_then(Value::as_str).unwrap_or_default();
        // The lines of a comment are those of a text.
        (about.replace('\n', " "), arguments)
    }

    /// Does it, if the client may.
    pub async fn call(&self, arguments: Value, desk: &Desk) -> Result<Answer, Error> {
        desk.client().permit(self.scope)?;
        (self.call)(arguments, desk).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::METHODS;

    #[test]
    fn every_method_is_described_and_refuses_what_it_does_not_know() {
        let names: BTreeSet<_> = METHODS.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), METHODS.len());
        for method in METHODS {
            let (about, arguments) = method.described();
            assert!(about.len() > 20, "{}: {about}", method.name);
            assert_eq!(arguments["additionalProperties"], false, "{}", method.name);
            assert_eq!(arguments["type"], "object", "{}", method.name);
            let fields = arguments.get("properties").and_then(|it| it.as_object());
            for (name, field) in fields.into_iter().flatten() {
                let described = field["description"].as_str().is_some_and(|it| !it.is_empty());
                assert!(described, "{}: {name}: {field}", method.name);
            }
        }
    }
}
