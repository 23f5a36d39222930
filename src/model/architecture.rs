use std::fmt;

/// What a guest's programs are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// 32-bit PCs.
    X86,
    /// 64-bit PCs, also known as amd64 and `x86_64`.
    X64,
    /// 64-bit ARM, also known as `aarch64`.
    Arm64,
}

impl Architecture {
    /// Returns its one name in results and arguments.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86 => "x86",
            Self::X64 => "x64",
            Self::Arm64 => "arm64",
        }
    }

    /// Reads a name that distributions have for it.
    pub fn known(name: &str) -> Option<Self> {
        match name {
            "x86" | "i386" | "i486" | "i586" | "i686" => Some(Self::X86),
            "x64" | "amd64" | "x86_64" => Some(Self::X64),
            "arm64" | "aarch64" => Some(Self::Arm64),
            _ => None,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
