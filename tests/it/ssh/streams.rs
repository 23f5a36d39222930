//! What goes in, what comes out, and what surrounds a command.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;
use vm_cli::guest::OutputSink;
use vm_cli::request::{
    ExecRequest, GuestTerminal, Input, InputStream, Program, TerminalSize, Variable,
};

use super::{Kept, LONG, connected, exec, printed, request};
use crate::support::ssh_server::SshServer;

/// Says the same for ever.
struct Endless;

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer.fill(b'y');
        Ok(buffer.len())
    }
}

#[tokio::test]
async fn a_command_has_its_streams_its_exit_code_its_folder_and_its_variables() {
    let server = SshServer::start();
    let connection = connected(&server).await;
    let kept = Arc::new(Kept::default());
    let end = exec(&connection, &request("echo out; echo err >&2; exit 7"), &kept).await.unwrap();
    assert_eq!((end.exit_code, end.signal), (7, None));
    assert_eq!(kept.texts(), ["out\n", "err\n"]);
    let surrounded = ExecRequest {
        environment: vec![Variable::new("KEY", "it's \"$HOME\"\n*").unwrap()],
        folder: Some("/usr/bin".to_owned()),
        ..request("echo \"$KEY $PWD\"")
    };
    assert_eq!(printed(&connection, &surrounded).await, "it's \"$HOME\"\n* /usr/bin\n");
    let nowhere = ExecRequest { folder: Some("/not/there".to_owned()), ..request("echo ran") };
    let error = exec(&connection, &nowhere, &kept).await.unwrap_err();
    assert!(error.to_string().contains("no folder `/not/there`"), "{error}");
    assert!(!kept.stdout().contains("ran"));
}

#[tokio::test]
async fn an_input_arrives_whole_and_one_that_nobody_reads_holds_nothing_up() {
    let server = SshServer::start();
    let connection = connected(&server).await;
    let numbers: Vec<String> = (0..300_000).map(|number| number.to_string()).collect();
    let long = numbers.join("\n") + "\n";
    let input = Input::Stream(InputStream::of(long.clone()));
    let echoed = ExecRequest { input, ..request("cat; echo end") };
    assert_eq!(printed(&connection, &echoed).await, format!("{long}end\n"));
    let input = Input::Stream(InputStream::new(Endless));
    let first = ExecRequest { input, ..request("head -c 3") };
    assert_eq!(printed(&connection, &first).await, "yyy");
    // Its output has ended, and it reads on.
    let file = server.folder().join("late");
    let input = Input::Stream(InputStream::of(long.clone()));
    let line = format!("exec >&- 2>&-; sleep 0.2; cat > '{}'", file.display());
    printed(&connection, &ExecRequest { input, ..request(&line) }).await;
    assert_eq!(std::fs::read_to_string(file).unwrap(), long);
}

#[tokio::test]
async fn a_flood_is_handed_on_and_not_kept() {
    #[derive(Default)]
    struct Counted(AtomicUsize);
    impl OutputSink for Counted {
        fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
            self.0.fetch_add(bytes.len(), Ordering::Relaxed);
            Ok(())
        }
        fn stderr(&self, bytes: &[u8]) -> io::Result<()> {
            self.stdout(bytes)
        }
    }
    let server = SshServer::start();
    let connection = connected(&server).await;
    let before = resident();
    let counted = Arc::new(Counted::default());
    let flood = request("head -c 30000000 /dev/zero; head -c 30000000 /dev/zero >&2");
    let end = connection.exec(&flood, counted.clone(), std::future::pending()).await.unwrap();
    assert_eq!((end.exit_code, counted.0.load(Ordering::Relaxed)), (0, 60_000_000));
    let more = resident().saturating_sub(before);
    assert!(more < 24 << 20, "it took {more} bytes of memory");
}

/// How much memory this process takes.
fn resident() -> usize {
    let id = std::process::id().to_string();
    let told = std::process::Command::new("ps").args(["-o", "rss=", "-p", &id]).output().unwrap();
    String::from_utf8(told.stdout).unwrap().trim().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn a_terminal_has_its_size_and_its_changes() {
    let server = SshServer::start();
    let connection = connected(&server).await;
    let (small, large) =
        (TerminalSize { columns: 80, rows: 24 }, TerminalSize { columns: 132, rows: 43 });
    let (sizes, receiver) = watch::channel(small);
    let terminal = Some(GuestTerminal { kind: "vt220".to_owned(), sizes: receiver });
    let line = "echo $TERM; stty size; trap 'stty size; exit 5' WINCH; \
                while :; do sleep 0.1; done";
    let wanted = ExecRequest { terminal, ..request(line) };
    let kept = Arc::new(Kept::default());
    let resize = async {
        while !kept.stdout().contains("24 80") {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        sizes.send_replace(large);
        std::future::pending::<()>().await;
    };
    let ended = tokio::select! {
        ended = exec(&connection, &wanted, &kept) => ended.unwrap(),
        () = resize => panic!("it goes on"),
    };
    assert_eq!(ended.exit_code, 5);
    assert_eq!(kept.stdout(), "vt220\r\n24 80\r\n43 132\r\n");
}

#[tokio::test]
async fn a_shell_reads_commands_from_its_input() {
    let server = SshServer::start();
    let connection = connected(&server).await;
    let input = Input::Stream(InputStream::of("echo one\nexit 4\n"));
    let shell = ExecRequest { program: Program::LoginShell, input, ..request("") };
    let kept = Arc::new(Kept::default());
    let end = tokio::time::timeout(LONG, exec(&connection, &shell, &kept)).await.unwrap().unwrap();
    assert_eq!(end.exit_code, 4);
    assert!(kept.stdout().ends_with("one\n"), "{kept:?}");
}
