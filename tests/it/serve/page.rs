//! The page for people, in a real browser where there is one: every button does what it says.
#![cfg(unix)]

use std::path::PathBuf;

use serde_json::{Value, json};

use super::with_vm;
use crate::support::browser::Browser;

/// What would run if it became markup.
const HOSTILE: &str = "<img src=x onerror=document.title=1>";

/// Opens the page; `None` without a browser, where none is required.
fn opened(url: &str, folder: &std::path::Path) -> Option<Browser> {
    let browser = Browser::open(url, folder);
    if browser.is_none() {
        let required = std::env::var("VM_CLI_LIVE").is_ok_and(|it| it == "required");
        assert!(!required, "VM_CLI_LIVE=required, and there is no chromium");
        eprintln!("SKIPPED, no chromium on this host: the page");
    }
    browser
}

/// Answers the questions that the page asks, and keeps them.
fn answer(page: &mut Browser, yes: bool) {
    page.eval(&format!("window.confirm = (text) => {{ window.asked = text; return {yes}; }}, 0"));
}

#[test]
fn every_button_does_what_it_says() {
    let (home, served, id) = with_vm();
    let task = json!({"method": "vm_start", "arguments": {"vm": HOSTILE}});
    served.ok("POST", "/v1/tasks", &task);
    let Some(mut page) = opened(&format!("http://{}/", served.address), home.path()) else {
        return;
    };
    let state = || home.json(&["status", "web"])["items"][0]["state"].as_str().unwrap().to_owned();
    let says = |text: &str| format!("document.getElementById('vms').innerText.includes({text:?})");

    page.until(&says("web"));
    page.press("#vms", "Start");
    page.until(&says("running"));
    page.press("#vms", "Pause");
    page.until(&says("paused"));
    assert_eq!(state(), "paused");
    page.press("#vms", "Resume");
    page.until(&says("running"));
    answer(&mut page, false);
    page.press("#vms", "Power off");
    page.until("window.asked?.includes('Power off web?')");
    assert_eq!(state(), "running", "who says no has changed nothing");

    home.ok(&["wait", "web", "additions", "-q"]);
    page.press("#vms", "Open");
    page.until("document.getElementById('vm-name').textContent === 'web: running'");
    page.until("document.getElementById('screen').naturalWidth === 1024");
    page.until("document.getElementById('forwards').innerText.includes('ssh')");
    for name in ["one", "two"] {
        page.fill("snapshot", name);
        page.press("#take", "Take snapshot");
        page.until(&format!(
            "document.getElementById('snapshots').innerText.includes('{name} (here)')"
        ));
    }
    page.until("document.querySelector('#snapshots li li').innerText.includes('two')");
    answer(&mut page, true);
    page.press("#snapshots", "Restore");
    page.until("document.querySelector('#snapshots li').innerText.startsWith('one (here)')");
    page.press("#snapshots li li", "Delete");
    page.until("!document.querySelector('#snapshots li li')");
    assert_eq!(page.eval("window.asked"), "Delete the snapshot two?");
    page.until("document.getElementById('vm-name').textContent === 'web: running'");
    home.ok(&["wait", "web", "additions", "-q"]);
    typed_and_clicked(&mut page, &home);
    pictures(&mut page);

    page.fill("user", "admin");
    page.fill("password", "password");
    page.fill("command", &format!("echo '{HOSTILE}'"));
    page.press("#exec", "Run");
    page.until("document.getElementById('printed').innerText.includes('exit code 0')");
    let printed = page.eval("document.getElementById('printed').innerText");
    assert!(printed.as_str().unwrap().contains(&format!("\n{HOSTILE}\n")), "{printed}");

    parts(&mut page);
    page.press("header", "Stop all agents");
    page.until("document.getElementById('pause').textContent === 'Let agents go on'");
    assert!(served.ok("GET", "/v1/agents", &Value::Null)["paused_since"].is_string());
    page.press("header", "Let agents go on");
    page.until("document.getElementById('pause').textContent === 'Stop all agents'");

    page.eval("location.hash = 'vms'");
    page.press("#vms", "Power off");
    page.until(&says("poweroff"));
    page.press("#vms", "Delete");
    page.until("!document.querySelector('#vms article')");
    assert_eq!(home.ok(&["list", "-q"]), "", "{id} is gone");
    assert_eq!(page.eval("document.title"), "vm-cli");
    assert_eq!(page.eval("document.querySelectorAll('[src=x]').length"), 0);
    assert_eq!(page.eval("document.getElementById('trouble').hidden"), true);
}

/// Keys and clicks reach the guest, and what is on its screen gets frames.
fn typed_and_clicked(page: &mut Browser, home: &crate::support::command::Home) {
    page.eval("document.getElementById('screen').focus()");
    for key in ["h", "i", "2"] {
        page.key(key);
    }
    page.until("document.activeElement === document.getElementById('screen')");
    home.ok(&["wait", "web", "text", "hi2", "--timeout", "2m", "-q"]);
    page.press("#at-vm", "Show elements");
    page.until("3 < document.querySelectorAll('#frames .frame').length");
    let framed = page.eval(
        "[...document.querySelectorAll('.frame')].some((it) => it.title.startsWith('button OK'))",
    );
    assert_eq!(framed, true);
    page.press("#at-vm", "Show elements");
    page.until("!document.querySelector('#frames .frame')");
    // On OK, which closes the window.
    page.eval(
        "{ const it = document.getElementById('screen'); const scale = it.clientWidth / 1024; \
         const box = it.getBoundingClientRect(); it.dispatchEvent(new MouseEvent('click', { \
         clientX: box.left + 720 * scale, clientY: box.top + 466 * scale })); }",
    );
    page.until(
        "last.then(() => json('GET', path(chosen.id, '/screen/elements')))\
         .then((it) => !JSON.stringify(it).includes('Welcome to'))",
    );
}

/// Every other part of the page, by its digit.
fn parts(page: &mut Browser) {
    page.eval("document.activeElement.blur()");
    for (digit, part, told) in [
        ("2", "host", "CPU: "),
        ("3", "queue", HOSTILE),
        ("4", "agents", "Agent"),
        ("5", "events", "vm.snapshot"),
        ("6", "audit", "snapshot-take"),
    ] {
        page.key(digit);
        page.until(&format!(
            "!document.getElementById('at-{part}').hidden && \
             document.getElementById('at-{part}').innerText.includes({told:?})"
        ));
    }
    page.key("2");
    page.until("1 < samples.length");
    let drawn = "[...document.getElementById('memory').getContext('2d')\
                 .getImageData(0, 0, 600, 80).data].some((it) => it)";
    page.until(drawn);
}

/// Keeps pictures for people to look at, where they are asked for.
fn pictures(page: &mut Browser) {
    let Some(folder) = std::env::var_os("VM_CLI_TEST_PICTURES").map(PathBuf::from) else { return };
    for (name, width, scheme) in
        [("wide", 1280, "light"), ("phone", 390, "light"), ("dark", 1280, "dark")]
    {
        page.look(width, 900, scheme);
        page.picture(&folder.join(format!("vm-{name}.png")));
        for part in ["vms", "host", "queue", "audit"] {
            page.eval(&format!("location.hash = '{part}'"));
            page.until(&format!("!document.getElementById('at-{part}').hidden"));
            page.eval("new Promise((done) => setTimeout(done, 1500))");
            page.picture(&folder.join(format!("{part}-{name}.png")));
        }
        page.eval("history.go(-4)");
        page.until("!document.getElementById('at-vm').hidden && chosen");
    }
    page.look(1280, 900, "light");
}
