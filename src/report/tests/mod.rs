use std::time::Duration;

use crate::model::{
    Disk, ExecutionEngine, Finding, Forward, GuestAdditions, HypervisorHealth, HypervisorKind,
    Mebibytes, NetworkAdapter, PointerRoute, Protocol, Severity, Size, Snapshot, SnapshotId,
    SnapshotTree, Vm, VmId, VmState, VmSummary,
};
use crate::report::{Captured, Document, Format, Header, Paint, Setting, Style, render};
use crate::request::{
    Changed, Creation, HostFigures, Outcome, Response, ScreenReport, SystemStatus, TaskFigures,
};
use crate::screen::{ScreenAnalysis, ScreenKind};

mod changes;

const ID: &str = "6e1f2a60-0000-4000-8000-000000000001";

fn id() -> VmId {
    ID.parse().expect("a UUID")
}

fn summary(name: &str, state: VmState) -> VmSummary {
    VmSummary {
        name: name.to_owned(),
        id: id(),
        state,
        os_type: Some("Windows11_64".to_owned()),
        cpus: Some(2),
        memory: Some(Mebibytes(8192)),
        groups: vec!["/lab".to_owned()],
    }
}

fn listed() -> Response {
    let unknown = VmSummary {
        os_type: None,
        cpus: None,
        memory: None,
        groups: Vec::new(),
        ..summary("second \u{1b}vm", VmState::PoweredOff)
    };
    Response::List(vec![summary("test-vm", VmState::Running), unknown])
}

fn tree() -> SnapshotTree {
    let node = |number: u32, name: &str, parent| Snapshot {
        id: SnapshotId(format!("id-{number}")),
        name: name.to_owned(),
        description: if number == 1 { "first\nline".to_owned() } else { String::new() },
        parent,
    };
    let nodes = vec![
        node(1, "clean", None),
        node(2, "tools", Some(0)),
        node(3, "office", Some(1)),
        node(4, "games", Some(0)),
    ];
    SnapshotTree::new(nodes, Some(2))
}

fn vm() -> Vm {
    let forward = Forward {
        name: "ssh".to_owned(),
        protocol: Protocol::Tcp,
        host_address: Some([127, 0, 0, 1].into()),
        host_port: 2222,
        guest_port: 22,
    };
    Vm {
        name: "web".to_owned(),
        id: id(),
        state: VmState::Running,
        state_since: Some("2026-01-02T03:04:05Z".to_owned()),
        os: "Debian (64-bit)".to_owned(),
        cpus: 2,
        memory: Mebibytes(1536),
        firmware: "bios".to_owned(),
        graphics: "vmsvga".to_owned(),
        execution_engine: Some("interpreter".to_owned()),
        groups: vec!["/".to_owned()],
        description: String::new(),
        adapters: vec![NetworkAdapter {
            slot: 1,
            attachment: "nat".to_owned(),
            mac: "080027AABBCC".to_owned(),
            forwards: vec![forward],
        }],
        disks: vec![Disk { slot: "SATA-0-0".to_owned(), medium: "/vms/web.vdi".to_owned() }],
        remote_display_port: None,
        guest_additions: GuestAdditions { run_level: 2, version: Some("7.2.22".to_owned()) },
        guest: None,
        pointer: PointerRoute { device: Some("usbtablet".to_owned()), way: Some("vboxwebsrv") },
        snapshots: tree(),
        settings_file: Some("/vms/web/web.vbox".into()),
        log_folder: None,
    }
}

fn screen() -> Response {
    Response::Screen(Box::new(ScreenReport {
        vm: "web".to_owned(),
        size: Size { width: 640, height: 480 },
        hash: "abc".to_owned(),
        file: None,
        png: None,
        analysis: Some(ScreenAnalysis {
            size: Size { width: 640, height: 480 },
            kind: ScreenKind::TextConsole,
            confidence: 0.9,
            colours: 2,
            main_colour: [0, 0, 170],
            main_share: 0.975,
        }),
        reading: None,
        changed_share: Some(0.5),
    }))
}

