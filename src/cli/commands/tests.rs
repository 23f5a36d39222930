use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use super::Command;
use super::several::OnEach;
use crate::cli::arguments::Arguments;
use crate::cli::target::Given;
use crate::cli::targets::Aim;
use crate::cli::testing::given;
use crate::error::Error;
use crate::model::{
    Display, ExecutionEngine, Firmware, Gibibytes, GraphicsController, Mebibytes, Nic,
    RecoveryPolicy, StopMode, Switch, VmRef,
};
use crate::request::{
    Analysis, CloneWish, CreateRequest, DiskWish, ExecRequest, ExportRequest, ForwardAction,
    IfFileExists, IfLive, IfMissing, ImportRequest, PictureTo, PortWish, Program, Request,
    ScreenWatch, ScreenshotRequest, Secret, SnapshotAction, StopRequest, View, WaitCondition,
    WhenFull, WhenLate,
};

/// Splits a line as a POSIX shell does, as far as the examples need it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

pub(super) fn parse(line: &str) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(words(line))
}

/// Returns what is asked for of the one VM that is meant.
fn single(command: &impl OnEach, given: &Given) -> Result<Request, Error> {
    match command.targets(given)?.aim(given, || Ok(String::new()))? {
        Aim::One(vm) => command.request(vm, given),
        Aim::Several(selection) => panic!("several: {selection:?}"),
    }
}

/// Returns what a line asks for, or why not.
pub(super) fn request(line: &str) -> Result<Request, String> {
    let command = parse(line).map_err(|e| e.to_string())?.command;
    let given = given();
    let request = match command {
        Command::Create(it) => it.request(&given),
        Command::Start(it) => single(&it, &given),
        Command::Stop(it) => single(&it, &given),
        Command::Restart(it) => single(&it, &given),
        Command::Reset(it) => single(&it, &given),
        Command::Pause(it) => single(&it, &given),
        Command::Resume(it) => single(&it, &given),
        Command::Delete(it) => single(&it, &given),
        Command::Status(it) => single(&it, &given),
        Command::Wait(it) => single(&it, &given),
        Command::Snapshot(it) => single(&it, &given),
        Command::Rollback(it) => it.request(&given),
        Command::Run(it) => it.wanted(&given, None).map(|run| Request::Run(Box::new(run))),
        Command::Shell(it) => it.request(&given, None).map(|it| Request::Exec(Box::new(it))),
        Command::Screenshot(it) => single(&it, &given),
        Command::Unlock(it) => it.request(&given),
        Command::Display(it) => it.request(&given, Secret::new("made up")),
        Command::Type(it) => it.request(&given, None),
        Command::Clock(it) => it.request(&given, None),
        Command::Record(it) => it.request(&given),
        Command::Key(it) => it.request(&given),
        Command::Click(it) => it.request(&given),
        Command::Move(it) => it.request(&given),
        Command::Drag(it) => it.request(&given),
        Command::Scroll(it) => it.request(&given),
        Command::Recover(it) => single(&it, &given),
        Command::Exec(it) => it.request(vm("web"), &given, Some(Secret::new("read"))),
        Command::Copy(it) => it.request(&given, None),
        Command::Template(it) => it.request(&given),
        Command::Clone(it) => it.request(&given),
        Command::Export(it) => it.request(&given),
        Command::Import(it) => it.request(),
        Command::Share(it) => it.request(&given),
        Command::Forward(it) => it.request(&given),
        Command::CreateWindows(_)
        | Command::CreateLinux(_)
        | Command::Iso(_)
        | Command::AnswerMedia(_)
        | Command::ScreenDiff(_)
        | Command::Analyze(_)
        | Command::Find(_)
        | Command::Assert(_)
        | Command::List(_)
        | Command::Up(_)
        | Command::Down(_)
        | Command::Watch(_)
        | Command::Logs(_)
        | Command::Setup(_)
        | Command::SystemStatus(_)
        | Command::Tasks(_)
        | Command::Metrics(_)
        | Command::Audit(_)
        | Command::Gc(_)
        | Command::Config(_)
        | Command::Top(_)
        | Command::Demo(_)
        | Command::Completions(_)
        | Command::Mcp(_)
        | Command::Serve(_)
        | Command::Events(_)
        | Command::Token(_)
        | Command::Man(_) => return Err("asks for nothing".to_owned()),
    };
    request.map_err(|error| error.to_string())
}

