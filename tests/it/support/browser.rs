//! A real browser without a window, spoken to by its DevTools protocol.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// So long something may take to be so.
const PATIENCE: Duration = Duration::from_mins(2);

/// One page in a browser.
pub(crate) struct Browser {
    child: Child,
    runtime: Runtime,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: String,
    said: u64,
}

impl Browser {
    /// Opens a page; `None` on a host without a browser.
    pub(crate) fn open(url: &str, folder: &Path) -> Option<Self> {
        let mut browser = Command::new("chromium");
        browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]);
        browser.arg(format!("--user-data-dir={}", folder.join("browser").display()));
        browser.env("HOME", folder).stderr(Stdio::piped()).stdout(Stdio::null());
        let mut child = browser.spawn().ok()?;
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("DevTools listening on ").map(ToOwned::to_owned));
        // What it says later must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let runtime = Runtime::new().unwrap();
        let address = told.expect("the browser says where it listens");
        let (socket, _) = runtime.block_on(connect_async(address)).unwrap();
        let mut this = Self { child, runtime, socket, session: String::new(), said: 0 };
        let target = this.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = this.ask("Target.attachToTarget", &attach);
        attached["sessionId"].as_str().unwrap().clone_into(&mut this.session);
        this.ask("Page.enable", &json!({}));
        this.ask("Page.navigate", &json!({"url": url}));
        this.until("document.readyState === 'complete'");
        Some(this)
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.said += 1;
        let mut message = json!({"id": self.said, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        let (socket, id) = (&mut self.socket, self.said);
        self.runtime.block_on(async {
            socket.send(Message::text(message.to_string())).await.unwrap();
            loop {
                let next = tokio::time::timeout(PATIENCE, socket.next()).await;
                let Some(Ok(Message::Text(text))) = next.expect("an answer in time") else {
                    continue;
                };
                let told: Value = serde_json::from_str(&text).unwrap();
                if told["id"] == id {
                    assert!(told.get("error").is_none(), "{method}: {told}");
                    return told["result"].clone();
                }
            }
        })
    }

    /// Returns what an expression comes to.
    #[track_caller]
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let told = self.ask("Runtime.evaluate", &asked);
        assert!(told.get("exceptionDetails").is_none(), "{expression}: {told}");
        told["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub(crate) fn until(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.eval(&format!("Promise.resolve({expression}).then(Boolean)")) != true {
            if PATIENCE < begun.elapsed() {
                let shown = self.eval("document.body.innerText");
                panic!("not so: {expression}: {shown}");
            }
        }
    }

    /// Presses the button in a part of the page that says this.
    #[track_caller]
    pub(crate) fn press(&mut self, part: &str, text: &str) {
        let found = format!(
            "[...document.querySelectorAll({part:?} + ' button')].find((it) => it.textContent === {text:?})"
        );
        self.until(&format!("{found} && !{found}.closest('[hidden]')"));
        self.eval(&format!("{found}.click()"));
    }

    /// Fills a field.
    #[track_caller]
    pub(crate) fn fill(&mut self, id: &str, text: &str) {
        self.eval(&format!("document.getElementById({id:?}).value = {text:?}"));
    }

    /// Presses a key, wherever the page's focus is.
    pub(crate) fn key(&mut self, text: &str) {
        for kind in ["keyDown", "keyUp"] {
            let key = json!({"type": kind, "key": text, "text": text});
            self.ask("Input.dispatchKeyEvent", &key);
        }
    }

    /// Makes the window so large, and light or dark.
    pub(crate) fn look(&mut self, width: u32, height: u32, scheme: &str) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.ask("Emulation.setDeviceMetricsOverride", &size);
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.ask("Emulation.setEmulatedMedia", &media);
    }

    /// Keeps a picture of the page, for people.
    pub(crate) fn picture(&mut self, file: &Path) {
        let told = self.ask("Page.captureScreenshot", &json!({"format": "png"}));
        std::fs::write(file, decoded(told["data"].as_str().unwrap())).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Reads base64.
fn decoded(text: &str) -> Vec<u8> {
    let six = |it: u8| match it {
        b'A'..=b'Z' => Some(it - b'A'),
        b'a'..=b'z' => Some(it - b'a' + 26),
        b'0'..=b'9' => Some(it - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u32> = text.bytes().filter_map(six).map(u32::from).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let group =
            four.iter().fold(0, |group, digit| group << 6 | digit) << (6 * (4 - four.len()));
        group.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}
