//! Every route: one table, from which the server, its description and its tests are made.

use crate::model::Scope;
use crate::server::method::Offered;

/// How something is asked for over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// With which verb.
    pub verb: Verb,
    /// Under which path; `{vm}` is an argument of the method.
    pub path: &'static str,
    /// What answers.
    pub does: Does,
}

/// The verb of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// It looks.
    Get,
    /// It does something.
    Post,
    /// It removes something.
    Delete,
}

/// What answers on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// A method: path, query and body are its arguments.
    Method(&'static str),
    /// The server itself.
    Own(Own),
}

/// What the server answers itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Own {
    /// The description of all routes.
    OpenApi,
    /// The configuration.
    Config,
    /// The metrics, as OpenMetrics.
    Metrics,
    /// Methods and events over WebSocket.
    WebSocket,
    /// Requests as they are, from a program of the same version.
    Requests,
    /// A ticket for a WebSocket, for browsers.
    Ticket,
}

/// Where the WebSocket is.
pub(super) const WEB_SOCKET: &str = "/v1/ws";

/// Every route besides `POST /v1/methods/NAME`, which each method has.
pub const ROUTES: &[Route] = &[
    get("/v1/vms", "vm_list"),
    post("/v1/vms", "vm_create"),
    get("/v1/vms/{vm}", "vm_status"),
    delete("/v1/vms/{vm}", "vm_delete"),
    get("/v1/vms/{vm}/log", "vm_log"),
    post("/v1/vms/{vm}/clone", "vm_clone"),
    get("/v1/templates", "template_list"),
    post("/v1/vms/{vm}/start", "vm_start"),
    post("/v1/vms/{vm}/stop", "vm_stop"),
    post("/v1/vms/{vm}/pause", "vm_pause"),
    post("/v1/vms/{vm}/resume", "vm_resume"),
    post("/v1/vms/{vm}/wait", "vm_wait"),
    get("/v1/vms/{vm}/snapshots", "snapshot_list"),
    post("/v1/vms/{vm}/snapshots", "snapshot_take"),
    post("/v1/vms/{vm}/snapshots/{snapshot}/restore", "snapshot_restore"),
    delete("/v1/vms/{vm}/snapshots/{snapshot}", "snapshot_delete"),
    get("/v1/vms/{vm}/screen", "screen_picture"),
    get("/v1/vms/{vm}/screen/elements", "screen_read"),
    get("/v1/vms/{vm}/screen/find", "screen_find"),
    post("/v1/vms/{vm}/screen/click", "screen_click"),
    post("/v1/vms/{vm}/pointer/move", "pointer_move"),
    post("/v1/vms/{vm}/pointer/click", "pointer_click"),
    post("/v1/vms/{vm}/pointer/drag", "pointer_drag"),
    post("/v1/vms/{vm}/pointer/scroll", "pointer_scroll"),
    post("/v1/vms/{vm}/keyboard/type", "keyboard_type"),
    post("/v1/vms/{vm}/keyboard/press", "keyboard_press"),
    post("/v1/vms/{vm}/computer", "computer_use"),
    post("/v1/vms/{vm}/exec", "guest_exec"),
    post("/v1/vms/{vm}/files/in", "guest_copy_into"),
    post("/v1/vms/{vm}/files/out", "guest_copy_out"),
    get("/v1/tasks", "task_list"),
    post("/v1/tasks", "task_submit"),
    get("/v1/tasks/{task}", "task_show"),
    delete("/v1/tasks/{task}", "task_cancel"),
    get("/v1/system", "system_status"),
    get("/v1/audit", "audit_list"),
    own("/v1/config", Own::Config),
    own("/v1/openapi.json", Own::OpenApi),
    get("/v1/events", "event_list"),
    get("/v1/agents", "agent_list"),
    post("/v1/agents", "agent_register"),
    post("/v1/agents/pause", "agents_pause"),
    post("/v1/agents/resume", "agents_resume"),
    post("/v1/vms/{vm}/lease", "lease_take"),
    delete("/v1/vms/{vm}/lease", "lease_give_back"),
    get("/v1/work", "work_list"),
    post("/v1/work", "work_offer"),
    post("/v1/work/take", "work_take"),
    get("/v1/work/{work}", "work_show"),
    delete("/v1/work/{work}", "work_cancel"),
    post("/v1/work/{work}/keep", "work_keep"),
    post("/v1/work/{work}/end", "work_end"),
    get("/v1/state/{key}", "state_get"),
    post("/v1/state/{key}", "state_set"),
    own(WEB_SOCKET, Own::WebSocket),
    Route { verb: Verb::Post, path: "/v1/tickets", does: Does::Own(Own::Ticket) },
    own("/metrics", Own::Metrics),
    Route { verb: Verb::Post, path: "/v1/requests", does: Does::Own(Own::Requests) },
];

const fn get(path: &'static str, method: &'static str) -> Route {
    Route { verb: Verb::Get, path, does: Does::Method(method) }
}

const fn post(path: &'static str, method: &'static str) -> Route {
    Route { verb: Verb::Post, path, does: Does::Method(method) }
}

const fn delete(path: &'static str, method: &'static str) -> Route {
    Route { verb: Verb::Delete, path, does: Does::Method(method) }
}

const fn own(path: &'static str, own: Own) -> Route {
    Route { verb: Verb::Get, path, does: Does::Own(own) }
}

impl Verb {
    /// Returns how HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

impl Own {
    /// Returns the scope that it needs.
    pub fn scope(self) -> Scope {
        match self {
            Self::OpenApi | Self::Metrics | Self::WebSocket | Self::Ticket | Self::Requests => {
                Scope::Observe
            }
            Self::Config => Scope::Admin,
        }
    }
}

impl Route {
    /// Returns the scope that it needs.
    pub fn scope(&self) -> Scope {
        match self.does {
            Does::Method(name) => Offered::find(name).map_or(Scope::Admin, |it| it.scope),
            Does::Own(own) => own.scope(),
        }
    }

    /// Returns the arguments that stand in its path.
    pub fn in_path(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Does, ROUTES, Verb};
    use crate::model::Scope;
    use crate::server::{METHODS, Offered};

    #[test]
    fn every_method_has_one_route_whose_verb_says_what_it_does() {
        let mut left: BTreeSet<_> = METHODS.iter().map(|it| it.name).collect();
        for route in ROUTES {
            let Does::Method(name) = route.does else { continue };
            assert!(left.remove(name), "{name} has two routes, or is no method");
            let method = Offered::find(name).unwrap();
            let (_, arguments) = method.described();
            for argument in route.in_path() {
                assert!(arguments["properties"].get(argument).is_some(), "{name}: {argument}");
            }
            if route.verb == Verb::Get {
                assert!(matches!(method.scope, Scope::Observe | Scope::Admin), "{name}");
            }
        }
        assert_eq!(left, BTreeSet::new());
    }
}