fn vm(name: &str) -> VmRef {
    name.parse().expect("a name")
}

fn creation(line: &str) -> CreateRequest {
    match request(line) {
        Ok(Request::Create(creation)) => *creation,
        other => panic!("`{line}` is {other:?}"),
    }
}

#[test]
fn the_spellings_in_peoples_scripts_work() {
    let made = creation("vm-cli create --name my-first-vm --memory 8192 --disk 100");
    assert_eq!(made.name.as_str(), "my-first-vm");
    assert_eq!(made.memory, Some(Mebibytes(8192)));
    assert_eq!(made.disk, Some(DiskWish::Size(Gibibytes(100))));
    let start = Request::Start {
        vm: vm("my-first-vm"),
        display: Display::Headless,
        wait: None,
        when_full: WhenFull::Refuse,
    };
    for wait in ["--wait ssh", "--wait=ssh"] {
        let Ok(Request::Start { wait, .. }) = request(&format!("vm-cli start --name web {wait}"))
        else {
            panic!("no start");
        };
        assert_eq!(wait, Some((WaitCondition::Ssh, Duration::from_mins(5))));
    }
    assert_eq!(request("vm-cli start --name my-first-vm"), Ok(start.clone()));
    assert_eq!(request("vm-cli start my-first-vm"), Ok(start));
    let status = Request::Status(vm("my-first-vm"));
    for word in ["status --name", "info", "show", "status"] {
        assert_eq!(request(&format!("vm-cli {word} my-first-vm")), Ok(status.clone()));
    }
    let SnapshotAction::Take { name, .. } =
        snapshot("vm-cli snapshot --name vm-name --snapshot-name \"clean-state\"")
    else {
        panic!("not taken")
    };
    assert_eq!(name.as_str(), "clean-state");
    let seen = ScreenshotRequest {
        vm: vm("vm-name"),
        to: PictureTo::Response,
        analysis: Analysis::Wanted,
        view: View::default(),
    };
    let line = "vm-cli screenshot --name vm-name --analyze";
    assert_eq!(request(line), Ok(Request::Screenshot(seen)));
    let line = "vm-cli exec --name vm-name --command \"dir\" --username admin --password password";
    let Ok(Request::Exec(exec)) = request(line) else { panic!("not run") };
    let ExecRequest { program, credentials, .. } = *exec;
    assert_eq!(program, Program::Line("dir".to_owned()));
    assert_eq!(credentials.user.as_deref(), Some("admin"));
    assert!(matches!(parse("vm-cli list").map(|it| it.command), Ok(Command::List(_))));
    let system = parse("vm-cli system-status").map(|it| it.command);
    assert!(matches!(system, Ok(Command::SystemStatus(_))));
}

#[test]
fn a_creation_says_only_what_was_said() {
    let least = creation("vm-cli create web");
    assert_eq!(least.memory, None);
    assert_eq!(least.disk, None);
    assert_eq!((least.ssh, least.remote_display), (PortWish::Configured, PortWish::Configured));
    assert_eq!((least.start, least.wait), (None, None));
    let most = creation(
        "vm-cli create web -m 8G --no-disk -c 4 --os-type Ubuntu_64 --iso u.iso --firmware efi \
         --graphics vmsvga --accelerate-3d --execution-engine interpreter --nic bridged:eth0 \
         --ssh-port 2222 --rdp --forward web:8080:80 --group lab --group /a/b \
         --description -x --start --gui --wait=ssh --timeout 5m",
    );
    assert_eq!(most.memory, Some(Mebibytes(8192)));
    assert_eq!(most.disk, Some(DiskWish::None));
    assert_eq!(most.cpus, Some(4));
    assert_eq!(most.os_type.as_deref(), Some("Ubuntu_64"));
    assert_eq!(most.iso, Some(PathBuf::from("u.iso")));
    assert_eq!(most.firmware, Some(Firmware::Efi));
    assert_eq!(most.graphics, Some(GraphicsController::Vmsvga));
    assert_eq!(most.accelerate_3d, Some(Switch::On));
    assert_eq!(most.execution_engine, Some(ExecutionEngine::Interpreter));
    assert_eq!(most.nic, Some(Nic::Bridged("eth0".to_owned())));
    assert_eq!((most.ssh, most.remote_display), (PortWish::Port(2222), PortWish::Free));
    assert_eq!(most.forwards.len(), 1);
    assert_eq!(most.groups, ["/lab", "/a/b"]);
    assert_eq!(most.description, "-x");
    assert_eq!(most.start, Some(Display::Gui));
    assert_eq!(most.wait, Some((WaitCondition::Ssh, Duration::from_mins(5))));
    let off = creation("vm-cli create web --accelerate-3d=off --rdp=3390 --ssh-port none");
    assert_eq!(off.accelerate_3d, Some(Switch::Off));
    assert_eq!((off.ssh, off.remote_display), (PortWish::None, PortWish::Port(3390)));
}