fn system() -> Response {
    let advice = Finding {
        check: "driver".into(),
        severity: Severity::Advice,
        message: "no driver".to_owned(),
        fix: Some("install it".to_owned()),
    };
    Response::SystemStatus(Box::new(SystemStatus {
        hypervisor: HypervisorHealth {
            kind: HypervisorKind::VirtualBox,
            version: Some("7.2.22".to_owned()),
            program: None,
            engine: ExecutionEngine::Interpreter,
            findings: vec![advice],
        },
        host: HostFigures {
            cpus: 2,
            cpu_usage_percent: 25.0,
            memory_bytes: 10_000_000_000,
            memory_available_bytes: 6_000_000_000,
            disk_bytes: 2 << 30,
            disk_free_bytes: 1 << 30,
        },
        vms: vec![(VmState::Running, 2), (VmState::PoweredOff, 3)],
        max_concurrent_vms: 5,
        max_memory_usage_percent: 80,
        max_cpu_usage_percent: 90,
        task_types: Vec::new(),
        task_errors: Vec::new(),
        tasks: TaskFigures {
            done: 7,
            mean_time: Some(Duration::from_millis(1500)),
            ..TaskFigures::default()
        },
        checks: Vec::new(),
    }))
}

fn changed(outcome: Outcome) -> Response {
    Response::Changed(Changed {
        notes: Vec::new(),
        vm: "web".to_owned(),
        action: "start",
        outcome,
        state: Some(VmState::Running),
        took: Duration::from_millis(1234),
    })
}

fn shown(response: &Response, format: Format) -> String {
    styled(response, &Style { format, ..Style::default() })
}

fn styled(response: &Response, style: &Style) -> String {
    render(&Document::of(response), style).expect("it can be shown")
}

#[test]
fn a_list_begins_with_the_name_and_keeps_its_columns_apart() {
    let expected = format!(
        "NAME             STATE     OS            CPUS  MEMORY  GROUPS  ID\n\
         test-vm          running   Windows11_64     2   8 GiB  /lab    {ID}\n\
         second \\u{{1b}}vm  poweroff  -                -       -  -       {ID}\n"
    );
    assert_eq!(shown(&listed(), Format::Table), expected);
    assert_eq!(shown(&listed(), Format::Plain), expected);
    assert_eq!(shown(&listed(), Format::Names), "test-vm\nsecond \\u{1b}vm\n");
}

#[test]
fn an_empty_list_is_empty_in_every_format() {
    let empty = Response::List(Vec::new());
    let heading = "NAME  STATE  OS  CPUS  MEMORY  GROUPS  ID\n";
    assert_eq!(shown(&empty, Format::Table), heading);
    let terminal = Style { width: Some(80), ..Style::default() };
    assert_eq!(styled(&empty, &terminal), "");
    let json = "{\n  \"schema\": 1,\n  \"items\": [],\n  \"errors\": []\n}\n";
    assert_eq!(shown(&empty, Format::Json), json);
    assert_eq!(shown(&empty, Format::JsonLines), "");
    assert_eq!(shown(&empty, Format::Csv), "");
    assert_eq!(shown(&empty, Format::Names), "");
}

#[test]
fn a_list_has_its_frozen_shape_for_programs() {
    let first = format!(
        "{{\"name\":\"test-vm\",\"state\":\"running\",\"os_type\":\"Windows11_64\",\"cpus\":2,\
         \"memory_mib\":8192,\"groups\":[\"/lab\"],\"id\":\"{ID}\"}}"
    );
    let lines = shown(&listed(), Format::JsonLines);
    assert_eq!(lines.lines().next(), Some(first.as_str()));
    let json: serde_json::Value =
        serde_json::from_str(&shown(&listed(), Format::Json)).expect("one document");
    assert_eq!(json["schema"], 1);
    assert_eq!(json["items"][0].to_string(), first);
    assert_eq!(json["items"][1]["name"], "second \u{1b}vm");
    assert!(json["errors"].as_array().is_some_and(Vec::is_empty));
    let csv = shown(&listed(), Format::Csv);
    let expected = format!(
        "name,state,os_type,cpus,memory_mib,groups,id\n\
         test-vm,running,Windows11_64,2,8192,/lab,{ID}\n\
         second \u{1b}vm,poweroff,,,,,{ID}\n"
    );
    assert_eq!(csv, expected);
    let yaml = shown(&listed(), Format::Yaml);
    assert!(yaml.starts_with("schema: 1\nitems:\n- name: test-vm\n  state: running\n"), "{yaml}");
}

