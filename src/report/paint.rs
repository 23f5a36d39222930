use anstyle::AnsiColor;
use anstyle::Style as Ansi;

/// Whether text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Paint {
    /// It is.
    Colour,
    /// It is not.
    #[default]
    None,
}

/// What a piece of text means, as far as its colour goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum Tone {
    /// Nothing special.
    #[default]
    Normal,
    /// As it should be.
    Good,
    /// To be looked at.
    Warn,
    /// Wrong.
    Bad,
    /// Less important.
    Dim,
    /// A heading.
    Strong,
}

impl Tone {
    fn ansi(self) -> Ansi {
        match self {
            Self::Normal => Ansi::new(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Dim => Ansi::new().dimmed(),
            Self::Strong => Ansi::new().bold(),
        }
    }
}

impl Paint {
    /// Colours a text by its meaning.
    pub(super) fn tint(self, tone: Tone, text: &str) -> String {
        match self {
            Self::Colour if tone != Tone::Normal && !text.is_empty() => {
                let ansi = tone.ansi();
                format!("{ansi}{text}{ansi:#}")
            }
            Self::Colour | Self::None => text.to_owned(),
        }
    }
}