#[test]
fn a_stop_is_gentle_unless_said_otherwise() {
    let stop = |line: &str| match request(line) {
        Ok(Request::Stop(StopRequest { mode, timeout, then, .. })) => {
            (mode, timeout.as_secs(), then)
        }
        other => panic!("`{line}` is {other:?}"),
    };
    assert_eq!(stop("vm-cli stop --name vm-name"), (StopMode::Acpi, 60, WhenLate::Fail));
    assert_eq!(stop("vm-cli stop web --timeout 5"), (StopMode::Acpi, 5, WhenLate::Fail));
    let forced = stop("vm-cli stop --name vm-name --force");
    assert_eq!(forced.0, StopMode::PowerOff);
    assert_eq!(stop("vm-cli stop web --save").0, StopMode::Save);
    let late = (StopMode::Acpi, 90, WhenLate::PowerOff);
    assert_eq!(stop("vm-cli stop web --force-after 90s"), late);
    for line in ["--force --save", "--force --timeout 5", "--timeout 5 --force-after 5"] {
        assert!(request(&format!("vm-cli stop web {line}")).is_err(), "{line}");
    }
}

fn snapshot(line: &str) -> SnapshotAction {
    match request(line) {
        Ok(Request::Snapshot { vm, action }) => {
            assert_eq!(vm.as_str(), "vm-name", "{line}");
            action
        }
        other => panic!("`{line}` is {other:?}"),
    }
}

#[test]
fn a_snapshot_is_named_in_every_way() {
    let lines = [
        "vm-cli snapshot vm-name --snapshot-name s",
        "vm-cli snapshot --snapshot-name s --name vm-name",
        "vm-cli snapshot take vm-name s",
        "vm-cli snapshot take --name vm-name s",
        "vm-cli snapshot take vm-name --snapshot-name s",
        "vm-cli snapshot take --name vm-name --snapshot-name s",
        "vm-cli snapshot --name vm-name take s",
        "vm-cli snapshot --name vm-name --snapshot-name s take",
    ];
    let taken =
        SnapshotAction::Take { name: "s".parse().expect("a name"), description: String::new() };
    for line in lines {
        assert_eq!(snapshot(line), taken, "{line}");
    }
    for line in ["list vm-name", "ls --name vm-name", "--name vm-name list"] {
        assert_eq!(snapshot(&format!("vm-cli snapshot {line}")), SnapshotAction::List, "{line}");
    }
    let restored = snapshot("vm-cli snapshot restore vm-name s --force --start");
    let expected = SnapshotAction::Restore {
        snapshot: "s".parse().expect("a name"),
        if_live: IfLive::PowerOff,
        start: Some(Display::Headless),
    };
    assert_eq!(restored, expected);
    let deleted = snapshot("vm-cli snapshot delete --name vm-name s");
    assert_eq!(deleted, SnapshotAction::Delete { snapshot: "s".parse().expect("a name") });
    let nothing = request("vm-cli snapshot vm-name").expect_err("nothing is said");
    assert_eq!(nothing, "it is not said what to do with snapshots");
    let unnamed = request("vm-cli snapshot take vm-name").expect_err("no snapshot");
    assert_eq!(unnamed, "no snapshot is named");
    assert!(request("vm-cli snapshot --name a take --name b s").is_err());
}

