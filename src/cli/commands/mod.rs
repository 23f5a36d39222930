//! One file for each command: its arguments, and what they ask for.

mod analyze;
mod answer_media;
mod answers;
mod assertion;
mod audit;
mod away;
mod click;
mod clock;
mod clone;
mod completions;
mod config;
mod copy;
mod create;
mod create_linux;
mod create_windows;
mod delete;
mod demo;
mod display;
mod down;
mod drag;
mod events;
mod exec;
mod export;
mod find;
mod fleet;
mod forward;
mod gc;
mod guest_command;
#[cfg(test)]
mod guest_command_tests;
mod guest_streams;
#[cfg(test)]
mod help_tests;
mod import;
mod install;
mod iso;
mod key;
mod list;
mod login;
mod logs;
mod man;
mod mcp;
mod metrics;
mod move_pointer;
mod pause;
mod pointing;
mod record;
mod recover;
mod reset;
mod restart;
mod resume;
mod rollback;
mod run;
mod screen_diff;
mod screenshot;
mod scroll;
mod seeing;
mod series;
mod serve;
mod setup;
mod several;
mod share;
mod shell;
mod simple;
mod snapshot;
mod start;
mod status;
mod stop;
mod system_status;
mod tasks;
mod template;
#[cfg(test)]
mod tests;
mod token;
mod top;
mod typing;
mod unlock;
mod up;
mod wait;
mod watch;
mod words;

use clap::Subcommand;

use super::outcome::Outcome;
use super::shell::Shell;
use crate::error::Error;
use crate::report::Format;
use crate::request::Request;
#[cfg(feature = "serve")]
pub(super) use login::password_in;
use several::on_each;
use simple::ask;
#[cfg(feature = "serve")]
pub(super) use typing::without_line_end;

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(Box<create::Create>),
    CreateWindows(Box<create_windows::CreateWindows>),
    CreateLinux(Box<create_linux::CreateLinux>),
    Start(start::Start),
    Stop(stop::Stop),
    Restart(restart::Restart),
    Reset(reset::Reset),
    Pause(pause::Pause),
    Resume(resume::Resume),
    #[command(visible_alias = "rm")]
    Delete(delete::Delete),
    Clone(clone::Clone),
    Template(template::Template),
    Export(export::Export),
    Import(import::Import),
    Iso(iso::Iso),
    AnswerMedia(Box<answer_media::AnswerMediaCommand>),
    #[command(visible_alias = "ls")]
    List(list::List),
    #[command(visible_aliases = ["info", "show"])]
    Status(status::Status),
    Wait(wait::Wait),
    Up(up::Up),
    Down(down::Down),
    Snapshot(snapshot::Snapshot),
    Rollback(rollback::Rollback),
    Run(run::Run),
    Screenshot(screenshot::Screenshot),
    ScreenDiff(screen_diff::ScreenDiffCommand),
    Record(record::Record),
    #[command(visible_alias = "analyse")]
    Analyze(analyze::Analyze),
    Find(find::Find),
    Assert(assertion::Assert),
    Display(display::DisplayCommand),
    Type(typing::Type),
    Key(key::Key),
    Click(click::Click),
    Move(move_pointer::Move),
    Drag(drag::Drag),
    Scroll(scroll::Scroll),
    Exec(exec::Exec),
    #[command(visible_alias = "cp")]
    Copy(Box<copy::Copy>),
    Shell(shell::OpenShell),
    Clock(clock::Clock),
    Share(share::ShareCommand),
    Forward(forward::Forward),
    Logs(logs::Logs),
    Unlock(unlock::Unlock),
    Recover(recover::Recover),
    Watch(Box<watch::Watch>),
    Setup(setup::Setup),
    SystemStatus(system_status::SystemStatus),
    Tasks(tasks::Tasks),
    Metrics(metrics::Metrics),
    Audit(audit::Audit),
    Gc(gc::Gc),
    Config(config::Config),
    Mcp(mcp::Mcp),
    Serve(serve::Serve),
    Events(events::Events),
    #[command(name = "token")]
    Token(token::TokenCommand),
    Top(top::Top),
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    /// Refuses a format that this command's answer cannot have, before anything is done.
    fn check_format(&self, format: Format) -> Result<(), Error> {
        let fits = match format {
            Format::Prometheus => matches!(self, Self::Metrics(_)),
            Format::Tree => {
                matches!(self, Self::Analyze(it) if it.is_whole())
                    || matches!(self, Self::Screenshot(it) if it.is_read())
            }
            Format::Table
            | Format::Plain
            | Format::Json
            | Format::JsonLines
            | Format::Yaml
            | Format::Csv
            | Format::Names => true,
        };
        if fits { Ok(()) } else { Err(format.misfit()) }
    }
}

