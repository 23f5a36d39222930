use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{self, Error, ErrorKind};

/// What comes on the standard input of a command in a guest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Input {
    /// Nothing: it is closed.
    #[default]
    Nothing,
    /// What a file of the host holds.
    File(PathBuf),
    /// What somebody else says.
    Stream(InputStream),
}

impl Input {
    /// Opens it if it is a file, so that a missing one is found out early.
    pub fn opened(&self) -> Result<Self, Error> {
        match self {
            Self::File(_) => {
                Ok(self.open()?.map_or(Self::Nothing, |file| Self::Stream(InputStream::new(file))))
            }
            Self::Nothing | Self::Stream(_) => Ok(self.clone()),
        }
    }

    /// Opens it; `None` if there is none. A stream can be opened once.
    pub fn open(&self) -> Result<Option<Box<dyn Read + Send>>, Error> {
        match self {
            Self::Nothing => Ok(None),
            Self::File(path) => {
                let what = format!("read `{}`", path.display());
                let file = File::open(path).map_err(|e| error::io(what, e))?;
                Ok(Some(Box::new(file)))
            }
            Self::Stream(stream) => stream.take().map(Some).ok_or_else(|| {
                Error::new(ErrorKind::Unsupported, "this input has been read already")
            }),
        }
    }
}

/// An input that can be read once. Clones share it.
#[derive(Clone)]
pub struct InputStream(Arc<Mutex<Option<Box<dyn Read + Send>>>>);

impl InputStream {
    /// Takes what will be read.
    pub fn new(from: impl Read + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(from)))))
    }

    /// Takes the text that will be read.
    pub fn of(text: impl Into<Vec<u8>>) -> Self {
        Self::new(io::Cursor::new(text.into()))
    }

    fn take(&self) -> Option<Box<dyn Read + Send>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl PartialEq for InputStream {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for InputStream {}

impl fmt::Debug for InputStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InputStream")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Input, InputStream};
    use crate::error::ErrorKind;

    fn read(input: &Input) -> String {
        let mut text = String::new();
        input.open().unwrap().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_file_is_read_from_its_begin_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("input");
        std::fs::write(&file, "words").unwrap();
        let input = Input::File(file.clone());
        assert_eq!((read(&input).as_str(), read(&input).as_str()), ("words", "words"));
        std::fs::remove_file(&file).unwrap();
        let error = input.open().err().unwrap();
        assert_eq!(error.kind(), ErrorKind::FileNotFound);
        assert!(Input::Nothing.open().unwrap().is_none());
    }

    #[test]
    fn a_stream_is_read_once() {
        let input = Input::Stream(InputStream::of("words"));
        assert_eq!(read(&input.clone()), "words");
        assert_eq!(input.open().err().unwrap().kind(), ErrorKind::Unsupported);
    }
}