#[test]
fn a_wait_has_a_condition() {
    let ready = |seconds| Request::Wait {
        vm: vm("web"),
        condition: WaitCondition::Ssh,
        timeout: Duration::from_secs(seconds),
        watch: ScreenWatch::default(),
    };
    assert_eq!(request("vm-cli wait web ssh"), Ok(ready(300)));
    assert_eq!(request("vm-cli wait --name web ssh --timeout 1m30s"), Ok(ready(90)));
    assert_eq!(request("vm-cli wait web --for ssh"), Ok(ready(300)));
    let why = request("vm-cli wait web soon").expect_err("no condition");
    assert!(why.contains("running, poweroff, ip, ssh, additions, screen-stable"), "{why}");
    let Ok(Request::Wait { watch, condition, .. }) =
        request("vm-cli wait web screen-changed --since a.png --tolerance 2%")
    else {
        panic!("a screen is waited for")
    };
    assert_eq!(condition, WaitCondition::ScreenChanged);
    assert_eq!((watch.since, watch.tolerance), (Some("a.png".into()), "2%".parse().unwrap()));
    let misplaced = request("vm-cli wait web ssh --since a.png").expect_err("misplaced");
    assert_eq!(misplaced, "`--since` says nothing about `ssh`");
    assert_eq!(request("vm-cli wait web").expect_err("none"), "no condition is named");
}

#[test]
fn a_deletion_says_what_is_allowed() {
    let delete = |if_missing, if_live| Ok(Request::Delete { vm: vm("web"), if_missing, if_live });
    assert_eq!(request("vm-cli delete web"), delete(IfMissing::Fail, IfLive::Fail));
    let line = "vm-cli rm --name web --if-exists --force -y";
    assert_eq!(request(line), delete(IfMissing::Succeed, IfLive::PowerOff));
}

#[test]
fn a_picture_goes_to_its_file() {
    let to = |line: &str| match request(line) {
        Ok(Request::Screenshot(ScreenshotRequest { to, .. })) => to,
        other => panic!("`{line}` is {other:?}"),
    };
    assert_eq!(to("vm-cli screenshot web"), PictureTo::File("web.png".into()));
    assert_eq!(to("vm-cli screenshot a/b"), PictureTo::File("a_b.png".into()));
    assert_eq!(to("vm-cli screenshot web -o x.png"), PictureTo::File("x.png".into()));
    assert_eq!(to("vm-cli screenshot web -o x.png -a"), PictureTo::File("x.png".into()));
    assert_eq!(to("vm-cli screenshot web -o -"), PictureTo::Response);
    assert_eq!(to("vm-cli screenshot web --analyze"), PictureTo::Response);
}

#[test]
fn bad_names_and_numbers_are_refused_with_a_reason() {
    let cases = [
        ("create --name -x", "begins with `-`"),
        ("create --name --memory", "begins with `-`"),
        ("create a/b", "cannot stand in a file name"),
        ("create web --memory -5", "memory `-5` is negative"),
        ("create web --memory 0", "out of range"),
        ("create web --disk -1", "disk `-1` is negative"),
        ("create web --disk 0", "--no-disk"),
        ("create web --cpus -2", "must be 1 to 64"),
        ("create web --cpus 0", "must be 1 to 64"),
        ("create web --wait", "`--wait` needs a VM that is started"),
        ("create web --group a,b", "is not of the form"),
        ("create", "no VM is named"),
        ("create a --name b", "two VMs are named"),
        ("stop web --timeout -5", "is negative"),
        ("status ''", "is empty"),
    ];
    for (line, why) in cases {
        let told = request(&format!("vm-cli {line}")).expect_err(line);
        assert!(told.contains(why), "`{line}`: {told}");
    }
    let long = "x".repeat(300);
    let told = request(&format!("vm-cli create {long}")).expect_err("too long");
    assert!(told.contains("300 bytes long"), "{told}");
}

#[test]
fn global_arguments_stand_before_and_after_the_command() {
    for line in ["vm-cli --json -v list", "vm-cli list --json -v", "vm-cli -v list --json"] {
        let global = parse(line).expect(line).global;
        assert!(global.json && global.verbose == 1, "{line}");
    }
    let global = parse("vm-cli list --format csv --json").expect("parses").global;
    assert!(global.format().is_err());
}

#[test]
fn a_format_that_a_command_does_not_have_is_refused_before_anything_is_done() {
    let check = |line: &str| {
        let arguments = parse(line).expect(line);
        let format = arguments.global.format().expect(line);
        arguments.command.check_format(format).map_err(|error| error.to_string())
    };
    for line in [
        "vm-cli analyze screen.png --format tree",
        "vm-cli screenshot web --analyze --format tree",
        "vm-cli metrics --format prometheus",
        "vm-cli analyze screen.png --text --json",
    ] {
        assert_eq!(check(line), Ok(()), "{line}");
    }
    for line in [
        "vm-cli delete web --format tree",
        "vm-cli delete web --format prometheus",
        "vm-cli screenshot web --format tree",
        "vm-cli analyze screen.png --text --format tree",
        "vm-cli analyze screen.png --audit --format tree",
    ] {
        let told = check(line).expect_err(line);
        assert!(told.starts_with("only "), "`{line}`: {told}");
    }
}

