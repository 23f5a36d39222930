use std::io;

/// Why an image is not taken for a disk.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file itself cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It ends before it should.
    #[error("it is cut off: {there} of at least {whole} bytes are there")]
    Cut {
        /// How long it is, in bytes.
        there: u64,
        /// How long it must be, in bytes.
        whole: u64,
    },
    /// It is something else.
    #[error("it is {0}, not the image of a disk")]
    Foreign(&'static str),
    /// A part of it cannot be what it should be.
    #[error("its {part} cannot be what it should be")]
    Damaged {
        /// Which part.
        part: &'static str,
    },
    /// It needs what nobody here can do.
    #[error("it {why}")]
    Unsupported {
        /// What it does, as a clause.
        why: &'static str,
    },
}
