//! The guest's clock: how far it is from the host's, and set right. A guest that comes back with a
//! snapshot goes on with the time of that snapshot until somebody tells it.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::VmOrchestrator;
use super::errand::{Complaint, Errand};
use crate::error::{Error, ErrorKind};
use crate::guest::OutputSink;
use crate::model::{GuestClock, GuestSystem, Vm, VmRef, VmState, typed};
use crate::request::{ClockRepair, ClockReport, ClockRequest, Credentials, Input};

impl VmOrchestrator {
    /// Compares a guest's clock with the host's, and sets it if that is wanted.
    pub(super) async fn clock(&self, request: &ClockRequest) -> Result<ClockReport, Error> {
        let (begun, vm) = (Instant::now(), &request.vm);
        if self.rehearses() || self.simulates() {
            return self.rehearsed(request, begun).await;
        }
        let (credentials, reach_within) = (&request.credentials, request.reach_within);
        let errand = Errand { vm, credentials, reach_within };
        let system = GuestSystem::of(&self.inspect(vm).await?);
        let found = self.drift(errand, system).await?;
        let (drift_ms, before_ms) = match request.repair {
            ClockRepair::Tell => (found, None),
            ClockRepair::Set => {
                let said = Arc::new(Complaint::default());
                let command = set_by(system, found);
                if self.run_errand(errand, command, Input::Nothing, said.clone()).await? != 0 {
                    return Err(said.behind(not_set(vm)));
                }
                (self.drift(errand, system).await?, Some(found))
            }
        };
        Ok(ClockReport { vm: vm.to_string(), drift_ms, before_ms, took: begun.elapsed() })
    }

    /// Asks a guest for its time beside other questions: that it cannot be asked is an answer.
    pub(super) async fn guest_clock(
        &self,
        vm: &VmRef,
        found: &Vm,
        credentials: &Credentials,
    ) -> Result<GuestClock, Error> {
        if found.state != VmState::Running || self.rehearses() {
            return Ok(GuestClock::Unasked);
        }
        if self.simulates() {
            return Ok(GuestClock::Ahead(0));
        }
        let errand = Errand { vm, credentials, reach_within: self.settings().timeouts.query };
        match self.drift(errand, GuestSystem::of(found)).await {
            Ok(ahead_ms) => Ok(GuestClock::Ahead(ahead_ms)),
            Err(error) if error.kind() == ErrorKind::Canceled => Err(error),
            Err(error) => Ok(GuestClock::Unknown(error.message().to_owned())),
        }
    }

    /// A simulated guest has this host's clock.
    async fn rehearsed(
        &self,
        request: &ClockRequest,
        begun: Instant,
    ) -> Result<ClockReport, Error> {
        let vm = self.inspect(&request.vm).await?.name;
        let (what, before_ms) = match request.repair {
            ClockRepair::Tell => ("compare the clock of", None),
            ClockRepair::Set => ("compare and set the clock of", Some(0)),
        };
        if self.rehearses() {
            self.note(format!("{what} `{vm}` over SSH"));
        }
        Ok(ClockReport { vm, drift_ms: 0, before_ms, took: begun.elapsed() })
    }

    /// Returns how many milliseconds a guest's clock is ahead of the host's.
    async fn drift(&self, errand: Errand<'_>, system: GuestSystem) -> Result<i64, Error> {
        let sink = Arc::new(TimeSink::new(self.parts.setup.clock));
        self.run_errand(errand, tell_time(system), Input::Nothing, sink.clone()).await?;
        sink.ahead().ok_or_else(|| {
            let message = format!("the guest of `{}` does not tell its time", errand.vm);
            Error::new(ErrorKind::Unparseable, message)
                .about(errand.vm)
                .hint("its `date` must know `date +%s`; Windows needs PowerShell")
        })
    }
}

/// Waits for the next second: `date` of small systems knows no parts of one. `$b` is the time then.
const NEXT_SECOND: &str = "a=$(date +%s); while b=$(date +%s); [ \"$b\" = \"$a\" ]; do :; done; ";

/// Prints the guest's time again and again: what is delayed least on its way counts.
fn tell_time(system: GuestSystem) -> String {
    match system {
        GuestSystem::Posix => format!("for i in 1 2; do {NEXT_SECOND}echo \"$b.000\"; done"),
        GuestSystem::Windows => "powershell -NoProfile -Command \
             \"1..5 | ForEach-Object { [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() }\""
            .to_owned(),
    }
}

