use std::io::Read as _;

use tokio::sync::mpsc;

/// A key that means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Up,
    Down,
    Quit,
    /// Ctrl-C: a raw terminal makes no signal of it.
    Interrupt,
}

/// What is typed. Without anybody who types it ends.
#[derive(Debug)]
pub(super) struct Keys(mpsc::UnboundedReceiver<Key>);

impl Keys {
    /// Begins to listen.
    pub(super) fn listen() -> Self {
        let (to, keys) = mpsc::unbounded_channel();
        tokio::task::spawn_blocking(move || {
            let mut bytes = [0; 64];
            let mut stdin = std::io::stdin().lock();
            while let Ok(count) = stdin.read(&mut bytes) {
                if count == 0 {
                    return;
                }
                for key in read(bytes.get(..count).unwrap_or_default()) {
                    if to.send(key).is_err() {
                        return;
                    }
                }
            }
        });
        Self(keys)
    }

    /// Returns the next key; `None` if nobody types any more.
    pub(super) async fn next(&mut self) -> Option<Key> {
        self.0.recv().await
    }
}

/// Reads keys as terminals send them; others mean nothing.
fn read(mut bytes: &[u8]) -> Vec<Key> {
    let mut keys = Vec::new();
    loop {
        let (key, rest) = match bytes {
            [] => return keys,
            [0x1b, b'[' | b'O', b'A', rest @ ..] | [b'k', rest @ ..] => (Some(Key::Up), rest),
            [0x1b, b'[' | b'O', b'B', rest @ ..] | [b'j', rest @ ..] => (Some(Key::Down), rest),
            [b'q' | b'Q', rest @ ..] => (Some(Key::Quit), rest),
            [0x1b] => (Some(Key::Quit), [].as_slice()),
            [3, rest @ ..] => (Some(Key::Interrupt), rest),
            [0x1b, b'[' | b'O', _, rest @ ..] | [_, rest @ ..] => (None, rest),
        };
        keys.extend(key);
        bytes = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, read};

    #[test]
    fn keys_are_what_terminals_send() {
        let typed = b"\x1b[A\x1bOBjk\x1b[Cxq\x03\x1b";
        let keys = [Key::Up, Key::Down, Key::Down, Key::Up, Key::Quit, Key::Interrupt, Key::Quit];
        assert_eq!(read(typed), keys);
    }
}
