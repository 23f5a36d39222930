use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};

use super::wire::{self, LONGEST_LINE};
use super::{Conversation, Patience};
use crate::error::{Error, ErrorKind};

const GREETING: &str = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}";
const DONE: &str = "{\"return\": {}}";

fn patience() -> Patience {
    Patience {
        greeting: Duration::from_secs(2),
        answer: Duration::from_secs(5),
        job: Duration::from_secs(9),
    }
}

/// A QEMU that greets, then answers each line with the next of these blocks.
fn scripted(answers: &'static [&'static str]) -> DuplexStream {
    let (ours, theirs) = tokio::io::duplex(1 << 12);
    tokio::spawn(async move {
        let mut stream = BufReader::new(theirs);
        stream.write_all(format!("{GREETING}\r\n").as_bytes()).await.ok();
        let mut line = String::new();
        for answer in [DONE].iter().chain(answers) {
            stream.read_line(&mut line).await.ok();
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok();
        }
        // It stays, silent, until the other end goes.
        stream.read_line(&mut line).await.ok();
        std::future::pending::<()>().await;
    });
    ours
}

async fn open(answers: &'static [&'static str]) -> Conversation<DuplexStream> {
    Conversation::open(scripted(answers), patience()).await.unwrap()
}

async fn opened_on(said: Vec<u8>) -> Error {
    let (ours, mut theirs) = tokio::io::duplex(1 << 12);
    tokio::spawn(async move {
        theirs.write_all(&said).await.ok();
        drop(theirs);
    });
    Conversation::open(ours, patience()).await.unwrap_err()
}

#[tokio::test]
async fn an_answer_is_found_behind_events() {
    let mut qemu =
        open(&["{\"event\": \"STOP\", \"timestamp\": {}}\n{\"return\": {\"a\": 1}}"]).await;
    assert_eq!(qemu.call("query-status", json!({})).await.unwrap(), json!({"a": 1}));
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_qemu() {
    let mut qemu =
        open(&["{\"error\": {\"class\": \"GenericError\", \"desc\": \"no way\"}}"]).await;
    let error = qemu.call("stop", json!({})).await.unwrap_err();
    assert!(error.message().contains("`stop`: no way"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_does_not_greet_is_held_by_another_client() {
    let (ours, _theirs) = tokio::io::duplex(64);
    let error = Conversation::open(ours, patience()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
}

#[tokio::test(start_paused = true)]
async fn a_qemu_that_falls_silent_is_given_up() {
    let error = open(&[]).await.call("stop", json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test]
async fn damaged_torn_and_endless_lines_are_errors() {
    let endless = usize::try_from(LONGEST_LINE).unwrap() + 1;
    for said in [b"{]\n".to_vec(), b"{\"QMP\": ".to_vec(), b"{}\n".to_vec(), vec![b'x'; endless]] {
        assert_eq!(opened_on(said).await.kind(), ErrorKind::Unparseable);
    }
    assert_eq!(opened_on(Vec::new()).await.kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn a_job_is_followed_to_its_end_and_its_failure_told() {
    let mut qemu = open(&[
        "{\"return\": []}",
        DONE,
        "{\"return\": [{\"id\": \"vm-cli\", \"status\": \"running\"}]}",
        "{\"return\": [{\"id\": \"vm-cli\", \"status\": \"concluded\"}]}",
        DONE,
        "{\"return\": []}",
        DONE,
        "{\"return\": [{\"id\": \"vm-cli\", \"status\": \"concluded\", \
         \"error\": \"No space left on device\"}]}",
        DONE,
    ])
    .await;
    qemu.job("snapshot-save", json!({"tag": "a"})).await.unwrap();
    let error = qemu.job("snapshot-save", json!({"tag": "b"})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DiskFull);
}

proptest! {
    #[test]
    fn no_line_makes_it_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
        wire::understand(&line).ok();
    }
}
