use tokio::process::{Child, Command};

use crate::process::CommandLine;

/// Waits for the end of its standard input, which comes with our own end, and then kills the
/// program. A parent-death signal would know one system only, and one thread.
const TETHER: &str = r#"
"$@" </dev/null 2>&1 & served=$!
exec >/dev/null 2>&1
trap : HUP INT TERM
while read -r _; do :; done
kill -9 "$served"
wait "$served"
"#;

/// Builds the call of a program that ends with us.
#[expect(clippy::disallowed_methods, reason = "the one place where services are started")]
pub(super) fn tethered(line: &CommandLine) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(TETHER).arg("sh").arg(line.program()).args(line.arguments());
    // Ctrl-C at the terminal reaches us, not it.
    command.process_group(0).kill_on_drop(false);
    command
}

/// Ends it: the pipe is closed already, and that says it.
pub(super) fn end(_child: &mut Child) {}