#[test]
fn columns_are_chosen_and_strangers_refused() {
    let columns = vec!["memory_mib".to_owned(), "name".to_owned()];
    let style = Style { columns, header: Header::Hidden, ..Style::default() };
    assert_eq!(styled(&listed(), &style), "8 GiB  test-vm\n    -  second \\u{1b}vm\n");
    let csv = Style { format: Format::Csv, ..style.clone() };
    assert_eq!(styled(&listed(), &csv), "8192,test-vm\n,second \u{1b}vm\n");
    let status = Response::Status(Box::new(vm()));
    let state = Style { columns: vec!["state".to_owned()], ..style.clone() };
    assert_eq!(styled(&status, &state), "running\n");
    let stranger = Style { columns: vec!["size".to_owned()], ..style };
    let error = render(&Document::of(&listed()), &stranger).expect_err("no such column");
    assert_eq!(error.to_string(), "there is no column `size` here");
    let hint = "choose from `--columns name,state,os_type,cpus,memory_mib,groups,id`";
    assert_eq!(error.next_step(), Some(hint));
}

#[test]
fn colour_is_added_only_when_wanted() {
    let coloured = Style { paint: Paint::Colour, ..Style::default() };
    assert!(styled(&listed(), &coloured).contains("\u{1b}["));
    assert!(!shown(&listed(), Format::Table).contains('\u{1b}'));
    let plain = Style { format: Format::Plain, ..coloured };
    assert!(!styled(&listed(), &plain).contains('\u{1b}'));
}

#[test]
fn a_status_is_a_sheet() {
    let expected = format!(
        "name              web\n\
         id                {ID}\n\
         state             running since 2026-01-02T03:04:05Z\n\
         operating system  Debian (64-bit)\n\
         cpus              2\n\
         memory            1.5 GiB\n\
         firmware          bios\n\
         graphics          vmsvga\n\
         engine            interpreter\n\
         network           1  nat  080027AABBCC\n\
         forwards          ssh 127.0.0.1:2222 -> 22\n\
         disks             SATA-0-0  /vms/web.vdi\n\
         guest additions   services, 7.2.22\n\
         pointer           usbtablet, through vboxwebsrv\n\
         snapshots         clean\n\
         \x20                 ├─ tools\n\
         \x20                 │  └─ office  (current)\n\
         \x20                 └─ games\n\
         settings          /vms/web/web.vbox\n"
    );
    assert_eq!(shown(&Response::Status(Box::new(vm())), Format::Table), expected);
}

#[test]
fn a_status_has_its_frozen_shape_for_programs() {
    let line = shown(&Response::Status(Box::new(vm())), Format::JsonLines);
    let expected = "{\"name\":\"web\",\"state\":\"running\",\"state_since\":\"2026-01-02T03:04:05Z\",\
         \"os\":\"Debian (64-bit)\",\"cpus\":2,\"memory_mib\":1536,\"firmware\":\"bios\",\
         \"graphics\":\"vmsvga\",\"execution_engine\":\"interpreter\",\"groups\":[\"/\"],\
         \"description\":\"\",\"adapters\":[{\"slot\":1,\"attachment\":\"nat\",\
         \"mac\":\"080027AABBCC\",\"forwards\":[{\"name\":\"ssh\",\"protocol\":\"tcp\",\
         \"host_address\":\"127.0.0.1\",\"host_port\":2222,\"guest_port\":22}]}],\
         \"disks\":[{\"slot\":\"SATA-0-0\",\"medium\":\"/vms/web.vdi\"}],\
         \"remote_display_port\":null,\
         \"guest_additions\":{\"run_level\":2,\"version\":\"7.2.22\"},\"snapshots\":[";
    assert!(line.starts_with(expected), "{line}");
    assert!(line.contains(
        "{\"vm\":\"web\",\"name\":\"office\",\"id\":\"id-3\",\"description\":\"\",\
         \"parent\":\"id-2\",\"current\":true}"
    ));
    assert!(line.ends_with(&format!(
        "\"pointer\":{{\"device\":\"usbtablet\",\"via\":\"vboxwebsrv\"}},\"settings_file\":\"/vms/web/web.vbox\",\"log_folder\":null,\"id\":\"{ID}\"}}\n"
    )));
}

