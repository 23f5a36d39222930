//! The web service as a server that does what each test wants.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::calls::log_on;
use super::conversation::Conversation;
use super::fault::explain;
use super::machine::Machine;
use crate::error::{Error, ErrorKind};
use crate::model::{Button, PointerReport, Position, VmRef, Wheel};
use crate::process::Effect;

/// What the server does with a call.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// Answers with these fields.
    Done(&'static str),
    /// Answers with this fault.
    Fault(&'static str),
    /// Never answers.
    Hang,
    /// Hangs up.
    HangUp,
    /// Answers something else.
    Babble,
}

/// Starts a server that does this with the calls of these names, and notes every call.
async fn server(
    deeds: &'static [(&'static str, Deed)],
) -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (note, notes) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(BufReader::new(stream), deeds, note.clone()));
        }
    });
    (address, notes)
}

async fn serve(
    mut stream: BufReader<TcpStream>,
    deeds: &'static [(&'static str, Deed)],
    note: tokio::sync::mpsc::UnboundedSender<String>,
) {
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        let body = String::from_utf8(body).unwrap();
        let (_, call) = body.split_once("<vbox:").unwrap();
        let name = call.split('>').next().unwrap().to_owned();
        note.send(call.split("</vbox:").next().unwrap().to_owned()).ok();
        let deed = deeds.iter().find(|(known, _)| *known == name).map(|(_, deed)| *deed);
        let (status, body) = match deed.unwrap_or(Deed::Done("<returnval>ref</returnval>")) {
            Deed::Done(fields) => (200, format!("<v:{name}Response>{fields}</v:{name}Response>")),
            Deed::Fault(fields) => (500, format!("<s:Fault>{fields}</s:Fault>")),
            Deed::Hang => std::future::pending().await,
            Deed::HangUp => return,
            Deed::Babble => (200, "<oops".to_owned()),
        };
        let body =
            format!("<s:Envelope xmlns:s=\"x\" xmlns:v=\"y\"><s:Body>{body}</s:Body></s:Envelope>");
        // As the real one does after a fault.
        let close = if status == 500 { "Connection: close\r\n" } else { "" };
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{close}\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        if status == 500 {
            return;
        }
    }
}

const YES: Deed = Deed::Done("<returnval>true</returnval>");
const ABSOLUTE: &str = "IMouse_getAbsoluteSupported";
const PUT: &str = "IMouse_putMouseEventAbsolute";

fn web() -> VmRef {
    "web".parse().unwrap()
}

fn press() -> PointerReport {
    let at = Position { x: 0, y: 41 };
    PointerReport { at, held: Some(Button::Middle), wheel: Wheel::Up }
}

async fn point(deeds: &'static [(&'static str, Deed)]) -> (Result<(), Error>, Vec<String>) {
    let (address, mut notes) = server(deeds).await;
    let with = Conversation::with(address, Duration::from_millis(500));
    let pointed = match Machine::lock(with, "key", &web()).await {
        Ok(mut machine) => {
            let pointed = machine.point(&[press()]).await;
            machine.unlock().await;
            pointed
        }
        Err(error) => Err(error),
    };
    // What was let go is released after that, until nothing more comes.
    let mut calls = Vec::new();
    while let Ok(Some(call)) = timeout(Duration::from_millis(100), notes.recv()).await {
        calls.push(call);
    }
    (pointed, calls)
}

fn named(calls: &[String], name: &str) -> usize {
    calls.iter().filter(|call| call.starts_with(name)).count()
}

#[tokio::test]
async fn a_report_counts_pixels_from_one_and_the_vm_is_let_go() {
    let (pointed, calls) = point(&[(ABSOLUTE, YES)]).await;
    pointed.unwrap();
    let put = calls.iter().find(|call| call.starts_with(PUT)).unwrap();
    let expected =
        "<_this>ref</_this><x>1</x><y>42</y><dz>-1</dz><dw>0</dw><buttonState>4</buttonState>";
    assert!(put.ends_with(expected), "{put}");
    assert_eq!(named(&calls, "ISession_unlockMachine"), 1);
    assert_eq!(named(&calls, "IManagedObjectRef_release"), 4, "{calls:#?}");
}

#[tokio::test]
async fn a_guest_that_does_not_follow_is_told_nothing() {
    let (pointed, calls) = point(&[(ABSOLUTE, Deed::Done("<returnval>false</returnval>"))]).await;
    let error = pointed.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotReady);
    assert!(error.is_given_up(), "waiting for it is not for the queue");
    assert_eq!(named(&calls, PUT), 0);
    assert_eq!(named(&calls, "ISession_unlockMachine"), 1);
}

#[tokio::test]
async fn a_refusal_means_what_it_means_from_vboxmanage() {
    let missing = Deed::Fault(
        "<faultstring>VirtualBox error: apirc=0x80bb0001 Could not find a registered machine named \
         'web' (0x80bb0001)</faultstring><detail><f><resultCode>-2135228415</resultCode></f></detail>",
    );
    let (address, _notes) =
        server(Box::leak(Box::new([("IVirtualBox_findMachine", missing)]))).await;
    let with = Conversation::with(address, Duration::from_secs(5));
    let error = Machine::lock(with, "key", &web()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VmNotFound);
    assert_eq!(error.vm(), Some("web"));
}

#[tokio::test]
async fn a_service_that_has_forgotten_us_is_started_anew() {
    let (pointed, _) = point(&[(
        "IVirtualBox_findMachine",
        Deed::Fault("<detail><f><badObjectID>key</badObjectID></f></detail>"),
    )])
    .await;
    let kind = pointed.unwrap_err().kind();
    assert_eq!(kind, ErrorKind::ServiceUnavailable);
    assert!(kind.transient().is_some(), "the queue tries again");
}

#[tokio::test]
async fn whether_a_report_arrived_is_not_known_when_no_answer_comes() {
    for deed in [Deed::Hang, Deed::HangUp, Deed::Babble] {
        let deeds: &'static [_] = Box::leak(Box::new([(ABSOLUTE, YES), (PUT, deed)]));
        let (pointed, calls) = point(deeds).await;
        assert_eq!(pointed.unwrap_err().kind(), ErrorKind::OutcomeUnknown, "{deed:?}");
        assert_eq!(named(&calls, PUT), 1, "it is not told twice");
    }
}

#[tokio::test]
async fn a_service_that_hangs_or_is_gone_is_told_apart() {
    let kind = |deed| async move {
        let deeds: &'static [_] = Box::leak(Box::new([("IWebsessionManager_logon", deed)]));
        let (address, _notes) = server(deeds).await;
        let mut with = Conversation::with(address, Duration::from_millis(300));
        let problem = log_on(&mut with, "me", "secret").await.unwrap_err();
        let error = explain(problem, Effect::Read, None);
        assert!(!format!("{error:?}").contains("secret"));
        error.kind()
    };
    assert_eq!(kind(Deed::Hang).await, ErrorKind::TimedOut);
    assert_eq!(kind(Deed::HangUp).await, ErrorKind::ServiceUnavailable);
    assert_eq!(kind(Deed::Babble).await, ErrorKind::Unparseable);
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut with = Conversation::with(unused, Duration::from_secs(5));
    let problem = log_on(&mut with, "me", "secret").await.unwrap_err();
    assert_eq!(explain(problem, Effect::Write, None).kind(), ErrorKind::ServiceUnavailable);
}
