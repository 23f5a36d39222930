use std::fs;
use std::path::Path;

use super::Names;
use super::is_of_world;
use crate::error::ErrorKind;
use crate::hypervisor::Dropped;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Remains;
use crate::hypervisor::virtualbox::testing::Rig;
use crate::hypervisor::virtualbox::testing::failed;
use crate::hypervisor::virtualbox::testing::gone;
use crate::hypervisor::virtualbox::testing::id;
use crate::hypervisor::virtualbox::testing::named;
use crate::hypervisor::virtualbox::testing::silent;
use crate::model::VmId;
use crate::process::Output;
use crate::process::Running;

fn remains() -> Remains {
    Remains { id: id(), name: "web".into(), folder: None, group: None, image: None }
}

fn machine(id: VmId, name: &str) -> String {
    format!("<VirtualBox><Machine uuid=\"{{{id}}}\" name=\"{name}\"/></VirtualBox>")
}

#[tokio::test]
async fn a_vm_is_identified_from_files_without_a_call() {
    let rig = Rig::new([]);
    let settings = rig.folder.path().join("vms/web/web.vbox");
    rig.register(id(), &settings, &machine(id(), "we &amp; b"));
    assert_eq!(rig.manager.look_up(&named("we & b")).await.unwrap(), Some(id()));
    assert_eq!(rig.manager.look_up(&named(&id().to_string())).await.unwrap(), Some(id()));
    assert_eq!(rig.manager.look_up(&named("web")).await.unwrap(), None);
    let other = VmId::from_random(8).to_string();
    assert_eq!(rig.manager.look_up(&named(&other)).await.unwrap(), None);
    assert!(rig.calls().is_empty());
}

#[tokio::test]
async fn disks_go_before_those_from_which_they_differ_and_files_that_are_gone_are_no_hindrance() {
    let base = "aaaaaaaa-0000-4000-8000-000000000001";
    let child = "bbbbbbbb-0000-4000-8000-000000000002";
    let rig_folder = tempfile::tempdir().unwrap();
    let own = rig_folder.path().join("web");
    let disk = own.join("web.vdi");
    let listed = format!(
        "UUID: {base}\nParent UUID: base\nLocation: {}\n\nUUID: {child}\nParent UUID: {base}\n\
         Location: {}\n\nUUID: {child}\nParent UUID: base\nLocation: /elsewhere/x.vdi\n",
        disk.display(),
        own.join("Snapshots/b.vdi").display()
    );
    let rig = Rig::new([Output::ok(listed), silent(), silent(), silent()]);
    rig.register(VmId::from_random(9), &rig.folder.path().join("other.vbox"), "");
    fs::create_dir_all(own.join("Snapshots")).unwrap();
    fs::write(own.join("web.vbox"), machine(id(), "web")).unwrap();
    fs::write(&disk, "a disk").unwrap();
    let mut remains = remains();
    remains.folder = Some(rig_folder.path().to_owned());
    rig.manager.remove_remains(&remains).await.unwrap();
    let expected = [
        "list hdds".to_owned(),
        format!("closemedium disk {child}"),
        format!("closemedium disk {} --delete", disk.display()),
        format!("closemedium disk {} --delete", disk.display()),
    ];
    assert_eq!(rig.calls(), expected);
    assert!(!own.exists());
}

#[tokio::test]
async fn the_folder_of_another_vm_stays_and_an_empty_one_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut remains = remains();
    remains.folder = Some(folder.path().to_owned());
    let own = folder.path().join("web");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("web.vbox"), machine(VmId::from_random(8), "web")).unwrap();
    Rig::new([gone()]).manager.remove_remains(&remains).await.unwrap();
    assert!(own.join("web.vbox").exists());
    fs::remove_file(own.join("web.vbox")).unwrap();
    Rig::new([gone()]).manager.remove_remains(&remains).await.unwrap();
    assert!(!own.exists());
    let locked = failed("Cannot unregister the machine 'web' while it is locked", 0x80bb_0007);
    let refused = Rig::new([locked]).manager.remove_remains(&remains).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Locked);
}

#[tokio::test]
async fn an_entry_goes_only_when_its_settings_are_gone() {
    let rig = Rig::new([silent()]);
    let settings = rig.folder.path().join("vms/web/web.vbox");
    rig.register(id(), &settings, "damaged");
    assert_eq!(rig.manager.drop_inaccessible(id()).await.unwrap(), Dropped::Kept);
    fs::remove_file(&settings).unwrap();
    assert_eq!(rig.manager.drop_inaccessible(id()).await.unwrap(), Dropped::Gone);
    assert_eq!(rig.calls(), [format!("unregistervm {}", id())]);
}

#[test]
fn a_call_names_a_vm_by_identity_name_or_a_file_in_its_folder() {
    let names = Names { id: id().to_string(), name: "web", folder: Some("/vms/web".into()) };
    let are_in = |line: &str| names.are_in(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
    assert!(are_in(&format!("modifyvm {} --memory 4", id())));
    assert!(are_in("createvm --name web --register"));
    assert!(are_in("createmedium disk --filename /vms/web/web.vdi"));
    assert!(!are_in("createmedium disk --filename /vms/web2/web.vdi"));
    assert!(!are_in("list vms"));
}

#[test]
fn a_call_in_another_world_may_name_a_vm_as_ours_is_named() {
    let call = |environment: &[&str]| Running {
        program: "VBoxManage".to_owned(),
        arguments: vec!["showvminfo".to_owned(), "web".to_owned()],
        environment: environment.iter().map(|it| (*it).to_owned()).collect(),
    };
    let ours = Some(Path::new("/ours"));
    assert!(is_of_world(&call(&["A=b", "VBOX_USER_HOME=/ours/"]), ours));
    assert!(!is_of_world(&call(&["VBOX_USER_HOME=/theirs"]), ours));
    assert!(is_of_world(&call(&[]), ours), "nobody knows");
}
