//! The page for people, in a real browser where there is one.
#![cfg(unix)]

use std::process::Command;

use serde_json::json;

use super::with_vm;

/// Returns what the page came to, when it had a few seconds; `None` without a browser.
fn shown(url: &str, folder: &std::path::Path) -> Option<String> {
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]);
    browser.arg("--virtual-time-budget=8000").arg(url).env("HOME", folder);
    let output = browser.output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_name_is_text_and_nothing_else() {
    let (home, served, _) = with_vm();
    let name = "<img src=x onerror=document.title=1>";
    let task = json!({"method": "vm_start", "arguments": {"vm": name}});
    served.ok("POST", "/v1/tasks", &task);
    let Some(page) = shown(&format!("http://{}/", served.address), home.path()) else {
        let required = std::env::var("VM_CLI_LIVE").is_ok_and(|it| it == "required");
        assert!(!required, "VM_CLI_LIVE=required, and there is no chromium");
        eprintln!("SKIPPED, no chromium on this host: the page");
        return;
    };
    assert!(page.contains(">&lt;img src=x onerror=document.title=1&gt;</td>"), "{page}");
    assert!(page.contains("<title>vm-cli</title>") && page.contains(">web</h3>"), "{page}");
}
