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

use super::{VM, as_root, boot, ended, signal};
use crate::live::contract::driver;
use crate::live::world::World;
use crate::support::command::program_file;

const LEFT: u16 = 0x110;
const RIGHT: u16 = 0x111;
const MIDDLE: u16 = 0x112;

const SOON: Duration = Duration::from_secs(20);

#[test]
fn the_pointer_arrives() {
    let Some(world) = World::new("guest: pointer") else { return };
    boot(&world);
    let home = &world.home;
    let early = home.error(4, &["click", VM, "1", "1"]);
    assert_eq!(early["code"], "not_ready", "nobody in the guest follows it: {early}");
    // The devices that tell of the pointer: one tells places, the other buttons.
    listen(&world);
    gestures(&world);
    nothing_is_left(&world);
    interrupted(&world);
    killed(&world);
    several_at_once(&world);
    by_vnc(&world);
}

fn gestures(world: &World) {
    let (home, mut place) = (&world.home, (-9, -9));
    let clicked = home.json(&["click", VM, "100", "200"]);
    let item = &clicked["items"][0];
    assert_eq!(item["via"], "vboxwebsrv", "{clicked}");
    assert_eq!(item["screen"], serde_json::json!({"width": 1024, "height": 768}));
    assert!(item["screen_changed"].is_boolean() && item["hash_after"].is_string(), "{clicked}");
    home.ok(&["click", VM, "1023", "767", "--right", "--blind"]);
    home.ok(&["click", VM, "0", "0", "--middle", "--double", "--blind"]);
    let clicks = heard(world, &mut place);
    let click = |button| [(button, 1), (button, 0)];
    let expected = [click(LEFT), click(RIGHT), click(MIDDLE), click(MIDDLE)];
    assert_eq!(clicks.buttons, expected.as_flattened());
    assert_places(&clicks, &[(100, 200), (1023, 767), (0, 0)]);

    home.ok(&["drag", VM, "10", "20", "110", "220", "--blind"]);
    let drag = heard(world, &mut place);
    assert_eq!(drag.buttons, click(LEFT));
    let way: Vec<_> = (0..=10).map(|part| (10 + 10 * part, 20 + 20 * part)).collect();
    assert_places(&drag, &way);

    home.ok(&["scroll", VM, "down", "2", "--blind"]);
    home.ok(&["scroll", VM, "up", "--at", "5,6", "--blind"]);
    home.ok(&["move", VM, "500", "1000", "--space", "1000", "--blind"]);
    let scrolled = heard(world, &mut place);
    assert_eq!(scrolled.wheel, [-1, -1, 1, 1, 1]);
    assert_places(&scrolled, &[(512, 384), (5, 6), (512, 767)]);

    home.ok(&["move", VM, "7", "7", "--dry-run"]);
    let outside = home.error(2, &["click", VM, "1024", "0"]);
    assert!(outside["message"].as_str().is_some_and(|it| it.contains("1024x768")), "{outside}");
    assert_eq!(heard(world, &mut place), Heard::default(), "a rehearsal moves nothing");
}

/// Ctrl-C in the middle: the button goes up, the web service goes away.
fn interrupted(world: &World) {
    let mut call = world.home.command(program_file());
    call.args(["scroll", VM, "up", "100", "--blind"]);
    let child = call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("it serves", || !services(world).is_empty());
    signal(&child, "-INT");
    let run = ended(child, SOON);
    assert_eq!(run.code, 130, "{run:#?}");
    nothing_is_left(world);
    let turned = heard(world, &mut (0, 0)).wheel.len();
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
    let buttons = heard(world, &mut (0, 0)).buttons;
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
fn several_at_once(world: &World) {
    heard(world, &mut (0, 0));
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
    assert_eq!(heard(world, &mut (0, 0)).buttons, [(LEFT, 1), (LEFT, 0)].repeat(7));
    nothing_is_left(world);
}

/// Without a web service the VM's own remote display does it, if it is on.
fn by_vnc(world: &World) {
    let driver = driver(world, WebServiceOptions::absent());
    let vm: VmRef = VM.parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let missing = runtime.block_on(driver.way(&vm)).unwrap_err();
    assert!(missing.next_step().is_some_and(|hint| hint.contains("display on")), "{missing:?}");
    world.home.ok(&["display", "on", VM]);
    heard(world, &mut (0, 0));
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
    let told = heard(world, &mut (-9, -9));
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

/// What the guest's devices told.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    buttons: Vec<(u16, i32)>,
    wheel: Vec<i32>,
    places: Vec<(i32, i32)>,
}

/// Lets the guest write down what its devices tell.
fn listen(world: &World) {
    let script = "for event in /dev/input/event*; do \
         setsid cat $event >> /tmp/heard-${event##*/} 2>/dev/null < /dev/null & done; \
         for event in /dev/input/event*; do \
         until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q \"$event\\$\"; do sleep 0.1; done; done; \
         echo listening";
    let run = as_root(world, script);
    assert!(run.stdout.contains("listening"), "{run:#?}");
}

/// Returns what the devices told since the last time. A device does not repeat a number: `place` is
/// where the pointer was.
fn heard(world: &World, place: &mut (i32, i32)) -> Heard {
    let script = "for file in /tmp/heard-*; do \
         hexdump -v -e '24/1 \"%02x\" \"\n\"' $file; : > $file; done; echo read";
    let run = as_root(world, script);
    assert!(run.stdout.ends_with("read\n"), "{run:#?}");
    let mut heard = Heard::default();
    let mut has_moved = false;
    for (kind, code, value) in run.stdout.lines().filter_map(event) {
        match (kind, code) {
            (0, _) if has_moved => {
                heard.places.push(*place);
                has_moved = false;
            }
            (1, button) => heard.buttons.push((button, value)),
            (2, 8) => heard.wheel.push(value),
            (3, axis) => {
                let (along, length) =
                    if axis == 0 { (&mut place.0, 1024) } else { (&mut place.1, 768) };
                *along = value * length / 65_536;
                has_moved = true;
            }
            _ => {}
        }
    }
    heard
}

/// Reads an event of a Linux input device: its type, its code, its value.
fn event(line: &str) -> Option<(u16, u16, i32)> {
    let byte = |at: usize| u8::from_str_radix(line.get(2 * at..2 * at + 2)?, 16).ok();
    let half = |at| Some(u16::from_le_bytes([byte(at)?, byte(at + 1)?]));
    let value = [byte(20)?, byte(21)?, byte(22)?, byte(23)?];
    Some((half(16)?, half(18)?, i32::from_le_bytes(value)))
}

/// Within a pixel.
#[track_caller]
fn assert_places(heard: &Heard, expected: &[(i32, i32)]) {
    assert_eq!(heard.places.len(), expected.len(), "{heard:?}");
    for ((x, y), (wanted_x, wanted_y)) in heard.places.iter().zip(expected) {
        assert!((x - wanted_x).abs() <= 1 && (y - wanted_y).abs() <= 1, "{heard:?}");
    }
}
