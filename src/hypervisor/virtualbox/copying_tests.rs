use std::fs;

use crate::error::ErrorKind;
use crate::hypervisor::virtualbox::testing::{Rig, failed, gone, id, silent};
use crate::hypervisor::{
    Appliances, CloneContent, CloneOrder, Cloning, Hypervisor, ImportOrder, Refit,
};
use crate::model::{Forward, Protocol, SnapshotId, VmId};
use crate::process::Output;

fn order(content: CloneContent) -> CloneOrder {
    CloneOrder {
        source: VmId::from_random(1).into(),
        id: id(),
        name: "copy".parse().unwrap(),
        folder: Some("/vms".into()),
        groups: vec!["/".to_owned()],
        content,
    }
}

#[tokio::test]
async fn a_linked_clone_is_one_call_with_the_identity_chosen_before() {
    let rig = Rig::new([silent()]);
    let linked = order(CloneContent::Linked(SnapshotId("s-1".into())));
    rig.manager.clone_vm(&linked).await.unwrap();
    let expected = format!(
        "clonevm {} --name copy --uuid {} --mode machine --options link --snapshot s-1 \
         --basefolder /vms --register",
        linked.source, linked.id
    );
    assert_eq!(rig.calls(), [expected]);
}

#[tokio::test]
async fn a_full_clone_in_groups_names_them() {
    let rig = Rig::new([silent()]);
    let full =
        CloneOrder { groups: vec!["/lab".into()], folder: None, ..order(CloneContent::Full(None)) };
    rig.manager.clone_vm(&full).await.unwrap();
    assert!(
        rig.calls()[0].ends_with("--mode machine --groups /lab --register"),
        "{:?}",
        rig.calls()
    );
}

#[tokio::test]
async fn every_port_is_changed_in_one_call() {
    let rig = Rig::new([silent()]);
    let ssh = Forward {
        name: "ssh".into(),
        protocol: Protocol::Tcp,
        host_address: Some("127.0.0.1".parse().unwrap()),
        host_port: 2223,
        guest_port: 22,
    };
    let refit = Refit { forwards: vec![ssh], remote_display_port: Some(3390), ..Refit::default() };
    rig.manager.refit(&id().into(), &refit).await.unwrap();
    let expected = format!(
        "modifyvm {} --nat-pf1 delete ssh --nat-pf1 ssh,tcp,127.0.0.1,2223,,22 --vrde-port 3390",
        id()
    );
    assert_eq!(rig.calls(), [expected]);
}

#[tokio::test]
async fn a_clone_that_was_never_registered_goes_and_another_of_its_name_stays() {
    let base = |rig: &Rig| rig.folder.path().join("vms");
    for (owner, stays) in [(id(), false), (VmId::from_random(9), true)] {
        let no_disk =
            failed("Could not find file for the medium 'x' (VERR_FILE_NOT_FOUND)", 0x80bb_0004);
        let answers = if stays { vec![gone()] } else { vec![silent(), no_disk, gone()] };
        let rig = Rig::new(answers);
        let folder = base(&rig).join("copy");
        fs::create_dir_all(folder.join("Snapshots")).unwrap();
        fs::write(folder.join("copy.vbox"), format!("<Machine uuid=\"{{{owner}}}\"/>")).unwrap();
        let clone = CloneOrder { folder: Some(base(&rig)), ..order(CloneContent::Full(None)) };
        rig.manager.undo_clone(&clone).await.unwrap();
        assert_eq!(folder.exists(), stays);
    }
}

fn import() -> ImportOrder {
    ImportOrder {
        file: "/in/web.ova".into(),
        working_name: "web.import-1".parse().unwrap(),
        folder: Some("/vms".into()),
    }
}

#[tokio::test]
async fn an_import_works_under_a_name_of_its_own() {
    let rig = Rig::new([silent(), silent()]);
    let import = import();
    let lost = rig.manager.import(&import).await.unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::OutcomeUnknown, "what was imported is looked for");
    let expected = "import /in/web.ova --options importtovdi --vsys 0 --vmname web.import-1 \
         --group / --basefolder /vms";
    assert_eq!(rig.calls()[0], expected);
}

/// What is one call can be tried again as often as any other; each more makes all fail sooner.
#[tokio::test]
async fn an_import_is_one_call_and_one_after_a_refused_one_too() {
    let locked = failed("The object is locked", 0x80bb_0007);
    let rig = Rig::new([locked, silent()]);
    let elsewhere = rig.folder.path().join("vms/other/other.vbox");
    rig.register(VmId::from_random(9), &elsewhere, "<Machine name=\"other\"/>");
    let import = import();
    rig.manager.import(&import).await.unwrap_err();
    rig.manager.undo_import(&import).await.unwrap();
    assert_eq!(rig.calls().len(), 1, "there is nothing to undo: {:?}", rig.calls());
    let settings = rig.folder.path().join("vms/web.import-1/web.import-1.vbox");
    let xml = format!("<Machine uuid=\"{{{}}}\" name=\"web.import-1\"/>", id());
    rig.register(id(), &settings, &xml);
    assert_eq!(rig.manager.import(&import).await.unwrap(), id());
    assert_eq!(rig.calls().len(), 2, "{:?}", rig.calls());
}

#[tokio::test]
async fn a_refused_clone_left_nothing_and_that_is_seen_without_a_call() {
    let rig = Rig::new([]);
    let elsewhere = rig.folder.path().join("vms/other/other.vbox");
    rig.register(VmId::from_random(9), &elsewhere, "<Machine name=\"other\"/>");
    let clone =
        CloneOrder { folder: Some(rig.folder.path().into()), ..order(CloneContent::Full(None)) };
    rig.manager.undo_clone(&clone).await.unwrap();
    assert!(rig.calls().is_empty(), "{:?}", rig.calls());
}

#[tokio::test]
async fn undoing_an_import_takes_only_what_bears_its_name() {
    let (ours, other) = (VmId::from_random(5), VmId::from_random(6));
    let listed = format!("\"web\" {{{other}}}\n\"web.import-1\" {{{ours}}}\n");
    let rig = Rig::new([Output::ok(listed.as_str()), silent(), silent()]);
    let base = rig.folder.path().join("vms");
    let folder = base.join("web.import-1");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("web-disk001.vdi"), "half").unwrap();
    let import = ImportOrder {
        file: "/in/web.ova".into(),
        working_name: "web.import-1".parse().unwrap(),
        folder: Some(base),
    };
    rig.manager.undo_import(&import).await.unwrap();
    assert_eq!(rig.calls()[1], format!("unregistervm {ours} --delete"));
    assert!(!folder.exists());
}

#[tokio::test]
async fn a_driver_that_copies_says_so() {
    let rig = Rig::new([]);
    assert!(rig.manager.cloning().is_some() && rig.manager.appliances().is_some());
}