#[test]
fn a_copy_is_named_in_every_way() {
    let cloned = |line: &str| match request(line) {
        Ok(Request::Clone(it)) => *it,
        other => panic!("`{line}` is {other:?}"),
    };
    let full = cloned("vm-cli clone web web-2");
    assert_eq!((full.source, full.content, full.snapshot), (vm("web"), CloneWish::Full, None));
    assert_eq!(cloned("vm-cli clone --name web --to web-2").names, full.names);
    assert_eq!(cloned("vm-cli clone web --to web-2").names, full.names);
    let linked = cloned("vm-cli clone web t-{} --linked --snapshot clean --count 2");
    assert_eq!((linked.names.len(), linked.content), (2, CloneWish::Linked));
    assert_eq!(linked.snapshot.map(|it| it.to_string()), Some("clean".to_owned()));
    for (line, why) in [
        ("clone web", "no copy is named"),
        ("clone web t-{} --count 0", "is none of 1 to 1000"),
        ("clone web a/b", "cannot stand in a file name"),
        ("export web", "--output"),
        ("import web.ova --name -x", "begins with `-`"),
    ] {
        let told = request(&format!("vm-cli {line}")).expect_err(line);
        assert!(told.contains(why), "`{line}`: {told}");
    }
    let export =
        ExportRequest { vm: vm("web"), file: "web.ova".into(), if_exists: IfFileExists::Replace };
    assert_eq!(request("vm-cli export web -o web.ova -f"), Ok(Request::Export(export)));
    let import = ImportRequest { file: "web.ova".into(), name: None };
    assert_eq!(request("vm-cli import web.ova"), Ok(Request::Import(import)));
}

#[test]
fn a_forward_is_described_to_be_added_and_named_to_be_removed() {
    let action = |line: &str| match request(line) {
        Ok(Request::Forward { vm, action }) => {
            assert_eq!(vm.as_str(), "web", "{line}");
            action
        }
        other => panic!("`{line}` is {other:?}"),
    };
    assert_eq!(action("vm-cli forward ls web"), ForwardAction::List);
    let added = action("vm-cli forward add web http:free:80");
    assert_eq!(action("vm-cli forward add --name web --rule http:free:80"), added);
    let ForwardAction::Add(wish) = added else { panic!("{added:?}") };
    assert_eq!((wish.host, wish.guest_port), (PortWish::Free, 80));
    assert_eq!(action("vm-cli forward rm web http"), ForwardAction::Remove("http".to_owned()));
    assert!(request("vm-cli forward add web http").is_err());
}

#[test]
fn a_start_waits_for_a_place_only_if_it_is_said() {
    let queue = |line: &str| match request(line) {
        Ok(Request::Start { when_full, .. }) => when_full,
        other => panic!("`{line}` is {other:?}"),
    };
    assert_eq!(queue("vm-cli start web"), WhenFull::Refuse);
    assert_eq!(queue("vm-cli start web --queue"), WhenFull::Wait(None));
    let minute = WhenFull::Wait(Some(Duration::from_mins(1)));
    assert_eq!(queue("vm-cli start web --queue=1m"), minute);
}

#[test]
fn a_recovery_does_nothing_unless_it_is_said_and_a_snapshot_says_it() {
    let asked = |line: &str| match request(line) {
        Ok(Request::Recover(asked)) => (asked.policy, asked.snapshot),
        other => panic!("`{line}` is {other:?}"),
    };
    assert_eq!(asked("vm-cli recover web"), (RecoveryPolicy::None, None));
    assert_eq!(asked("vm-cli recover web --policy restart"), (RecoveryPolicy::Restart, None));
    let clean = (RecoveryPolicy::RestoreSnapshot, Some("clean".to_owned()));
    assert_eq!(asked("vm-cli recover web --snapshot clean"), clean);
    let told = request("vm-cli recover web --policy restart --snapshot clean").unwrap_err();
    assert!(told.contains("contradict each other"), "{told}");
}
