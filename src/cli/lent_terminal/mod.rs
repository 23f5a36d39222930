//! Our terminal, lent to a command in a guest: every key goes there, until it is given back.

mod escape;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix::Resizes;
#[cfg(windows)]
use windows::Resizes;

use std::convert::Infallible;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use crossterm::terminal;
use tokio::sync::watch;

use self::escape::Escape;
use super::console::Console;
use crate::request::{GuestTerminal, InputStream, TerminalSize};

/// What is lent if ours tells no size.
const USUAL: TerminalSize = TerminalSize { columns: 80, rows: 24 };

/// Our terminal while it is lent. Given back when it is dropped.
#[derive(Debug)]
pub(crate) struct LentTerminal {
    state: Arc<Mutex<State>>,
    sizes: watch::Sender<TerminalSize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nobody has read from it yet.
    Offered,
    /// Keys come as they are pressed.
    Raw,
    /// It is ours again.
    GivenBack,
}

impl LentTerminal {
    /// Offers our terminal.
    pub(crate) fn offer() -> Self {
        let (state, sizes) = (Arc::new(Mutex::new(State::Offered)), watch::Sender::new(size()));
        Self { state, sizes }
    }

    /// Returns what the guest gets to know of it.
    pub(crate) fn terminal(&self, kind: Option<String>) -> GuestTerminal {
        let kind = kind.unwrap_or_else(|| "xterm-256color".to_owned());
        GuestTerminal { kind, sizes: self.sizes.subscribe() }
    }

    /// Returns what is typed. With the first look at it every key goes to the guest, Ctrl-C too:
    /// until then Ctrl-C is for us.
    pub(crate) fn typed(&self, console: Arc<Console>) -> InputStream {
        let (state, escape) = (Arc::clone(&self.state), Escape::default());
        InputStream::new(Typed { state, escape, console })
    }

    /// Tells the guest of new sizes, for ever.
    pub(crate) async fn follow(&self) -> Infallible {
        let Ok(mut resizes) = Resizes::listen() else { return std::future::pending().await };
        loop {
            resizes.next().await;
            self.sizes.send_if_modified(|known| {
                let size = size();
                std::mem::replace(known, size) != size
            });
        }
    }
}

impl Drop for LentTerminal {
    fn drop(&mut self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::GivenBack;
        give_back();
    }
}

/// Makes the terminal as it was, whoever has lent it.
pub(crate) fn give_back() {
    // If it cannot be, there is nobody who could be told.
    drop(terminal::disable_raw_mode());
}

fn size() -> TerminalSize {
    match terminal::size() {
        Ok((columns, rows)) if 0 < columns && 0 < rows => TerminalSize { columns, rows },
        Ok(_) | Err(_) => USUAL,
    }
}

/// What is typed at our terminal.
struct Typed {
    state: Arc<Mutex<State>>,
    escape: Escape,
    console: Arc<Console>,
}

impl Read for Typed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        {
            // Under the lock: what was given back stays so.
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            match *state {
                State::Offered => {
                    self.console.hold_still();
                    terminal::enable_raw_mode()?;
                    *state = State::Raw;
                }
                State::Raw => {}
                State::GivenBack => return Ok(0),
            }
        }
        let count = io::stdin().lock().read(buffer)?;
        if self.escape.sees(buffer.get(..count).unwrap_or_default()) {
            let why = "the session was left with `~.`";
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, why));
        }
        Ok(count)
    }
}
