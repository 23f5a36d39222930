//! What the configuration says of the server is so.

use serde_json::Value;

use super::token;
use crate::support::command::Home;
use crate::support::served::Served;

#[test]
fn it_listens_where_it_is_configured_and_answers_as_many_as_configured() {
    let mut home = Home::simulated();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    home.set("VM_CLI_SERVER_HOST", "localhost");
    home.set("VM_CLI_SERVER_PORT", free.to_string());
    let checked = home.ok(&["serve", "--check"]);
    assert!(checked.trim_end().ends_with(&format!(":{free}")), "port: {checked}");

    home.set("VM_CLI_SERVER_MAX_CONNECTIONS", "2");
    let served = Served::start(&home);
    let (one, other) = (served.connect(), served.connect());
    // The third one waits until there is a place.
    let waiting = served.connect();
    waiting.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
    let mut asking = waiting.try_clone().unwrap();
    let ask =
        format!("GET /v1/config HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", served.address);
    std::io::Write::write_all(&mut asking, ask.as_bytes()).unwrap();
    let mut byte = [0];
    assert!(std::io::Read::read(&mut asking, &mut byte).is_err(), "max_connections is not kept");
    drop((one, other));
    waiting.set_read_timeout(None).unwrap();
    assert_eq!(crate::support::served::Reply::read(waiting).status, 200);
    drop(served);

    home.set("VM_CLI_SERVER_MAX_REQUESTS_PER_SECOND", "1");
    let served = Served::start(&home);
    let statuses: Vec<u16> =
        (0..20).map(|_| served.ask("GET", "/v1/config", &Value::Null).status).collect();
    assert_eq!(statuses[0], 200);
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn a_token_is_needed_where_it_is_configured_and_where_others_can_come_in() {
    for (key, value) in
        [("VM_CLI_SECURITY_REQUIRE_AUTHENTICATION", "true"), ("VM_CLI_SERVER_HOST", "0.0.0.0")]
    {
        let mut home = Home::simulated();
        home.set(key, value);
        let mut served = Served::start(&home);
        served.address = served.address.replace("0.0.0.0", "127.0.0.1");
        assert_eq!(served.fails("GET", "/v1/vms", &Value::Null).0, 401, "{key}");
        served.with_token(token(&home, "kim", &["--scope", "observe"]));
        served.ok("GET", "/v1/vms", &Value::Null);
    }
}
