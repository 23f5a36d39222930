//! What is done with the pointer arrives in the guest exactly as it was sent, and nothing is left
//! on the host: no web service, no setting.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use vm_cli::hypervisor::Pointer;
use vm_cli::hypervisor::virtualbox::WebServiceOptions;
use vm_cli::model::{Button, PointerReport, Position, VmRef, Wheel};

use super::reporter::{Heard, LEFT, MIDDLE, RIGHT, assert_places, heard, listen};
use super::session::Session;
use super::{FIRST_PASSWORD, VM, ended, setup, signal};
use crate::live::booted::boot;
use crate::live::contract::driver;
use crate::live::world::World;
use crate::support::command::program_file;
use crate::support::served::Served;

const SOON: Duration = Duration::from_secs(20);

#[test]
fn the_pointer_arrives() {
    let Some(world) = World::new("guest: pointer") else { return };
    boot(&world, VM);
    let home = &world.home;
    let early = home.error(4, &["click", VM, "1", "1"]);
    assert_eq!(early["code"], "not_ready", "nobody in the guest follows it: {early}");
    // The devices that tell of the pointer: one tells places, the other buttons.
    let mut session = Session::open(&world, FIRST_PASSWORD);
    listen(&mut session);
    gestures(&world, &mut session);
    nothing_is_left(&world);
    interrupted(&world, &mut session);
    killed(&world);
    several_at_once(&world, &mut session);
    setup::every_control_is_read(&world, &mut session);
    setup::a_button_by_its_text(&world, &mut session);
    an_agent_installs(&world, &mut session);
    // The screen stands still now, and VirtualBox tells a new VNC server of no such.
    by_vnc(&world, &mut session);
}

fn gestures(world: &World, session: &mut Session) {
    let (home, mut place) = (&world.home, (-9, -9));
    let clicked = home.json(&["click", VM, "100", "200"]);
    let item = &clicked["items"][0];
    assert_eq!(item["via"], "vboxwebsrv", "{clicked}");
    assert_eq!(item["screen"], serde_json::json!({"width": 1024, "height": 768}));
    assert!(item["screen_changed"].is_boolean() && item["hash_after"].is_string(), "{clicked}");
    home.ok(&["click", VM, "1023", "767", "--right", "--blind"]);
    home.ok(&["click", VM, "0", "0", "--middle", "--double", "--blind"]);
    let clicks = heard(session, &mut place);
    let click = |button| [(button, 1), (button, 0)];
    let expected = [click(LEFT), click(RIGHT), click(MIDDLE), click(MIDDLE)];
    assert_eq!(clicks.buttons, expected.as_flattened());
    assert_places(&clicks, &[(100, 200), (1023, 767), (0, 0)]);

    home.ok(&["drag", VM, "10", "20", "110", "220", "--blind"]);
    let drag = heard(session, &mut place);
    assert_eq!(drag.buttons, click(LEFT));
    let way: Vec<_> = (0..=10).map(|part| (10 + 10 * part, 20 + 20 * part)).collect();
    assert_places(&drag, &way);

    home.ok(&["scroll", VM, "down", "2", "--blind"]);
    home.ok(&["scroll", VM, "up", "--at", "5,6", "--blind"]);
    home.ok(&["move", VM, "500", "1000", "--space", "1000", "--blind"]);
    let scrolled = heard(session, &mut place);
    assert_eq!(scrolled.wheel, [-1, -1, 1, 1, 1]);
    assert_places(&scrolled, &[(512, 384), (5, 6), (512, 767)]);

    home.ok(&["move", VM, "7", "7", "--dry-run"]);
    let outside = home.error(2, &["click", VM, "1024", "0"]);
    assert!(outside["message"].as_str().is_some_and(|it| it.contains("1024x768")), "{outside}");
    assert_eq!(heard(session, &mut place), Heard::default(), "a rehearsal moves nothing");
}

/// The example agent finds the button, and goes on when the guest says that it was pressed.
fn an_agent_installs(world: &World, session: &mut Session) {
    let served = Served::start(&world.home);
    let url = format!("http://{}", served.address);
    let words = ["Install", "Installation complete", "installed"];
    let mut agent = world.home.command(env!("CARGO_BIN_EXE_example-agent"));
    agent.args([url.as_str(), VM]).args(words);
    let agent = agent.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut place = (-9, -9);
    // To read the screen takes long where many tests run at once.
    let begun = Instant::now();
    while !heard(session, &mut place).buttons.contains(&(LEFT, 1)) {
        assert!(begun.elapsed() < Duration::from_mins(5), "nothing was pressed");
    }
    session.run("printf '\\033[2J\\033[HInstallation complete\\n' >/dev/tty1");
    let run = ended(agent, Duration::from_mins(10));
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(run.stdout.contains("taking the snapshot `installed`"), "{run:#?}");
    assert!(world.home.ok(&["snapshot", "list", VM]).contains("installed"));
    assert_eq!(served.end("-TERM"), Some(0));
}

