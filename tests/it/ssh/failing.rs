//! Who is not let in, and connections that break.

use std::process::{Command, Stdio};
use std::sync::Arc;

use vm_cli::error::ErrorKind;
use vm_cli::guest::Agent;

use super::{Kept, connected, destination, exec, open, printed, request};
use crate::support::ssh_server::SshServer;

#[tokio::test]
async fn an_agent_logs_in_with_the_key_that_it_holds() {
    let server = SshServer::start();
    let socket = server.folder().join("agent");
    let mut agent = Command::new("ssh-agent");
    let mut agent = agent.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null()).spawn().unwrap();
    while !socket.exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let add = |name: &str| {
        let mut call = Command::new("ssh-add");
        call.arg("-q").arg(server.key(name)).env("SSH_AUTH_SOCK", &socket);
        assert!(call.status().unwrap().success());
    };
    let to = destination(&server, None, Some(Agent::Socket(socket.clone())));
    let refused = open(&server, &to).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::GuestAuth);
    assert!(refused.to_string().contains("it holds no key"), "{refused}");
    add("stranger");
    assert_eq!(open(&server, &to).await.unwrap_err().kind(), ErrorKind::GuestAuth);
    add("key");
    let connection = open(&server, &to).await.unwrap();
    assert_eq!(printed(&connection, &request("echo in")).await, "in\n");
    agent.kill().unwrap();
    agent.wait().unwrap();
    let gone = open(&server, &to).await.unwrap_err();
    assert!(gone.to_string().contains("the SSH agent (there is none)"), "{gone}");
}

#[tokio::test]
async fn a_refused_key_is_named_and_nothing_to_show_is_told() {
    let server = SshServer::start();
    let stranger = server.key("stranger");
    let error = open(&server, &destination(&server, Some(&stranger), None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::GuestAuth);
    assert!(error.to_string().contains(stranger.to_str().unwrap()), "{error}");
    let error = open(&server, &destination(&server, None, None)).await.unwrap_err();
    assert!(error.to_string().contains("no proof"), "{error}");
    assert!(error.next_step().unwrap().contains("--password-file"), "{error:?}");
}

#[tokio::test]
async fn another_host_key_is_refused_and_both_are_named() {
    let (server, other) = (SshServer::start(), SshServer::start());
    let known = connected(&server).await;
    assert!(known.is_usable());
    let mut to = destination(&server, Some(&server.key("key")), None);
    to.endpoint.port = other.port;
    let error = open(&server, &to).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostKeyChanged);
    assert_eq!(error.to_string().matches("SHA256:").count(), 2, "{error}");
}

#[tokio::test]
async fn a_guest_that_goes_in_the_middle_is_unreachable_and_one_that_went_before_may_be_tried_again()
 {
    let server = SshServer::start();
    let (first, second) = (connected(&server).await, connected(&server).await);
    let kept = Arc::new(Kept::default());
    let gone = async {
        while kept.stdout().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        server.hang_up();
        std::future::pending::<()>().await;
    };
    let wanted = request("echo begun; while sleep 0.2; do echo; done");
    let error = tokio::select! {
        ended = exec(&first, &wanted, &kept) => ended.unwrap_err(),
        () = gone => panic!("it goes on"),
    };
    assert_eq!(error.kind(), ErrorKind::GuestUnreachable, "{error}");
    assert!(!first.is_usable());
    let error = exec(&second, &request("true"), &kept).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::GuestNotReady, "nothing was sent: {error}");
}
