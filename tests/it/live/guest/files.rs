//! Files on both ways into the guest, commands through its Guest Additions, shared folders.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::session::Session;
use super::{FIRST_PASSWORD, VM, ended};
use crate::live::booted::boot;
use crate::live::world::World;
use crate::support::command::program_file;

#[test]
fn files_and_commands_go_into_a_guest_on_both_ways() {
    let Some(mut world) = World::new("guest-files") else { return };
    boot(&world, VM);
    world.home.set("VM_CLI_PASSWORD", FIRST_PASSWORD);
    let mut session = Session::open(&world, FIRST_PASSWORD);
    let folder = world.home.path().to_owned();
    plant(&folder);
    there_and_back(&world, &folder);
    one_file_by_additions(&world, &folder);
    for way in ["ssh", "additions"] {
        no_room(&world, &mut session, &folder, way);
    }
    gone_on_with(&world, &mut session, &folder);
    through_the_additions(&mut world, &mut session);
    shared(&world, &mut session, &folder);
    without_additions(&world, &mut session);
    a_guest_that_dies(&world, &mut session, &folder);
}

/// Makes what is copied: a tree with modes, odd names and a link, and two larger files.
fn plant(folder: &Path) {
    fs::create_dir_all(folder.join("tree/empty")).unwrap();
    fs::write(folder.join("tree/two  wörds"), "ä\n").unwrap();
    fs::write(folder.join("tree/it's"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(folder.join("tree/it's"), fs::Permissions::from_mode(0o750)).unwrap();
    std::os::unix::fs::symlink("it's", folder.join("tree/link")).unwrap();
    let bytes = |length: u32| (0..length).map(|it| (it * 31 / 7).to_le_bytes()[0]);
    fs::write(folder.join("large"), bytes(300_000).collect::<Vec<_>>()).unwrap();
    fs::write(folder.join("huge"), bytes(3_000_000).collect::<Vec<_>>()).unwrap();
}

fn copied(world: &World, arguments: &[&str]) -> Value {
    let all = [&["copy", "--json"], arguments].concat();
    let document: Value = serde_json::from_str(&world.home.ok(&all)).unwrap();
    document["items"][0].clone()
}

fn there_and_back(world: &World, folder: &Path) {
    let (way, guest, back) = ("ssh", format!("{VM}:/tmp/tree"), folder.join("back"));
    let tree = folder.join("tree").display().to_string();
    let into = copied(world, &["-r", "--via", way, &tree, &guest]);
    assert_eq!((into["files"].as_u64(), into["folders"].as_u64()), (Some(2), Some(2)), "{into}");
    assert_eq!((&into["via"], &into["verified"]), (&way.into(), &"guest-sum".into()), "{into}");
    assert_eq!(into["skipped"].as_array().unwrap().len(), 1, "the link: {into}");
    copied(world, &["-r", "--via", way, &guest, &back.display().to_string()]);
    assert_eq!(fs::read_to_string(back.join("two  wörds")).unwrap(), "ä\n");
    let mode = fs::metadata(back.join("it's")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o750, "the mode went there and back");
    assert!(back.join("empty").is_dir());
}

/// Each step logs in anew there, which this guest takes ten seconds for.
fn one_file_by_additions(world: &World, folder: &Path) {
    let (odd, guest) = (folder.join("tree/two  wörds"), format!("{VM}:wörds"));
    let into = copied(world, &["--via", "additions", &odd.display().to_string(), &guest]);
    assert_eq!((&into["via"], &into["verified"]), (&"additions".into(), &"guest-sum".into()));
    let back = folder.join("words");
    let guest = format!("{VM}:/home/admin/wörds");
    copied(world, &["--via", "additions", &guest, &back.display().to_string()]);
    assert_eq!(fs::read_to_string(back).unwrap(), "ä\n");
}

/// A disk of 1 MiB: the right error, and nothing half is left.
fn no_room(world: &World, session: &mut Session, folder: &Path, way: &str) {
    let huge = folder.join("huge").display().to_string();
    let full = world.home.error(1, &["copy", "--via", way, &huge, &format!("{VM}:/small/")]);
    assert_eq!(full["code"], "disk_full", "{way}: {full}");
    assert!(full["message"].as_str().is_some_and(|it| it.contains("guest")), "{full}");
    assert_eq!(session.run("ls -A /small"), "", "{way} left something");
}

fn gone_on_with(world: &World, session: &mut Session, folder: &Path) {
    let large = folder.join("large").display().to_string();
    copied(world, &[&large, &format!("{VM}:/tmp/large")]);
    let cut = "cd /tmp && head -c 200000 large > .large.vm-cli-part && rm large && \
               chown 1000 .large.vm-cli-part";
    session.run(cut);
    let resumed = copied(world, &["--resume", &large, &format!("{VM}:/tmp/large")]);
    assert_eq!(resumed["kept_bytes"], 200_000, "{resumed}");
    assert_eq!(resumed["bytes"], 100_000, "{resumed}");
}

/// Exit codes are the guest's own, bytes stay as they are, and what is late is ended there too.
fn through_the_additions(world: &mut World, session: &mut Session) {
    let exec = |world: &World, arguments: &[&str]| {
        let mut call = world.home.command(program_file());
        call.args(["exec", VM, "--via", "additions"]).args(arguments);
        call.output().unwrap()
    };
    let command = "printf 'a\\377\\r\\n'; echo \"$STAGE in $(pwd), ü\" >&2; exit 3";
    let run = exec(world, &["-q", "--env", "STAGE=test", "--cwd", "/tmp", "--", command]);
    assert_eq!((run.status.code(), run.stdout.as_slice()), (Some(3), &b"a\xff\r\n"[..]));
    assert_eq!(String::from_utf8_lossy(&run.stderr), "test in /tmp, ü\n");
    assert_eq!(exec(world, &["-q", "--", "no-such-command"]).status.code(), Some(127));
    let asked = ["exec", VM, "--via", "additions", "--timeout", "15s"];
    let late = world.home.error(255, &[&asked[..], &["--command", "sleep 600; echo x"]].concat());
    assert_eq!(late["code"], "timed_out", "{late}");
    let left = session.run("ps w | grep '[s]leep 600' || true");
    assert_eq!(left, "", "it lives on in the guest");
    world.home.set("VM_CLI_PASSWORD", "wrong");
    let refused = world.home.error(255, &["exec", VM, "--via", "additions", "--command", "true"]);
    world.home.set("VM_CLI_PASSWORD", FIRST_PASSWORD);
    assert_eq!(refused["code"], "guest_auth", "{refused}");
    picked(world, session);
}

/// The way that answers: SSH comes first, and without it the Guest Additions do it.
fn picked(world: &World, session: &mut Session) {
    let told = || world.home.json(&["exec", VM, "--via", "auto", "--command", "true"]);
    let answers = told();
    assert_eq!(answers["items"][0]["via"], "ssh", "it answers: {answers}");
    // The one who listens is the first; connections that are there live on.
    session.run("kill $(pidof dropbear | tr ' ' '\\n' | sort -n | head -n 1)");
    let silent = told();
    session.run("dropbear -E -r /etc/dropbear/hostkey -p 22");
    assert_eq!(silent["items"][0]["via"], "additions", "no SSH server answers: {silent}");
}

fn shared(world: &World, session: &mut Session, folder: &Path) {
    let tree = folder.join("tree").display().to_string();
    world.home.ok(&["share", "add", VM, &tree, "--as", "lent", "--readonly"]);
    let listed = world.home.ok(&["share", "list", VM, "--json"]);
    let document: Value = serde_json::from_str(&listed).unwrap();
    let item = &document["items"][0];
    assert_eq!((&item["name"], &item["writable"]), (&"lent".into(), &false.into()), "{item}");
    assert_eq!(item["lifetime"], "until-off", "{item}");
    let (code, seen) =
        session.ended("mkdir -p /m && mount -t vboxsf lent /m && cat \"/m/it's\"; touch /m/x");
    assert!(seen.contains("#!/bin/sh"), "{seen}");
    assert_ne!(code, 0, "it may only be read");
    session.run("umount /m");
    world.home.ok(&["share", "remove", VM, "lent"]);
    assert_eq!(world.home.error(3, &["share", "remove", VM, "lent"])["code"], "not_found");
}

/// The guest goes off under a copy: an error, soon, and no file of the target's name.
fn a_guest_that_dies(world: &World, session: &mut Session, folder: &Path) {
    let (from, to) = (format!("{VM}:/tmp/big"), folder.join("never"));
    session.run("head -c 9000000 /dev/zero > /tmp/big");
    let mut call = world.home.command(program_file());
    call.args(["copy", "--json", &from]).arg(&to).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = call.spawn().unwrap();
    let part = folder.join(".never.vm-cli-part");
    let begun = Instant::now();
    while !part.metadata().is_ok_and(|it| 0 < it.len()) {
        assert!(begun.elapsed() < Duration::from_mins(2), "nothing came");
        std::thread::sleep(Duration::from_millis(20));
    }
    world.vboxmanage(&["controlvm", VM, "poweroff"]);
    let run = ended(child, Duration::from_secs(30));
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["error"]["code"], "guest_unreachable", "{run:#?}");
    assert!(!to.exists() && !part.exists(), "something half is left");
}

/// The error says what to do.
fn without_additions(world: &World, session: &mut Session) {
    session.run("killall VBoxService");
    let arguments = ["exec", VM, "--via", "additions", "--reach-within", "2s", "--command", "true"];
    let error = world.home.error(255, &arguments);
    assert!(["timed_out", "guest_not_ready"].contains(&error["code"].as_str().unwrap()), "{error}");
    assert!(error["hint"].as_str().is_some_and(|it| it.contains("dditions")), "{error}");
    let told = world.home.json(&["exec", VM, "--via", "auto", "--command", "true"]);
    assert_eq!(told["items"][0]["via"], "ssh", "the one way that is there: {told}");
}
