use std::time::Duration;

use vm_cli::error::ErrorKind;
use vm_cli::model::{VmId, VmRef};

use super::bench::Bench;

const LONG: Duration = Duration::from_mins(1);

/// One film is made at a time, of a VM that is live, and it is where it was wanted in the end.
pub(super) async fn check(bench: &Bench) {
    let Some(filming) = bench.driver.filming() else { return };
    let nobody = VmRef::from(VmId::from_random(404));
    bench.refused("film nobody", &[ErrorKind::VmNotFound], || filming.begin(&nobody, LONG)).await;
    let vm = bench.make(100, &bench.wanted("filmed")).await;
    let state = [ErrorKind::InvalidState];
    bench.refused("film while off", &state, || filming.begin(&vm, LONG)).await;
    bench.start(&vm).await;
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.webm");
    bench.done("film", || filming.begin(&vm, LONG)).await;
    bench.refused("film twice at once", &state, || filming.begin(&vm, LONG)).await;
    bench.done("end the film", || filming.end(&vm, &film)).await;
    let made = std::fs::read(&film).unwrap();
    assert!(made.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]), "no WebM: {} bytes", made.len());
    bench.power_off(&vm).await;
    bench.delete(&vm).await;
}
