use std::fs;
use std::path::Path;

use crate::error::ErrorKind;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Progress;
use crate::hypervisor::virtualbox::testing::Rig;
use crate::hypervisor::virtualbox::testing::failed;
use crate::hypervisor::virtualbox::testing::gone;
use crate::hypervisor::virtualbox::testing::id;
use crate::hypervisor::virtualbox::testing::silent;
use crate::hypervisor::virtualbox::testing::web;
use crate::model::DiskFormat;
use crate::model::DiskImage;
use crate::model::Switch;
use crate::model::VmId;
use crate::process::Output;

#[tokio::test]
async fn a_vm_with_a_disk_takes_five_calls() {
    let created = "Virtual machine 'web' is created.\nSettings file: '/vms/web/web.vbox'\n";
    let rig = Rig::new([Output::ok(created), silent(), silent(), silent(), silent()]);
    rig.manager.create(id(), &web()).await.unwrap();
    let calls = rig.calls();
    let id = id();
    assert_eq!(calls.len(), 5);
    assert_eq!(calls[0], format!("createvm --name web --uuid {id} --ostype Debian_64 --register"));
    assert!(calls[1].starts_with(&format!("modifyvm {id} --memory 1024 ")), "{}", calls[1]);
    assert!(calls[2].starts_with(&format!("storagectl {id} --name SATA ")), "{}", calls[2]);
    assert_eq!(calls[3], "createmedium disk --filename /vms/web/web.vdi --size 8192 --format VDI");
    assert_eq!(
        calls[4],
        format!(
            "storageattach {id} --storagectl SATA --port 0 --device 0 --type hdd --medium /vms/web/web.vdi"
        )
    );
}

#[tokio::test]
async fn every_disc_has_a_drive_and_secure_boot_costs_four_calls() {
    let mut wanted = web();
    wanted.disk = None;
    wanted.folder = Some("/vms".into());
    wanted.discs = vec!["/iso/win.iso".into(), "/answers.viso".into()];
    wanted.secure_boot = Switch::On;
    let rig = Rig::new(std::iter::repeat_with(silent).take(9));
    rig.manager.create(id(), &wanted).await.unwrap();
    let calls = rig.calls();
    assert!(calls[2].ends_with("--bootable on --portcount 3"), "{}", calls[2]);
    assert!(calls[3].contains("--port 1 ") && calls[3].ends_with("/iso/win.iso"), "{}", calls[3]);
    assert!(calls[4].contains("--port 2 ") && calls[4].ends_with("/answers.viso"), "{}", calls[4]);
    let keys = ["inituefivarstore", "enrollmssignatures", "enrollorclpk", "secureboot --enable"];
    let id = id();
    assert_eq!(calls[5..], keys.map(|verb| format!("modifynvram {id} {verb}")));
}

#[tokio::test]
async fn without_media_two_calls_are_enough_and_a_disc_costs_one() {
    let mut wanted = web();
    wanted.disk = None;
    wanted.folder = Some("/vms".into());
    let rig = Rig::new([silent(), silent()]);
    rig.manager.create(id(), &wanted).await.unwrap();
    assert_eq!(rig.calls().len(), 2);
    assert!(rig.calls()[0].contains("--basefolder /vms"));

    wanted.discs = vec!["/iso/guest.iso".into()];
    let rig = Rig::new([silent(), silent(), silent(), silent()]);
    rig.manager.create(id(), &wanted).await.unwrap();
    assert!(
        rig.calls()[3].ends_with("--port 1 --device 0 --type dvddrive --medium /iso/guest.iso")
    );
}

/// The copy is what takes long, and its image stays in use until it is let go.
#[tokio::test]
async fn a_disk_that_begins_with_an_image_is_not_copied_twice() {
    let mut wanted = web();
    wanted.folder = Some("/vms".into());
    let (format, size) = (DiskFormat::Qcow2, 1 << 30);
    wanted.disk_image = Some(DiskImage { file: "/in/cloud.qcow2".into(), format, size });
    let locked = || failed("The object is locked", 0x80bb_0007);
    let answers = [silent(), silent(), silent(), silent(), locked(), silent(), locked()];
    let rig = Rig::new(answers.into_iter().chain([silent(), silent()]));
    let made = Progress::default();
    for _ in 0..2 {
        let error = rig.manager.go_on_creating(id(), &wanted, &made).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Locked);
    }
    rig.manager.go_on_creating(id(), &wanted, &made).await.unwrap();
    let calls = rig.calls();
    let verb = |call: &String| call.split(' ').next().unwrap().to_owned();
    let verbs: Vec<String> = calls.iter().skip(3).map(verb).collect();
    let (let_go, grow) = ("closemedium", "modifymedium");
    assert_eq!(verbs, ["clonemedium", let_go, let_go, grow, grow, "storageattach"], "{calls:?}");
}