/// Ctrl-C in the middle: the button goes up, the web service goes away.
fn interrupted(world: &World, session: &mut Session) {
    let mut call = world.home.command(program_file());
    call.args(["scroll", VM, "up", "100", "--blind"]);
    let child = call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("it serves", || !services(world).is_empty());
    signal(&child, "-INT");
    let run = ended(child, SOON);
    assert_eq!(run.code, 130, "{run:#?}");
    nothing_is_left(world);
    let turned = heard(session, &mut (0, 0)).wheel.len();
    assert!(turned < 100, "it was not interrupted");
    let drag = |part: u32| {
        let mut call = world.home.command(program_file());
        call.args(["drag", VM, "10", "10", "900", "700", "--blind", "-vv"]);
        let mut child = call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap()).lines();
        let arrived = format!("part {part} has arrived");
        let is_there = said.map_while(Result::ok).any(|line| line.contains(&arrived));
        assert!(is_there, "it never came to part {part}");
        signal(&child, "-INT");
        ended(child, SOON).code
    };
    let codes: Vec<_> = (1..=7).map(drag).collect();
    let buttons = heard(session, &mut (0, 0)).buttons;
    let moved = |motion| buttons.iter().filter(|(_, found)| *found == motion).count();
    assert_eq!(moved(1), moved(0), "a button is held: {codes:?} {buttons:?}");
    assert!(moved(1) > 0 && codes.contains(&130), "none was interrupted: {codes:?} {buttons:?}");
    nothing_is_left(world);
}

/// Killed in the middle of a start, wherever that is: the next one puts everything back.
fn killed(world: &World) {
    let loan = world.home.path().join("state/web-service-loan");
    let is_lent = || fs::read_to_string(&loan).is_ok_and(|text| !text.is_empty());
    let serves = || !services(world).is_empty();
    let settings = || fs::read_to_string(world.home.path().join("vbox/VirtualBox.xml"));
    let is_set = || settings().is_ok_and(|text| text.contains("VBoxAuthSimple"));
    let moments: [&dyn Fn() -> bool; 4] = [&is_lent, &is_set, &serves, &|| serves() && !is_lent()];
    for moment in moments {
        let mut call = world.home.command(program_file());
        call.args(["click", VM, "9", "9", "--blind"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = call.spawn().unwrap();
        // What is over too soon to be seen is killed at its end.
        while child.try_wait().unwrap().is_none() && !moment() {}
        child.kill().ok();
        child.wait().unwrap();
        until("the service is gone", || services(world).is_empty());
    }
    world.home.ok(&["gc"]);
    nothing_is_left(world);
    let again = world.home.json(&["gc"]);
    assert_eq!(again["items"], Value::Array(Vec::new()), "a second run finds nothing");
    world.home.ok(&["click", VM, "9", "9", "--blind"]);
    nothing_is_left(world);
}

/// Several at once wait for each other.
fn several_at_once(world: &World, session: &mut Session) {
    heard(session, &mut (0, 0));
    let start = |_| {
        let mut call = world.home.command(program_file());
        call.args(["click", VM, "50", "50", "--blind", "--json"]);
        call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..7).map(start).collect();
    for child in children {
        let run = ended(child, Duration::from_mins(1));
        assert_eq!(run.code, 0, "{run:#?}");
    }
    assert_eq!(heard(session, &mut (0, 0)).buttons, [(LEFT, 1), (LEFT, 0)].repeat(7));
    nothing_is_left(world);
}

/// Without a web service the VM's own remote display does it, if it is on.
fn by_vnc(world: &World, session: &mut Session) {
    let driver = driver(world, WebServiceOptions::absent());
    let vm: VmRef = VM.parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let missing = runtime.block_on(driver.way(&vm)).unwrap_err();
    assert!(missing.next_step().is_some_and(|hint| hint.contains("display on")), "{missing:?}");
    world.home.ok(&["display", "on", VM]);
    heard(session, &mut (0, 0));
    runtime.block_on(async {
        assert_eq!(driver.way(&vm).await.unwrap(), "vnc");
        let mut hand = driver.take(&vm).await.unwrap();
        let screen = hand.screen().await.unwrap();
        assert_eq!((screen.width, screen.height), (1024, 768));
        let report = |x, y, held, wheel| PointerReport { at: Position { x, y }, held, wheel };
        let (left, right) = (Some(Button::Left), Some(Button::Right));
        let clicks = [
            report(100, 200, None, Wheel::Still),
            report(100, 200, left, Wheel::Still),
            report(1023, 767, None, Wheel::Still),
            report(1023, 767, right, Wheel::Still),
            report(1023, 767, None, Wheel::Still),
            report(512, 384, None, Wheel::Down),
        ];
        for click in clicks {
            hand.point(&[click]).await.unwrap();
        }
        hand.let_go().await;
    });
    let told = heard(session, &mut (-9, -9));
    assert_eq!(told.buttons, [(LEFT, 1), (LEFT, 0), (RIGHT, 1), (RIGHT, 0)]);
    assert_places(&told, &[(100, 200), (1023, 767), (512, 384)]);
    assert_eq!(told.wheel, [-1]);
    world.home.ok(&["display", "off", VM]);
}

#[track_caller]
fn nothing_is_left(world: &World) {
    assert_eq!(services(world), Vec::<String>::new(), "a web service is left");
    let settings = fs::read_to_string(world.home.path().join("vbox/VirtualBox.xml")).unwrap();
    assert!(!settings.contains("VBoxAuthSimple"), "a setting is left: {settings}");
    let loan = world.home.path().join("state/web-service-loan");
    assert_eq!(fs::read_to_string(loan).unwrap_or_default(), "");
}

/// Returns the web services of this world that run.
fn services(world: &World) -> Vec<String> {
    let socket = world.home.variable("VBOX_IPC_SOCKETID").unwrap();
    let mark = format!("VBOX_IPC_SOCKETID={socket}");
    let listed = Command::new("ps").args(["eww", "-eo", "pid,args"]).output().unwrap();
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let ours = |line: &&str| line.contains("vboxwebsrv") && line.contains(&mark);
    text.lines().filter(ours).map(str::to_owned).collect()
}

#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < SOON, "not so: {what}");
    }
}
