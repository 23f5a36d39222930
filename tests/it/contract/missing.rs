use vm_cli::error::ErrorKind;
use vm_cli::model::{Display, Monitor, SnapshotId, StopMode, VmId, VmRef};

use super::bench::{Bench, forward};

/// Every verb says that there is no such VM, by identity and by name, and undoing nothing is fine.
pub(super) async fn check(bench: &Bench) {
    for vm in [VmRef::from(VmId::from_random(404)), "nobody".parse().unwrap()] {
        lifecycle(bench, &vm).await;
        facets(bench, &vm).await;
    }
    let wanted = bench.wanted("never made");
    let nothing = || bench.driver.undo_create(VmId::from_random(404), &wanted);
    bench.done("undo nothing", nothing).await;
}

async fn lifecycle(bench: &Bench, vm: &VmRef) {
    let driver = &bench.driver;
    let missing = [ErrorKind::VmNotFound];
    bench.refused("inspect nobody", &missing, || driver.inspect(vm)).await;
    bench.refused("facts of nobody", &missing, || driver.guest_facts(vm)).await;
    bench.refused("start nobody", &missing, || driver.start(vm, Display::Headless)).await;
    for mode in StopMode::ALL {
        bench.refused("stop nobody", &missing, || driver.stop(vm, *mode)).await;
    }
    bench.refused("pause nobody", &missing, || driver.pause(vm)).await;
    bench.refused("resume nobody", &missing, || driver.resume(vm)).await;
    bench.refused("reset nobody", &missing, || driver.reset(vm)).await;
    bench.refused("delete nobody", &missing, || driver.delete(vm)).await;
    let error = driver.inspect(vm).await.unwrap_err();
    assert!(error.next_step().is_some(), "a missing VM needs a hint: {error:?}");
}

async fn facets(bench: &Bench, vm: &VmRef) {
    let missing = [ErrorKind::VmNotFound];
    let snapshots = bench.snapshots();
    let id = SnapshotId("7d1f0c5e-ffff-4000-8000-000000000000".to_owned());
    let name = "s".parse().unwrap();
    bench.refused("take of nobody", &missing, || snapshots.take(vm, &name, "")).await;
    bench.refused("restore of nobody", &missing, || snapshots.restore(vm, &id)).await;
    bench.refused("delete of nobody", &missing, || snapshots.delete(vm, &id)).await;
    if let Some(console) = bench.driver.console() {
        bench
            .refused("screenshot of nobody", &missing, || {
                console.screenshot(vm, Monitor::default())
            })
            .await;
    }
    if let Some(forwarding) = bench.driver.forwarding() {
        let rule = forward("web", 8080, 80);
        bench.refused("forward to nobody", &missing, || forwarding.add(vm, &rule)).await;
        bench.refused("unforward nobody", &missing, || forwarding.remove(vm, "web")).await;
    }
    if let Some(commands) = bench.driver.guest_commands() {
        bench.refused("command nobody", &missing, || commands.run(vm, "true")).await;
    }
}