#[test]
fn snapshots_are_a_tree() {
    let response = Response::Snapshots { vm: "web".to_owned(), tree: tree() };
    let expected = "SNAPSHOT                 ID    DESCRIPTION\n\
                    clean                    id-1  first\n\
                    ├─ tools                 id-2\n\
                    │  └─ office  (current)  id-3\n\
                    └─ games                 id-4\n";
    assert_eq!(shown(&response, Format::Table), expected);
    assert_eq!(shown(&response, Format::Names), "clean\ntools\noffice\ngames\n");
}

#[test]
fn a_creation_tells_ports_and_notes() {
    let response = Response::Created(Creation {
        name: "web".to_owned(),
        id: id(),
        state: VmState::PoweredOff,
        forwards: vm().forwards().cloned().collect(),
        remote_display_port: Some(3389),
        notes: vec!["runs on the interpreter".to_owned()],
        took: Duration::from_millis(50),
    });
    let expected = format!(
        "created         web\n\
         state           poweroff\n\
         id              {ID}\n\
         forwards        ssh 127.0.0.1:2222 -> 22\n\
         remote display  port 3389\n\
         note            runs on the interpreter\n\
         took            50 ms\n"
    );
    assert_eq!(shown(&response, Format::Table), expected);
    let line = shown(&response, Format::JsonLines);
    let start = format!(
        "{{\"vm\":\"web\",\"action\":\"create\",\"changed\":true,\"state\":\"poweroff\",\
         \"took_ms\":50,\"id\":\"{ID}\",\"forwards\":["
    );
    assert!(line.starts_with(&start), "{line}");
}

#[test]
fn a_screen_is_described() {
    let expected = "vm           web\n\
                    shows        text-console (90.0 % sure)\n\
                    size         640x480\n\
                    colours      2\n\
                    main colour  #0000aa (97.5 %)\n\
                    changed      50.0 % of the pixels since the last picture\n\
                    hash         abc\n";
    assert_eq!(shown(&screen(), Format::Table), expected);
    let line = "{\"vm\":\"web\",\"width\":640,\"height\":480,\"hash\":\"abc\",\"file\":null,\
                \"changed_share\":0.5,\"analysis\":{\"kind\":\"text-console\",\
                \"confidence\":0.9,\"colours\":2,\"main_colour\":\"#0000aa\",\
                \"main_share\":0.975},\"reading\":null}\n";
    assert_eq!(shown(&screen(), Format::JsonLines), line);
}

#[test]
fn what_a_guests_command_printed_is_in_its_item() {
    let captured = Captured { stdout: b"a\n\xff".to_vec(), stderr: b"b".to_vec() };
    let document =
        Document::executed("web", 3, crate::request::Via::Ssh, Duration::from_millis(7), &captured);
    let style = |format| Style { format, ..Style::default() };
    let line = render(&document, &style(Format::JsonLines)).expect("it can be shown");
    let expected = "{\"vm\":\"web\",\"exit_code\":3,\"via\":\"ssh\",\"took_ms\":7,\
                    \"stdout\":\"a\\n\u{fffd}\",\"stderr\":\"b\"}\n";
    assert_eq!(line, expected);
    assert_eq!(render(&document, &style(Format::Table)).ok().as_deref(), Some(""));
}

#[test]
fn a_system_status_has_sections_and_headroom() {
    let expected = "Hypervisor\n\
        \x20 health       healthy\n\
        \x20 kind         virtualbox\n\
        \x20 version      7.2.22\n\
        \x20 engine       interpreter\n\
        \x20 findings     advice: no driver (install it)\n\
        \n\
        Host\n\
        \x20 cpus         2 (25 % in use)\n\
        \x20 memory       5.5 GiB free of 9.3 GiB\n\
        \x20 disk         1 GiB free of 2 GiB\n\
        \n\
        VMs\n\
        \x20 states       2 running\n\
        \x20              3 poweroff\n\
        \x20 limits       5 VMs at once, 80 % of memory, 90 % of CPU\n\
        \x20 headroom     3 VMs, 3.7 GiB of memory, 65 % of CPU\n\
        \n\
        Tasks\n\
        \x20 ended        7 well, 0 failed, 0 canceled\n\
        \x20 completed    100.0 %\n\
        \x20 open         0\n\
        \x20 retries      0\n\
        \x20 VMs created  0\n\
        \x20 mean time    1.5 s\n";
    assert_eq!(shown(&system(), Format::Table), expected);
    let json: serde_json::Value =
        serde_json::from_str(&shown(&system(), Format::Json)).expect("one document");
    let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
    let expected =
        ["schema", "healthy", "hypervisor", "host", "vms", "limits", "headroom", "tasks", "checks"];
    assert_eq!(keys, expected);
    assert_eq!(json["vms"]["running"], 2);
    assert_eq!(json["headroom"]["memory_bytes"], 4_000_000_000_u64);
    assert_eq!(json["host"]["memory_bytes"], 10_000_000_000_u64);
}

