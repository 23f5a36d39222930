//! One file for each command: its arguments, and what they ask for.

mod clone;
mod completions;
mod config;
mod create;
mod delete;
mod demo;
mod exec;
mod export;
mod forward;
mod import;
mod list;
mod logs;
mod man;
mod pause;
mod reset;
mod restart;
mod resume;
mod screenshot;
mod setup;
mod simple;
mod snapshot;
mod start;
mod status;
mod stop;
mod system_status;
#[cfg(test)]
mod tests;
mod wait;

use clap::Subcommand;

use super::outcome::Outcome;
use super::shell::Shell;
use crate::request::Request;
use simple::ask;

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(Box<create::Create>),
    Start(start::Start),
    Stop(stop::Stop),
    Restart(restart::Restart),
    Reset(reset::Reset),
    Pause(pause::Pause),
    Resume(resume::Resume),
    #[command(visible_alias = "rm")]
    Delete(delete::Delete),
    Clone(clone::Clone),
    Export(export::Export),
    Import(import::Import),
    #[command(visible_alias = "ls")]
    List(list::List),
    #[command(visible_aliases = ["info", "show"])]
    Status(status::Status),
    Wait(wait::Wait),
    Snapshot(snapshot::Snapshot),
    Screenshot(screenshot::Screenshot),
    Exec(exec::Exec),
    Forward(forward::Forward),
    Logs(logs::Logs),
    Setup(setup::Setup),
    SystemStatus(system_status::SystemStatus),
    Config(config::Config),
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Does what is to be done, and returns the exit code.
pub(crate) fn run(command: Command, shell: Shell) -> Outcome {
    match command {
        Command::Create(it) => ask(shell, |given| it.request(given)),
        Command::Start(it) => ask(shell, |given| it.request(given)),
        Command::Stop(it) => ask(shell, |given| it.request(given)),
        Command::Restart(it) => ask(shell, |given| it.request(given)),
        Command::Reset(it) => ask(shell, |given| it.request(given)),
        Command::Pause(it) => ask(shell, |given| it.request(given)),
        Command::Resume(it) => ask(shell, |given| it.request(given)),
        Command::Delete(it) => it.run(shell),
        Command::Clone(it) => ask(shell, |given| it.request(given)),
        Command::Export(it) => ask(shell, |given| it.request(given)),
        Command::Import(it) => ask(shell, |_| it.request()),
        Command::Forward(it) => ask(shell, |given| it.request(given)),
        Command::List(_) => ask(shell, |_| Ok(Request::List)),
        Command::Status(it) => it.run(shell),
        Command::Wait(it) => ask(shell, |given| it.request(given)),
        Command::Snapshot(it) => ask(shell, |given| it.request(given)),
        Command::Screenshot(it) => it.run(shell),
        Command::Exec(it) => it.run(shell),
        Command::Logs(it) => it.run(shell),
        Command::Setup(it) => it.run(shell),
        Command::SystemStatus(_) => ask(shell, |_| Ok(Request::SystemStatus)),
        Command::Config(it) => it.run(&shell),
        Command::Demo(it) => it.run(shell),
        Command::Completions(it) => it.run(&shell),
        Command::Man(it) => it.run(&shell),
    }
}
