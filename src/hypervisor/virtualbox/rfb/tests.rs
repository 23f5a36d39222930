//! A server that does what each test wants.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::Session;
use super::auth::answer;
use crate::error::{Error, ErrorKind};
use crate::model::{Button, PointerReport, Position, VmRef, Wheel};

const CHALLENGE: [u8; 16] = *b"0123456789abcdef";
const PASSWORD: &str = "secret42";
/// Four bytes a pixel; the rest does not matter here.
const FORMAT: [u8; 16] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
/// A pixel that was asked for.
const PIXEL: [u8; 20] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 9, 9, 9, 9];

/// What the server says when it is asked for a pixel, each time.
type Answers = &'static [&'static [u8]];

/// Lets in who knows the password, and returns what it was told.
async fn serve(mut stream: TcpStream, answers: Answers) -> Vec<u8> {
    stream.write_all(b"RFB 003.008\n\x01\x02").await.unwrap();
    let mut version = [0; 12];
    stream.read_exact(&mut version).await.unwrap();
    assert_eq!((&version, stream.read_u8().await.unwrap()), (b"RFB 003.008\n", 2));
    stream.write_all(&CHALLENGE).await.unwrap();
    let mut answered = [0; 16];
    stream.read_exact(&mut answered).await.unwrap();
    if answered != answer(CHALLENGE, PASSWORD) {
        stream.write_all(&[0, 0, 0, 1, 0, 0, 0, 3, b'n', b'o', b'!']).await.unwrap();
        return Vec::new();
    }
    stream.write_all(&[0; 4]).await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), 1, "others may be connected too");
    stream.write_all(&[4, 0, 3, 0]).await.unwrap();
    stream.write_all(&FORMAT).await.unwrap();
    stream.write_all(&[0, 0, 0, 2, b'v', b'm']).await.unwrap();
    let mut encodings = [0; 8];
    stream.read_exact(&mut encodings).await.unwrap();
    assert_eq!(encodings, [2, 0, 0, 1, 0, 0, 0, 0]);
    let (mut told, mut answers) = (Vec::new(), answers.iter());
    while let Ok(kind) = stream.read_u8().await {
        let mut rest = vec![0; if kind == 3 { 9 } else { 5 }];
        stream.read_exact(&mut rest).await.unwrap();
        match (kind, answers.len()) {
            (3, 0) => return told,
            (3, _) => stream.write_all(answers.next().unwrap()).await.unwrap(),
            _ => told.extend(rest),
        }
    }
    told
}

async fn server(answers: Answers) -> (SocketAddr, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = async move { serve(listener.accept().await.unwrap().0, answers).await };
    (address, tokio::spawn(served))
}

fn web() -> VmRef {
    "web".parse().unwrap()
}

async fn open(address: SocketAddr, password: &str) -> Result<Session, Error> {
    Session::open(&web(), address, password, Duration::from_millis(500)).await
}

fn report(held: Option<Button>, wheel: Wheel) -> PointerReport {
    PointerReport { at: Position { x: 258, y: 3 }, held, wheel }
}

#[tokio::test]
async fn reports_are_told_with_buttons_as_bits_and_notches_as_presses() {
    let (address, served) = server(&[&PIXEL]).await;
    let mut session = open(address, PASSWORD).await.unwrap();
    let reports = [
        report(Some(Button::Left), Wheel::Still),
        report(Some(Button::Right), Wheel::Still),
        report(Some(Button::Middle), Wheel::Still),
        report(None, Wheel::Up),
        report(None, Wheel::Down),
    ];
    session.point(&reports).await.unwrap();
    drop(session);
    let told = served.await.unwrap();
    let buttons: Vec<u8> = told.as_chunks::<5>().0.iter().map(|event| event[0]).collect();
    assert_eq!(buttons, [1, 4, 2, 8, 0, 16, 0]);
    assert!(told.as_chunks::<5>().0.iter().all(|event| event[1..] == [1, 2, 0, 3]), "{told:?}");
}

#[tokio::test]
async fn whatever_else_it_tells_is_passed_over() {
    const MUCH: &[u8] = &[
        2, // a bell
        3, 0, 0, 0, 0, 0, 0, 2, b'h', b'i', // a clipboard
        1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, // a colour
        0, 0, 0, 0, // nothing new
        0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 9, 9, 9, 9, // a pixel
    ];
    let (address, _served) = server(&[MUCH]).await;
    let mut session = open(address, PASSWORD).await.unwrap();
    session.point(&[]).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_tried_again() {
    let (address, _served) = server(&[]).await;
    let refused = open(address, "wrong").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::HypervisorUnusable);
    assert!(refused.causes().iter().any(|cause| cause.contains("no!")), "{refused:?}");
    assert!(refused.next_step().is_some_and(|hint| hint.contains("display on web")));
}

#[tokio::test]
async fn whether_a_report_arrived_is_not_known_when_the_server_goes_away() {
    let (address, _served) = server(&[]).await;
    let mut session = open(address, PASSWORD).await.unwrap();
    let lost = session.point(&[report(None, Wheel::Still)]).await.unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test]
async fn what_is_no_server_or_says_nothing_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mute = listener.local_addr().unwrap();
    assert_eq!(open(mute, PASSWORD).await.unwrap_err().kind(), ErrorKind::TimedOut);
    let served = tokio::spawn(async move {
        for greeting in ["HTTP/1.1 400\r\n", "RFB 003.003\n", ""] {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(greeting.as_bytes()).await.unwrap();
        }
    });
    // The first connection is the one that was given up above.
    for _ in 0..2 {
        let failed = open(mute, PASSWORD).await.unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::ServiceUnavailable);
    }
    served.await.unwrap();
    assert_eq!(open(mute, PASSWORD).await.unwrap_err().kind(), ErrorKind::ServiceUnavailable);
}
