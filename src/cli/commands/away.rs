//! Which commands a server does.

use super::Command;
use crate::cli::session::not_away;
use crate::error::Error;

impl Command {
    /// Refuses what no server does, before anything is sent. What is about files of this host alone
    /// is done here as ever.
    pub(super) fn check_away(&self) -> Result<(), Error> {
        let what = match self {
            Self::Create(_)
            | Self::Start(_)
            | Self::Stop(_)
            | Self::Restart(_)
            | Self::Reset(_)
            | Self::Pause(_)
            | Self::Resume(_)
            | Self::Delete(_)
            | Self::Clone(_)
            | Self::Template(_)
            | Self::Export(_)
            | Self::Import(_)
            | Self::Iso(_)
            | Self::AnswerMedia(_)
            | Self::List(_)
            | Self::Wait(_)
            | Self::Snapshot(_)
            | Self::Rollback(_)
            | Self::Run(_)
            | Self::Screenshot(_)
            | Self::ScreenDiff(_)
            | Self::Record(_)
            | Self::Analyze(_)
            | Self::Find(_)
            | Self::Assert(_)
            | Self::Display(_)
            | Self::Type(_)
            | Self::Key(_)
            | Self::Click(_)
            | Self::Move(_)
            | Self::Drag(_)
            | Self::Scroll(_)
            | Self::Exec(_)
            | Self::Copy(_)
            | Self::Clock(_)
            | Self::Share(_)
            | Self::Forward(_)
            | Self::Unlock(_)
            | Self::Recover(_)
            | Self::Setup(_)
            | Self::SystemStatus(_)
            | Self::Tasks(_)
            | Self::Metrics(_)
            | Self::Audit(_)
            | Self::Gc(_)
            | Self::Config(_)
            | Self::Events(_)
            | Self::Top(_)
            | Self::Completions(_)
            | Self::Man(_) => return Ok(()),
            Self::Status(it) if !it.is_of_a_file() => return Ok(()),
            Self::Logs(it) if !it.is_of_a_vm() => return Ok(()),
            Self::Status(_) => "`status --file`",
            Self::Logs(_) => "the log of a VM",
            Self::CreateWindows(_) => "`create-windows`",
            Self::CreateLinux(_) => "`create-linux`",
            Self::Up(_) => "`up`",
            Self::Down(_) => "`down`",
            Self::Shell(_) => "`shell`",
            Self::Watch(_) => "`watch`",
            Self::Mcp(_) => "`mcp`",
            Self::Serve(_) => "`serve`",
            Self::Token(_) => "`token`",
            Self::Demo(_) => "`demo`",
        };
        Err(not_away(what))
    }
}
