use vm_cli::error::ErrorKind;
use vm_cli::hypervisor::Sharing;
use vm_cli::model::{ShareAccess, ShareLifetime, ShareMount, SharedFolder, VmId, VmRef};

use super::bench::Bench;

/// A folder of a VM that is off is kept; one of a live VM is there until that is off.
pub(super) async fn check(bench: &Bench) {
    let Some(sharing) = bench.driver.sharing() else { return };
    let vm = bench.make(80, &bench.wanted("sharing")).await;
    let folder = tempfile::tempdir().unwrap();
    let kept = SharedFolder {
        name: "kept".parse().unwrap(),
        host_path: folder.path().to_owned(),
        access: ShareAccess::ReadOnly,
        mount: ShareMount::At("/mnt".to_owned()),
        lifetime: ShareLifetime::Kept,
    };
    let lent = SharedFolder {
        name: "lent".parse().unwrap(),
        access: ShareAccess::ReadWrite,
        mount: ShareMount::Never,
        lifetime: ShareLifetime::UntilOff,
        ..kept.clone()
    };
    assert_eq!(shared(bench, sharing, &vm).await, []);
    comes_once(bench, sharing, &vm, &kept).await;
    bench.start(&vm).await;
    comes_once(bench, sharing, &vm, &lent).await;
    assert_eq!(shared(bench, sharing, &vm).await, [kept.clone(), lent.clone()]);
    goes_once(bench, sharing, &vm, &lent).await;
    bench.done("share again", || sharing.share(&vm, &lent)).await;
    bench.power_off(&vm).await;
    assert_eq!(
        shared(bench, sharing, &vm).await,
        std::slice::from_ref(&kept),
        "the lent one is gone"
    );
    goes_once(bench, sharing, &vm, &kept).await;
    assert_eq!(shared(bench, sharing, &vm).await, []);
    bench.delete(&vm).await;
    nobody(bench, sharing, &kept).await;
}

async fn comes_once(bench: &Bench, sharing: &dyn Sharing, vm: &VmRef, folder: &SharedFolder) {
    bench.done("share", || sharing.share(vm, folder)).await;
    let exists = [ErrorKind::AlreadyExists];
    bench.refused("share it twice", &exists, || sharing.share(vm, folder)).await;
}

async fn goes_once(bench: &Bench, sharing: &dyn Sharing, vm: &VmRef, folder: &SharedFolder) {
    let unshare = || sharing.unshare(vm, &folder.name, folder.lifetime);
    bench.done("unshare", unshare).await;
    bench.refused("unshare it twice", &[ErrorKind::NotFound], unshare).await;
}

async fn shared(bench: &Bench, sharing: &dyn Sharing, vm: &VmRef) -> Vec<SharedFolder> {
    let mut found = bench.done("list folders", || sharing.shared_folders(vm)).await;
    found.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
    found
}

async fn nobody(bench: &Bench, sharing: &dyn Sharing, folder: &SharedFolder) {
    let (vm, missing) = (VmRef::from(VmId::from_random(404)), [ErrorKind::VmNotFound]);
    bench.refused("folders of nobody", &missing, || sharing.shared_folders(&vm)).await;
    bench.refused("share with nobody", &missing, || sharing.share(&vm, folder)).await;
    let unshare = || sharing.unshare(&vm, &folder.name, folder.lifetime);
    bench.refused("unshare of nobody", &missing, unshare).await;
}
