use std::path::PathBuf;

use super::at;
use super::scratch;
use crate::model::VmId;
use crate::store::AuditFilter;
use crate::store::AuditRecord;
use crate::store::LastScreen;
use crate::store::Sample;

#[test]
fn the_audit_trail_reads_back_the_newest_first() {
    let it = scratch();
    let line = |seconds, vm: &str| AuditRecord {
        at: at(seconds),
        actor: "kim".into(),
        origin: "desk".into(),
        action: "start".into(),
        vm: Some(vm.into()),
        outcome: "ok".into(),
        detail: String::new(),
    };
    for record in [line(1, "web"), line(2, "db"), line(2, "web")] {
        it.store.audit().append(&record).unwrap();
    }
    let list = |filter: AuditFilter| it.store.audit().list(&filter).unwrap();
    let any = AuditFilter::default;
    assert_eq!(list(any()), [line(2, "web"), line(2, "db"), line(1, "web")]);
    assert_eq!(list(AuditFilter { vm: Some("db".into()), ..any() }), [line(2, "db")]);
    assert_eq!(list(AuditFilter { since: Some(at(2)), limit: Some(1), ..any() }), [line(2, "web")]);
}

#[test]
fn samples_read_back_by_name_and_only_numbers_are_kept() {
    let it = scratch();
    let sample = |seconds, name: &str, value| Sample { at: at(seconds), name: name.into(), value };
    let samples = [
        sample(1, "cpu", 12.5),
        sample(2, "cpu", f64::NAN),
        sample(3, "cpu", 50.0),
        sample(3, "memory", 1.0),
    ];
    it.store.samples().append(&samples).unwrap();
    let cpu = |since| it.store.samples().list("cpu", at(since)).unwrap();
    assert_eq!(cpu(0), [sample(1, "cpu", 12.5), sample(3, "cpu", 50.0)]);
    assert_eq!(it.store.samples().prune(at(3)).unwrap(), 1);
    assert_eq!(cpu(0), [sample(3, "cpu", 50.0)]);
}

#[test]
fn the_last_picture_replaces_the_one_before() {
    let it = scratch();
    let vm = VmId::from_random(1);
    let picture = |hash: &str, bytes: Option<Vec<u8>>| LastScreen {
        vm,
        hash: hash.into(),
        file: Some(PathBuf::from("/tmp/web.png")),
        picture: bytes,
        at: at(1),
    };
    assert_eq!(it.store.screens().last(vm).unwrap(), None);
    it.store.screens().put(&picture("aa", None)).unwrap();
    it.store.screens().put(&picture("bb", Some(vec![0, 255]))).unwrap();
    assert_eq!(it.store.screens().last(vm).unwrap(), Some(picture("bb", Some(vec![0, 255]))));
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_unicode_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let it = scratch();
    let folder = PathBuf::from(OsStr::from_bytes(b"/vms/\xff"));
    let vm = VmId::from_random(1);
    let refused = it.store.vms().begin_create(vm, "web", Some(&folder), at(0)).unwrap_err();
    assert!(refused.message().contains("not Unicode"), "{refused}");
    assert_eq!(it.store.vms().list().unwrap(), []);
}
