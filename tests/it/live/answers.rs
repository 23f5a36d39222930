//! Answer media on the real VirtualBox: it reads the VISOs, and boots a medium from within one.

use std::path::Path;

use uuid::Uuid;
use vm_cli::guest_os::{AnswerFile, AnswerMedia, Delivery};

use super::world::World;

#[test]
fn virtualbox_takes_the_discs() {
    let Some(world) = World::new("answers_discs") else { return };
    let home = &world.home;
    home.ok(&["answer-media", "--cloud-image", "--output", "a seed's"]);
    for disc in ["answers.viso", "answers.iso"] {
        let disc = home.path().join("a seed's").join(disc).display().to_string();
        let vm = ["create", "web", "--memory", "64", "--no-disk", "--iso", &disc, "--start"];
        home.ok(&vm);
        assert_eq!(home.json(&["status", "web"])["items"][0]["state"], "running");
        home.ok(&["delete", "web", "--yes", "--force"]);
    }
    let info = world.vboxmanage(&["list", "dvds"]);
    assert!(!info.contains("inaccessible"), "{info}");
}

#[test]
fn a_medium_boots_by_the_menu_that_replaces_its_own() {
    let Some(world) = World::new("answers_menu") else { return };
    let home = &world.home;
    let medium = world.guest_iso();
    // As the medium's own, but for what tells that it is another.
    let menu = "default other\nprompt 0\nlabel other\n\tkernel /vmlinuz\n\
                \tappend initrd=/initrd console=tty0 console=ttyS0 \
                quiet mitigations=off from-answers\n";
    let path = "isolinux/isolinux.cfg";
    let media = AnswerMedia {
        files: vec![AnswerFile { path: path.to_owned(), text: menu.to_owned() }],
        delivery: Delivery::WithinMedium(vec![path]),
        next: "",
    };
    let folder = home.path().join("answers");
    let written = media.write(&folder, Some(Path::new(&medium)), Uuid::new_v4()).unwrap();
    let disc = written.viso.display().to_string();
    let vm = ["create", "web", "--memory", "128", "--no-disk", "--iso", &disc];
    let as_the_guest = ["--os-type", "Linux_64", "--graphics", "vboxvga", "--firmware", "bios"];
    home.ok(&[&vm[..], &as_the_guest, &["--start", "--wait=ssh"]].concat());
    std::fs::write(home.path().join("password"), "password").unwrap();
    let told = home.ok(&[
        "exec",
        "web",
        "--username",
        "root",
        "--password-file",
        "password",
        "--command",
        "cat /proc/cmdline",
    ]);
    assert!(told.contains("from-answers"), "{told}");
}
