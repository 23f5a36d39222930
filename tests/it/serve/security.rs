use serde_json::{Value, json};
use vm_cli::model::Scope;
use vm_cli::server::METHODS;
use vm_cli::server::http::{Page, ROUTES};

use super::{example, token, with_vm};
use crate::support::command::Home;
use crate::support::served::Served;

fn strict() -> (Home, Served, String) {
    let mut home = Home::simulated();
    home.set("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true");
    let made = home.json(&["create", "web", "--memory", "64", "--no-disk", "-q"]);
    let id = made["items"][0]["id"].as_str().unwrap().to_owned();
    let served = Served::start(&home);
    (home, served, id)
}

#[test]
fn no_route_acts_without_the_right_token_and_scope() {
    let (home, mut served, id) = strict();
    let before = home.json(&["list"]);
    let mut asked = Vec::new();
    for route in ROUTES {
        let (path, body) = example(&format!("{} {}", route.verb.as_str(), route.path), &id);
        asked.push((route.verb.as_str(), path, body, route.scope()));
    }
    for method in METHODS {
        let path = format!("/v1/methods/{}", method.name);
        asked.push(("POST", path, json!({"vm": "web"}), method.scope));
    }
    for stranger in [None, Some("vmc_0000".to_owned()), Some(String::new())] {
        served.with_token(stranger);
        for (verb, path, body, _) in &asked {
            let reply = served.ask(verb, path, body);
            assert_eq!((reply.status, reply.code().as_str()), (401, "unauthenticated"), "{path}");
            assert!(reply.header("www-authenticate").is_some());
        }
    }
    let basic = served.ask_with("GET", "/v1/vms", &["Authorization: Basic YTpi"], "");
    assert_eq!(basic.status, 401);
    for scope in Scope::ALL.into_iter().filter(|it| *it != Scope::Admin) {
        let secret = token(&home, &format!("only-{scope}"), &["--scope", scope.as_str()]);
        served.with_token(secret);
        for (verb, path, body, needed) in &asked {
            if *needed == scope {
                continue;
            }
            let reply = served.ask(verb, path, body);
            assert_eq!((reply.status, reply.code().as_str()), (403, "permission_denied"), "{path}");
        }
        // What a task does needs the scope of what it does.
        let task = json!({"method": "vm_delete", "arguments": {"vm": "web", "confirm": id}});
        if scope == Scope::Observe {
            assert_eq!(served.fails("POST", "/v1/tasks", &task).0, 403);
        }
        let secret =
            token(&home, &format!("some-{scope}"), &["--scope", scope.as_str(), "--vm", "db"]);
        served.with_token(secret);
        for (verb, path, body, _) in &asked {
            let reply = served.ask(verb, path, body);
            // Who reaches no VM is told of none, and may say who he is.
            let harmless = [
                ("GET", "/v1/vms"),
                ("GET", "/v1/events"),
                ("GET", "/v1/openapi.json"),
                ("POST", "/v1/agents"),
                ("POST", "/v1/tickets"),
            ];
            if harmless.contains(&(*verb, path.as_str())) {
                continue;
            }
            assert_ne!(reply.status, 200, "{scope}: {verb} {path}: {}", reply.text());
        }
    }
    served.with_token(None);
    assert_eq!(home.json(&["list"]), before);
    let audit = home.json(&["audit"]);
    let lines = audit["items"].as_array().unwrap();
    let acted = |it: &&Value| !["create", "token-create"].contains(&it["action"].as_str().unwrap());
    assert_eq!(lines.iter().filter(acted).count(), 0, "{audit}");
}

#[test]
fn a_token_reaches_its_vms_only_and_is_named_in_the_audit_trail() {
    let (home, mut served, id) = strict();
    home.ok(&["create", "db", "--memory", "64", "--no-disk", "-q"]);
    let other = home.json(&["status", "db"])["items"][0]["id"].as_str().unwrap().to_owned();
    let secret = token(&home, "ci", &["--scope", "admin", "--vm", "web", "--vm", "new"]);
    served.with_token(secret.clone());
    let nothing = Value::Null;
    let listed = served.ok("GET", "/v1/vms", &nothing);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    for name in ["web", &id, &id[..8]] {
        served.ok("GET", &format!("/v1/vms/{name}"), &nothing);
    }
    for name in ["db", &other, &other[..8], "none"] {
        let refused = served.fails("GET", &format!("/v1/vms/{name}"), &nothing);
        assert_eq!(refused, (403, "permission_denied".to_owned()), "{name}");
    }
    let clone = |name: &str| served.ask("POST", "/v1/vms/web/clone", &json!({"name": name})).status;
    assert_eq!((clone("mine"), clone("new")), (403, 200));
    for path in ["/v1/system", "/v1/audit", "/v1/config", "/metrics", "/v1/tasks"] {
        assert_eq!(served.fails("GET", path, &nothing).0, 403, "{path}");
    }
    let made = json!({"name": "more", "memory_mib": 64, "disk_gib": 0});
    assert_eq!(served.fails("POST", "/v1/vms", &made).0, 403);
    served.ok("POST", "/v1/vms/web/start", &nothing);
    let audit = home.json(&["audit"]);
    assert_eq!(audit["items"][0]["who"], "token:ci", "{audit}");
    assert!(audit["items"][0]["command"].as_str().unwrap().ends_with("vm_start"), "{audit}");

    let listed = home.ok(&["token", "list", "--json"]);
    assert!(listed.contains("\"ci\"") && !listed.contains(&secret), "{listed}");
    home.ok(&["token", "revoke", "ci"]);
    assert_eq!(served.fails("GET", "/v1/vms", &nothing).0, 401);
    assert_eq!(home.error(3, &["token", "revoke", "ci"])["code"], "not_found");
}

#[test]
fn pages_of_other_sites_do_not_get_in() {
    let (_home, served, _) = with_vm();
    let start =
        |more: &[&str], body: &str| served.ask_with("POST", "/v1/vms/web/start", more, body).status;
    for line in [
        "Host: evil.example",
        "Origin: http://evil.example",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
    ] {
        assert_eq!(start(&[line], ""), 403, "{line}");
    }
    // A form of another page could send this without being asked about it.
    assert_eq!(start(&["Content-Type: text/plain"], "{}"), 415);
    let state = served.ok("GET", "/v1/vms/web", &Value::Null)["items"][0]["state"].clone();
    assert_eq!(state, "poweroff");
    let own = format!("Origin: http://{}", served.address);
    assert_eq!(start(&[&own], ""), 200);
    let reply = served.ask("GET", "/v1/vms", &Value::Null);
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert!(reply.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert_eq!(reply.header("access-control-allow-origin"), None);
}

#[test]
fn the_page_for_people_is_open_and_holds_nothing() {
    let (_home, served, _) = strict();
    for page in Page::ALL {
        let reply = served.ask("GET", page.path(), &Value::Null);
        assert_eq!((reply.status, reply.text()), (200, page.text().to_owned()));
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    }
}
