//! The `vm-cli` program: everything is in the library, see [`vm_cli::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    vm_cli::cli::run()
}