/// Does what is to be done, and returns the exit code.
pub(crate) fn run(command: Command, shell: Shell) -> Outcome {
    command.check_format(shell.style.format)?;
    if shell.host().is_some() {
        command.check_away()?;
    }
    match command {
        Command::Create(it) => it.run(shell),
        Command::CreateWindows(it) => it.run(shell),
        Command::CreateLinux(it) => it.run(shell),
        Command::Start(it) => on_each(shell, &it),
        Command::Stop(it) => on_each(shell, &it),
        Command::Restart(it) => on_each(shell, &it),
        Command::Reset(it) => on_each(shell, &it),
        Command::Pause(it) => on_each(shell, &it),
        Command::Resume(it) => on_each(shell, &it),
        Command::Delete(it) => it.run(shell),
        Command::Template(it) => ask(shell, |given| it.request(given)),
        Command::Clone(it) => ask(shell, |given| it.request(given)),
        Command::Export(it) => ask(shell, |given| it.request(given)),
        Command::Import(it) => ask(shell, |_| it.request()),
        Command::Iso(it) => it.run(&shell),
        Command::AnswerMedia(it) => it.run(shell),
        Command::Share(it) => ask(shell, |given| it.request(given)),
        Command::Forward(it) => ask(shell, |given| it.request(given)),
        Command::List(it) => it.run(shell),
        Command::Status(it) => it.run(shell),
        Command::Wait(it) => on_each(shell, &it),
        Command::Up(it) => it.run(shell),
        Command::Down(it) => it.run(shell),
        Command::Snapshot(it) => on_each(shell, &it),
        Command::Rollback(it) => ask(shell, |given| it.request(given)),
        Command::Run(it) => it.run(shell),
        Command::Screenshot(it) => it.run(shell),
        Command::ScreenDiff(it) => it.run(shell),
        Command::Record(it) => ask(shell, |given| it.request(given)),
        Command::Analyze(it) => it.run(shell),
        Command::Find(it) => it.run(shell),
        Command::Assert(it) => it.run(shell),
        Command::Display(it) => it.run(shell),
        Command::Type(it) => it.run(shell),
        Command::Key(it) => ask(shell, |given| it.request(given)),
        Command::Click(it) => it.run(shell),
        Command::Move(it) => ask(shell, |given| it.request(given)),
        Command::Drag(it) => ask(shell, |given| it.request(given)),
        Command::Scroll(it) => ask(shell, |given| it.request(given)),
        Command::Exec(it) => it.run(shell),
        Command::Copy(it) => it.run(shell),
        Command::Shell(it) => it.run(shell),
        Command::Clock(it) => it.run(shell),
        Command::Unlock(it) => ask(shell, |given| it.request(given)),
        Command::Recover(it) => on_each(shell, &it),
        Command::Watch(it) => it.run(shell),
        Command::Logs(it) => it.run(shell),
        Command::Setup(it) => it.run(shell),
        Command::SystemStatus(_) => ask(shell, |_| Ok(Request::SystemStatus)),
        Command::Tasks(it) => it.run(shell),
        Command::Metrics(it) => it.run(shell),
        Command::Audit(it) => it.run(shell),
        Command::Gc(it) => it.run(shell),
        Command::Config(it) => it.run(&shell),
        Command::Mcp(_) => mcp::Mcp::run(shell),
        Command::Serve(it) => it.run(shell),
        Command::Events(it) => it.run(shell),
        Command::Token(it) => it.run(shell),
        Command::Top(it) => it.run(shell),
        Command::Demo(it) => it.run(shell),
        Command::Completions(it) => it.run(&shell),
        Command::Man(it) => it.run(&shell),
    }
}