#[test]
fn a_setup_names_the_fix_of_each_finding() {
    let finding = |severity, fix: Option<&str>| Finding {
        check: "driver".into(),
        severity,
        message: "found".to_owned(),
        fix: fix.map(str::to_owned),
    };
    let problem = finding(Severity::Problem, Some("mend it"));
    let response = Response::Checked(vec![finding(Severity::Fine, None), problem]);
    let expected = "RESULT   CHECK   FOUND  WHAT TO DO\n\
                    ok       driver  found\n\
                    problem  driver  found  mend it\n";
    assert_eq!(shown(&response, Format::Table), expected);
    let json: serde_json::Value =
        serde_json::from_str(&shown(&response, Format::Json)).expect("one document");
    assert_eq!((&json["schema"], &json["ok"]), (&1.into(), &false.into()));
    assert_eq!(json["checks"][1]["fix"], "mend it");
    assert_eq!(shown(&response, Format::JsonLines).lines().count(), 2);
}

#[test]
fn a_rehearsal_is_the_calls_themselves() {
    let response = Response::Rehearsed(vec!["VBoxManage startvm web".to_owned()]);
    assert_eq!(shown(&response, Format::Table), "VBoxManage startvm web\n");
    assert_eq!(shown(&response, Format::Names), "VBoxManage startvm web\n");
    let line = "{\"would_run\":\"VBoxManage startvm web\"}\n";
    assert_eq!(shown(&response, Format::JsonLines), line);
}

#[test]
fn a_configuration_keeps_its_sections() {
    let setting = |key: &str, value: serde_json::Value, origin: Option<&str>| Setting {
        key: key.to_owned(),
        value,
        origin: origin.map(str::to_owned),
    };
    let settings = [
        setting("retry.max_attempts", 8.into(), Some("default")),
        setting("logging.level", "info".into(), Some("VM_CLI_LOGGING_LEVEL")),
    ];
    let document = Document::settings(&settings);
    let table = "KEY                 VALUE  ORIGIN\n\
                 retry.max_attempts  8      default\n\
                 logging.level       info   VM_CLI_LOGGING_LEVEL\n";
    let style = |format| Style { format, ..Style::default() };
    assert_eq!(render(&document, &style(Format::Table)).ok().as_deref(), Some(table));
    let line = "{\"schema\":1,\"settings\":{\"retry\":{\"max_attempts\":8},\
                \"logging\":{\"level\":\"info\"}},\"origins\":{\"retry.max_attempts\":\
                \"default\",\"logging.level\":\"VM_CLI_LOGGING_LEVEL\"}}\n";
    assert_eq!(render(&document, &style(Format::JsonLines)).ok().as_deref(), Some(line));
}

#[test]
fn a_narrow_terminal_gets_fewer_columns_and_a_pipe_all() {
    let narrow = |width| Style { width: Some(width), ..Style::default() };
    let shown = |width| styled(&listed(), &narrow(width));
    assert!(
        shown(120)
            .starts_with("NAME             STATE     OS            CPUS  MEMORY  GROUPS  ID\n")
    );
    assert!(
        shown(70).starts_with("NAME             STATE     OS            CPUS  MEMORY  GROUPS\n")
    );
    assert!(shown(58).starts_with("NAME             STATE     OS            CPUS  MEMORY\n"));
    let piped = Style { width: None, ..Style::default() };
    assert!(styled(&listed(), &piped).contains(ID));
}