/// Sets a clock that is so many milliseconds ahead. It is told by how much it is wrong and not what
/// time it is: to log in may take long.
fn set_by(system: GuestSystem, ahead_ms: i64) -> String {
    match system {
        GuestSystem::Posix => format!(
            "{NEXT_SECOND}right=$(( b * 1000 - ({ahead_ms}) )); next=$(( right / 1000 + 1 )); \
             sleep \"$(printf '0.%03d' $(( (next * 1000 - right) % 1000 )))\"; \
             if [ \"$(id -u)\" = 0 ]; then date -u -s \"@$next\" >/dev/null; \
             else sudo -n date -u -s \"@$next\" >/dev/null; fi"
        ),
        GuestSystem::Windows => format!(
            "powershell -NoProfile -Command \"Set-Date -ErrorAction Stop \
             -Date (Get-Date).AddMilliseconds({}) | Out-Null\"",
            ahead_ms.saturating_neg()
        ),
    }
}

fn not_set(vm: &VmRef) -> Error {
    let message = format!("the guest of `{vm}` refused to set its clock");
    Error::new(ErrorKind::PermissionDenied, message).about(vm).hint(format!(
        "log in as one who may: `vm-cli clock {} --repair --username root`, or an administrator",
        typed(vm)
    ))
}

/// Hears a guest tell its time, and compares.
#[derive(Debug)]
struct TimeSink {
    clock: fn() -> SystemTime,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    line: String,
    ahead: Option<i64>,
}

impl TimeSink {
    fn new(clock: fn() -> SystemTime) -> Self {
        Self { clock, heard: Mutex::default() }
    }

    fn ahead(&self) -> Option<i64> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).ahead
    }
}

impl OutputSink for TimeSink {
    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        let now = (self.clock)().duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
        let now = i64::try_from(now.as_millis()).map_err(io::Error::other)?;
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.line.push_str(&String::from_utf8_lossy(bytes));
        while let Some((line, rest)) = heard.line.split_once('\n') {
            // What comes late seems to be behind: the least delay is nearest to the truth.
            let ahead = milliseconds(line).map(|told| told.saturating_sub(now));
            let rest = rest.to_owned();
            heard.ahead = heard.ahead.max(ahead);
            heard.line = rest;
        }
        Ok(())
    }

    fn stderr(&self, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// Reads `SECONDS.NANOSECONDS`, or milliseconds.
fn milliseconds(line: &str) -> Option<i64> {
    let line = line.trim();
    let Some((seconds, fraction)) = line.split_once('.') else { return line.parse().ok() };
    let seconds: i64 = seconds.parse().ok()?;
    let thousandths: i64 = fraction.get(..3)?.parse().ok()?;
    seconds.checked_mul(1000)?.checked_add(thousandths)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::{TimeSink, milliseconds, set_by, tell_time};
    use crate::guest::OutputSink;
    use crate::model::GuestSystem;

    fn noon() -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(1_700_000_000_500)
    }

    #[test]
    fn the_least_delayed_answer_counts() {
        let sink = TimeSink::new(noon);
        for part in ["1699999990.2", "00000000\n16999", "99990.400000000\n1699999990.100000000\n"] {
            sink.stdout(part.as_bytes()).unwrap();
        }
        assert_eq!(sink.ahead(), Some(-10_100));
        let sink = TimeSink::new(noon);
        sink.stdout(b"1700000001500\r\n").unwrap();
        assert_eq!(sink.ahead(), Some(1000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        let sink = TimeSink::new(noon);
        sink.stdout(b"1699999990.N\nsh: date: not found\n\n").unwrap();
        assert_eq!(sink.ahead(), None);
        assert_eq!(milliseconds("12.34"), None, "nobody prints so");
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the guest's shell is this host's here")]
    fn a_shell_tells_its_time_at_the_beginning_of_a_second() {
        let command = tell_time(GuestSystem::Posix);
        let told = std::process::Command::new("sh").args(["-c", &command]).output().unwrap();
        let now = SystemTime::now;
        let sink = TimeSink::new(now);
        sink.stdout(&told.stdout).unwrap();
        let ahead = sink.ahead().unwrap();
        assert!((-2_000..=0).contains(&ahead), "{ahead}: {told:?}");
    }

    #[test]
    fn a_clock_is_set_by_how_much_it_is_wrong() {
        let posix = set_by(GuestSystem::Posix, -3_600_000);
        assert!(posix.contains("b * 1000 - (-3600000)") && posix.contains("date -u -s \"@$next\""));
        let windows = set_by(GuestSystem::Windows, 1500);
        assert!(windows.contains(".AddMilliseconds(-1500)"), "{windows}");
        assert!(tell_time(GuestSystem::Windows).starts_with("powershell "));
    }
}