#[tokio::test]
async fn a_rehearsal_predicts_where_the_disk_will_be() {
    let properties = "Default machine folder:          /home/tester/vms\n";
    let rig = Rig::new([silent(), Output::ok(properties), silent(), silent(), silent(), silent()]);
    let mut wanted = web();
    wanted.groups = vec!["/lab".to_owned()];
    rig.manager.create(id(), &wanted).await.unwrap();
    let disk = Path::new("/home/tester/vms").join("lab").join("web").join("web.vdi");
    assert!(rig.calls()[4].contains(&format!("--filename {}", disk.display())));
}

#[tokio::test]
async fn a_creation_ends_with_the_first_failure() {
    let rig = Rig::new([silent(), failed("Invalid RAM size: 1 MB", 0x8007_0057)]);
    let mut wanted = web();
    wanted.folder = Some("/vms".into());
    let error = rig.manager.create(id(), &wanted).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert_eq!((error.vm(), rig.calls().len()), (Some("web"), 2));
}

#[tokio::test]
async fn undoing_takes_away_what_is_ours() {
    let rig = Rig::new([silent(), silent()]);
    let settings = rig.folder.path().join("vms/web/web.vbox");
    rig.register(id(), &settings, &format!("<Machine uuid=\"{{{}}}\"/>", id()));
    fs::write(settings.with_extension("vdi"), "a disk that was never attached").unwrap();
    rig.manager.undo_create(id(), &web()).await.unwrap();
    let disk = settings.with_extension("vdi");
    let expected = [
        format!("closemedium disk {} --delete", disk.display()),
        format!("unregistervm {} --delete", id()),
    ];
    assert_eq!(rig.calls(), expected);
    assert!(!settings.parent().unwrap().exists());
}

#[tokio::test]
async fn undoing_that_broke_off_can_be_done_again() {
    let service = || failed("Failed to create the VirtualBox object!", 0x8008_0005);
    let attached = failed("medium 'x' is still attached", 0x80bb_000c);
    let rig = Rig::new([service(), attached, service(), silent(), silent()]);
    let settings = rig.folder.path().join("vms/web/web.vbox");
    rig.register(id(), &settings, &format!("<Machine uuid=\"{{{}}}\"/>", id()));
    fs::write(settings.with_extension("vdi"), "a disk").unwrap();
    for _ in 0..2 {
        let error = rig.manager.undo_create(id(), &web()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ServiceUnavailable);
        assert!(settings.exists(), "it says whose the disk is");
    }
    rig.manager.undo_create(id(), &web()).await.unwrap();
    assert!(!settings.parent().unwrap().exists());
}

#[tokio::test]
async fn undoing_does_not_touch_another_vm_of_the_same_name() {
    let rig = Rig::new([gone()]);
    let settings = rig.folder.path().join("vms/web/web.vbox");
    let other = VmId::from_random(8);
    rig.register(other, &settings, &format!("<Machine uuid=\"{{{other}}}\"/>"));
    fs::write(settings.with_extension("vdi"), "its disk").unwrap();
    rig.manager.undo_create(id(), &web()).await.unwrap();
    assert_eq!(rig.calls().len(), 1);
    assert!(settings.exists() && settings.with_extension("vdi").exists());
}

#[tokio::test]
async fn undoing_nothing_is_fine_and_a_lock_is_not() {
    let mut wanted = web();
    wanted.folder = Some("/nowhere".into());
    assert!(Rig::new([gone()]).manager.undo_create(id(), &wanted).await.is_ok());
    let locked = failed("Cannot unregister the machine 'web' while it is locked", 0x80bb_0007);
    let error = Rig::new([locked]).manager.undo_create(id(), &wanted).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
}
