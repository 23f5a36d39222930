use std::time::{Duration, Instant};

use vm_cli::hypervisor::News;
use vm_cli::model::{VmId, VmRef};

use super::bench::Bench;

const SHORT: Duration = Duration::from_millis(300);

/// Who waits for news waits no longer than was said, whatever became of the VM.
pub(super) async fn check(bench: &Bench) {
    let Some(news) = bench.driver.news() else { return };
    let nobody = VmRef::from(VmId::from_random(404));
    wait(bench, news, &nobody).await;
    let vm = bench.make(110, &bench.wanted("told of")).await;
    wait(bench, news, &vm).await;
    bench.start(&vm).await;
    wait(bench, news, &vm).await;
    bench.power_off(&vm).await;
    bench.delete(&vm).await;
}

async fn wait(bench: &Bench, news: &dyn News, vm: &VmRef) {
    let begun = Instant::now();
    bench.done("wait for news", || news.next(vm, SHORT)).await;
    assert!(begun.elapsed() < bench.options.patience / 2, "it waits for ever");
}
