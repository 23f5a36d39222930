//! The description of all routes (OpenAPI 3.1), made from their table and the methods' schemas.

use serde_json::{Map, Value, json};

use super::routes::{Does, Own, ROUTES, Route, Verb};
use crate::model::Scope;
use crate::server::method::{METHODS, Offered};

/// Builds it.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let operation = match route.does {
            Does::Method(name) => match Offered::find(name) {
                Some(method) => resource(route, method),
                None => continue,
            },
            Does::Own(own) => plain(own),
        };
        add(&mut paths, route.path, route.verb, operation);
    }
    for method in METHODS {
        let (about, arguments) = method.described();
        let mut operation = operation(method.name, &about, method.scope);
        operation.insert("requestBody".to_owned(), body(arguments));
        operation.insert("responses".to_owned(), responses(method.name));
        add(&mut paths, &format!("/v1/methods/{}", method.name), Verb::Post, operation.into());
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "vm-cli",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Runs and drives virtual machines. Answers are what the commands print \
                with `--json`; each operation names the scope that a token needs.",
        },
        "security": [{}, { "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Failure": failure() },
        },
    })
}

fn add(paths: &mut Map<String, Value>, path: &str, verb: Verb, operation: Value) {
    let verbs = paths.entry(path).or_insert_with(|| json!({}));
    if let Some(verbs) = verbs.as_object_mut() {
        verbs.insert(verb.as_str().to_lowercase(), operation);
    }
}

/// Describes a route that calls a method: arguments in the path, the others in the body, or in the
/// query of what has no body.
fn resource(route: &Route, method: &Offered) -> Value {
    let (about, mut arguments) = method.described();
    let id = format!("{}_by_path", method.name);
    let mut operation = operation(&id, &about, method.scope);
    let mut parameters: Vec<Value> = Vec::new();
    for name in route.in_path() {
        let schema = taken(&mut arguments, name);
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    if route.verb == Verb::Post {
        if arguments.get("properties").and_then(Value::as_object).is_some_and(|it| !it.is_empty()) {
            operation.insert("requestBody".to_owned(), body(arguments));
        }
    } else {
        let required = arguments.get("required").cloned().unwrap_or_default();
        let fields = arguments.get("properties").and_then(Value::as_object).cloned();
        for (name, schema) in fields.unwrap_or_default() {
            let required = required.as_array().is_some_and(|it| it.iter().any(|it| *it == *name));
            parameters.push(
                json!({ "name": name, "in": "query", "required": required, "schema": schema }),
            );
        }
    }
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    operation.insert("responses".to_owned(), responses(method.name));
    Value::Object(operation)
}

/// Takes an argument out of a schema.
fn taken(arguments: &mut Map<String, Value>, name: &str) -> Value {
    if let Some(required) = arguments.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|it| it != name);
    }
    let fields = arguments.get_mut("properties").and_then(Value::as_object_mut);
    fields.and_then(|it| it.shift_remove(name)).unwrap_or_default()
}

fn plain(own: Own) -> Value {
    let (id, about) = match own {
        Own::OpenApi => ("openapi", "This description."),
        Own::Config => ("config", "The configuration that holds."),
        Own::WebSocket => ("ws", "Methods and events over WebSocket: `{id, method, params}`."),
        Own::Requests => (
            "requests",
            "Requests as they are, from a vm-cli of the same version: `vm-cli --host`.",
        ),
        Own::Ticket => {
            ("ticket", "A ticket for one WebSocket: `/v1/ws?ticket=TICKET`, within a minute.")
        }
        Own::Metrics => ("metrics", "The metrics, as OpenMetrics."),
    };
    let mut operation = operation(id, about, own.scope());
    operation.insert("responses".to_owned(), responses(id));
    Value::Object(operation)
}

fn operation(id: &str, about: &str, scope: Scope) -> Map<String, Value> {
    let fields = json!({ "operationId": id, "description": about, "x-scope": scope.as_str() });
    fields.as_object().cloned().unwrap_or_default()
}

fn body(schema: Map<String, Value>) -> Value {
    json!({ "content": { "application/json": { "schema": Value::Object(schema) } } })
}

fn responses(id: &str) -> Value {
    let content = match id {
        "screen_picture" => json!({ "image/png": {} }),
        "metrics" => json!({ "application/openmetrics-text": {} }),
        _ => json!({ "application/json": { "schema": { "type": "object" } } }),
    };
    let failure = json!({ "$ref": "#/components/schemas/Failure" });
    let failed = json!({
        "description": "A failure.", "content": { "application/json": { "schema": failure } },
    });
    let done = json!({ "description": "What came of it.", "content": content });
    if id == "screen_picture" {
        let known = json!({ "description": "The screen shows what `If-None-Match` names." });
        return json!({ "200": done, "304": known, "default": failed });
    }
    json!({ "200": done, "default": failed })
}

fn failure() -> Value {
    let text = json!({ "type": "string" });
    let text_or_null = json!({ "type": ["string", "null"] });
    json!({
        "type": "object",
        "required": ["schema", "error"],
        "properties": {
            "schema": { "const": 1 },
            "error": {
                "type": "object",
                "required": ["code", "message", "hint", "vm", "retryable", "causes", "attempts"],
                "properties": {
                    "code": text, "message": text, "hint": text_or_null, "vm": text_or_null,
                    "retryable": { "type": "boolean" },
                    "causes": { "type": "array", "items": text },
                    "attempts": { "type": "array" },
                },
            },
        },
    })
}
