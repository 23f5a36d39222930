//! How busy the host's CPUs are.

use std::time::Duration;

/// Measures over a time what share of the CPUs is used, in percent; zero if the host does not tell.
#[cfg(not(windows))]
pub(super) async fn usage_percent(sampling: Duration) -> f32 {
    let Ok(mut system) = sysinfo::System::new() else {
        return 0.0;
    };
    system.refresh_cpu_usage();
    tokio::time::sleep(sampling).await;
    system.refresh_cpu_usage();
    let usage = system.global_cpu_usage();
    // A host without CPU times calls anything a percentage.
    if usage.is_finite() { usage.clamp(0.0, 100.0) } else { 0.0 }
}

/// Measures over a time what share of the CPUs is used, in percent; zero if the host does not tell.
///
/// Not by performance counters: they may take seconds to open, and a host may have none.
#[cfg(windows)]
pub(super) async fn usage_percent(sampling: Duration) -> f32 {
    let before = winsafe::GetSystemTimes();
    tokio::time::sleep(sampling).await;
    match (before, winsafe::GetSystemTimes()) {
        (Ok(before), Ok(after)) => share(before, after),
        (Err(_), _) | (_, Err(_)) => 0.0,
    }
}

/// Times of all CPUs: how long they were idle, in the kernel (idle or not) and in programs.
#[cfg(windows)]
type Times = (winsafe::FILETIME, winsafe::FILETIME, winsafe::FILETIME);

#[cfg(windows)]
fn share(before: Times, after: Times) -> f32 {
    let passed = |from, to| u64::from(to).saturating_sub(u64::from(from));
    let idle = passed(before.0, after.0);
    let all = passed(before.1, after.1).saturating_add(passed(before.2, after.2));
    let busy = all.saturating_sub(idle);
    let thousandths = busy.saturating_mul(1000).checked_div(all).unwrap_or(0);
    u16::try_from(thousandths).map_or(0.0, |thousandths| f32::from(thousandths) / 10.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::usage_percent;

    #[tokio::test]
    async fn a_share_of_the_cpus_is_a_percentage_even_over_no_time() {
        for sampling in [Duration::ZERO, Duration::from_millis(200)] {
            let usage = usage_percent(sampling).await;
            assert!((0.0..=100.0).contains(&usage), "{usage}");
        }
    }

    #[cfg(windows)]
    #[test]
    fn what_is_not_idle_is_busy() {
        let times = |idle: u64, kernel: u64, user: u64| (idle.into(), kernel.into(), user.into());
        let share = super::share(times(10, 20, 30), times(40, 70, 80));
        assert!((share - 70.0).abs() < f32::EPSILON, "{share}");
        assert!(super::share(times(1, 1, 1), times(1, 1, 1)).abs() < f32::EPSILON);
    }
}
