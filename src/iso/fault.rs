use std::io;

/// Why an image cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file itself cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It ends before it should.
    #[error("it is cut off: {there} of {whole} bytes are there")]
    Cut {
        /// How long it is, in bytes.
        there: u64,
        /// How long it says it is, in bytes.
        whole: u64,
    },
    /// It is something else.
    #[error("it is {0}, not an ISO")]
    Foreign(&'static str),
    /// A part of it cannot be what it should be.
    #[error("its {part} {why}")]
    Damaged {
        /// Which part.
        part: &'static str,
        /// What is wrong with it, as a clause.
        why: &'static str,
    },
    /// It is of a kind that is not read here.
    #[error("its {part} {why}, which cannot be read")]
    Unsupported {
        /// Which part.
        part: &'static str,
        /// What it does, as a clause.
        why: &'static str,
    },
}

impl Fault {
    /// Describes a part that cannot be what it should be.
    pub(super) fn damaged(part: &'static str, why: &'static str) -> Self {
        Self::Damaged { part, why }
    }
}
