//! The main job, told once from beginning to end with a guest that really boots.

use super::world::World;

const WEB: &str = "web server";

#[test]
fn a_vm_is_made_seen_commanded_put_back_and_removed() {
    let Some(world) = World::new("main job") else { return };
    let home = &world.home;
    let iso = world.guest_iso();
    create(&world, &iso);
    let early = home.error(4, &["wait", WEB, "ssh"]);
    assert_eq!(early["code"], "invalid_state", "nobody waits for a VM that is off: {early}");
    home.ok(&["start", "--name", WEB]);
    let late = home.error(5, &["wait", WEB, "additions", "--timeout", "1s"]);
    assert!(late["message"].as_str().is_some_and(|it| it.contains("Guest Additions")), "{late}");
    home.ok(&["start", "--name", WEB, "--wait=ssh", "--timeout", "5m"]);
    let again = home.json(&["start", "--name", WEB]);
    assert_eq!(again["items"][0]["changed"], false, "{again}");
    looks(&world);
    commands(&world);
    snapshots(&world);
    pauses(&world);
    stops(&world);
}

fn create(world: &World, iso: &str) {
    let made = world.home.json(&[
        "create",
        "--name",
        WEB,
        "--memory",
        "128",
        "--no-disk",
        "--cpus",
        "1",
        "--os-type",
        "Linux_64",
        "--iso",
        iso,
        "--graphics",
        "vboxvga",
        "--firmware",
        "bios",
    ]);
    assert_eq!(made["items"][0]["vm"], WEB, "{made}");
    assert!(
        made["items"][0]["forwards"][0]["host_port"].as_u64().is_some_and(|p| p >= 2222),
        "{made}"
    );
}

fn looks(world: &World) {
    let home = &world.home;
    let status = home.json(&["status", "--name", WEB]);
    assert_eq!(status["items"][0]["state"], "running", "{status}");
    home.ok(&["wait", WEB, "additions", "--timeout", "60s"]);
    let seen = home.json(&["screenshot", "--name", WEB, "--analyze", "-o", "one.png"]);
    assert_eq!(seen["items"][0]["width"], 1024, "{seen}");
    assert!(std::fs::read(home.path().join("one.png")).unwrap().starts_with(b"\x89PNG"));
    let again = home.json(&["screenshot", "--name", WEB, "--analyze"]);
    assert!(
        again["items"][0]["changed_share"].as_f64().is_some_and(|share| share < 0.05),
        "{again}"
    );
    // The pipeline that stands in people's scripts.
    let piped = home
        .command("sh")
        .args(["-c", "vm-cli list | grep 'web' | awk '{print $1}'"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&piped.stdout), "web\n");
}

fn commands(world: &World) {
    let home = &world.home;
    let login = ["--username", "admin", "--password", "password"];
    let exec = |command: &str| {
        let mut arguments = vec!["exec", "--name", WEB, "--command", command];
        arguments.extend(login);
        home.run(&arguments)
    };
    let run = exec("echo out; echo err >&2; exit 3");
    assert_eq!((run.code, run.stdout.as_str()), (3, "out\n"), "{run:#?}");
    assert!(run.stderr.contains("err"), "{run:#?}");
    let wrong = home.run(&[
        "exec",
        "--name",
        WEB,
        "--command",
        "true",
        "--username",
        "admin",
        "--password",
        "wrong",
    ]);
    assert_eq!(wrong.code, 255, "{wrong:#?}");
    assert!(wrong.stderr.contains("admin") && !wrong.stderr.contains("wrong"), "{wrong:#?}");
}

fn snapshots(world: &World) {
    let home = &world.home;
    home.ok(&["snapshot", "--name", WEB, "--snapshot-name", "clean-state"]);
    home.ok(&[
        "exec",
        "--name",
        WEB,
        "--command",
        "touch /tmp/dirt",
        "--username",
        "admin",
        "--password",
        "password",
    ]);
    let listed = home.json(&["snapshot", "list", WEB]);
    assert_eq!(listed["items"][0]["name"], "clean-state", "{listed}");
    assert_eq!(listed["items"][0]["current"], true, "{listed}");
    home.error(4, &["snapshot", "restore", WEB, "clean-state"]);
    home.ok(&["snapshot", "restore", WEB, "clean-state", "--force", "--start"]);
    let run = home.run(&[
        "exec",
        "--name",
        WEB,
        "--command",
        "ls /tmp/dirt",
        "--username",
        "admin",
        "--password",
        "password",
    ]);
    assert_ne!(run.code, 0, "the snapshot brings the file system back: {run:#?}");
    assert_ne!(run.code, 255, "the guest answered: {run:#?}");
    home.error(3, &["snapshot", "delete", WEB, "clean-stat"]);
    home.ok(&["snapshot", "delete", WEB, "clean-state"]);
}

fn pauses(world: &World) {
    let home = &world.home;
    assert_eq!(home.json(&["pause", WEB])["items"][0]["changed"], true);
    assert_eq!(home.json(&["pause", WEB])["items"][0]["changed"], false);
    assert_eq!(home.json(&["status", WEB])["items"][0]["state"], "paused");
    home.error(4, &["stop", WEB]);
    assert_eq!(home.json(&["start", WEB])["items"][0]["changed"], true, "starting lets it go on");
    home.ok(&["stop", WEB, "--save"]);
    assert_eq!(home.json(&["status", WEB])["items"][0]["state"], "saved");
    home.ok(&["start", WEB, "--wait=ssh", "--timeout", "2m"]);
}

fn stops(world: &World) {
    let home = &world.home;
    home.error(4, &["delete", WEB, "--yes"]);
    home.ok(&["stop", "--name", WEB, "--timeout", "60s"]);
    assert_eq!(home.json(&["stop", "--name", WEB])["items"][0]["changed"], false);
    home.error(9, &["delete", WEB]);
    home.ok(&["delete", WEB, "--yes"]);
    home.error(3, &["status", WEB]);
    assert_eq!(home.json(&["delete", WEB, "--yes", "--if-exists"])["items"][0]["changed"], false);
    assert_eq!(home.json(&["list"])["items"].as_array().map(Vec::len), Some(0));
    let left = std::fs::read_dir(home.path().join("vms")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing of the VM is left on disk");
}
