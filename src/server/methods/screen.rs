use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::{Error, ErrorKind};
use crate::model::{Button, Scope, VmRef};
use crate::report::{Document, Found, Seen};
use crate::request::{
    Analysis, Clicks, Gesture, Look, PictureTo, PointerRequest, Request, ScreenshotRequest, Space,
    View, rectangle,
};
use crate::screen::{ElementKind, missing, seek};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// How long a click's effect is waited for.
pub(super) const SETTLE: Duration = Duration::from_millis(500);

/// Take a picture of a VM's screen. Its `hash` tells whether two are the same.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Picture {
    /// The VM: its name or UUID.
    vm: String,
    /// How large it may be, such as `50%` or `1280x800`; as it is if it is left out. Places in it are
    /// told to pointer methods by `image_size`.
    scale: Option<String>,
    /// Only this part of the screen: `X,Y,WIDTH,HEIGHT` in pixels.
    crop: Option<String>,
    /// The hash of the picture that you have: if the screen still shows it, none is sent.
    unless: Option<String>,
}

impl Method for Picture {
    const NAME: &'static str = "screen_picture";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let view = View {
            crop: self.crop.as_deref().map(rectangle).transpose()?,
            scale: self.scale.map(|it| it.parse()).transpose()?,
            ..View::default()
        };
        let to = self.unless.map_or(PictureTo::Response, PictureTo::ResponseUnless);
        let analysis = Analysis::Skipped;
        let wanted = ScreenshotRequest { vm: self.vm.parse()?, to, analysis, view };
        desk.tell(Request::Screenshot(wanted)).await
    }
}

/// Read a VM's screen: every text, button, field, check box, icon and window, with its place in
/// pixels of the screen and its state; and whether it shows an installer, a desktop, a console.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Read {
    /// The VM: its name or UUID.
    vm: String,
}

impl Method for Read {
    const NAME: &'static str = "screen_read";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let (report, reading) = desk.read_screen(&self.vm.parse()?).await?;
        Ok(Document::seen(&Seen { name: report.vm, reading, file: None }).into())
    }
}

/// Find what says a text on a VM's screen, the best first, with its `center` to click at. Small
/// misreadings do no harm; what is not there is told with what comes nearest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Find {
    /// The VM: its name or UUID.
    vm: String,
    /// What it says.
    text: String,
    /// Only elements of this kind, such as button, field, checkbox, link.
    kind: Option<String>,
}

impl Method for Find {
    const NAME: &'static str = "screen_find";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let kind = kind(self.kind.as_deref())?;
        let (report, reading) = desk.read_screen(&self.vm.parse()?).await?;
        let matches = seek(&reading, &self.text, kind);
        if matches.is_empty() {
            return Err(missing(&reading, &self.text, kind));
        }
        let found: Vec<Found> = matches.iter().map(|it| Found::new(&report.vm, it)).collect();
        Ok(Document::found(&found).into())
    }
}

/// Click at what says a text on a VM's screen. It tells where that was and whether the screen
/// changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Click {
    /// The VM: its name or UUID.
    vm: String,
    /// What it says.
    text: String,
    /// Only at an element of this kind, such as button, field, checkbox, link.
    kind: Option<String>,
}

impl Method for Click {
    const NAME: &'static str = "screen_click";
    const SCOPE: Scope = Scope::Input;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm: VmRef = self.vm.parse()?;
        let kind = kind(self.kind.as_deref())?;
        let (_, reading) = desk.read_screen(&vm).await?;
        let found = seek(&reading, &self.text, kind);
        let best = found.first().ok_or_else(|| missing(&reading, &self.text, kind))?;
        let at = best.element.area.centre();
        let (button, times) = (Button::Left, Clicks::Single);
        let gesture = Gesture::Click { at, button, times };
        let (space, look) = (Space::Native, Look::Until(SETTLE));
        desk.tell(Request::Point(PointerRequest { vm, gesture, space, look })).await
    }
}

fn kind(word: Option<&str>) -> Result<Option<ElementKind>, Error> {
    let Some(word) = word else { return Ok(None) };
    ElementKind::named(word).map(Some).ok_or_else(|| {
        let words = ElementKind::ALL.map(ElementKind::as_str).join(", ");
        Error::new(ErrorKind::Usage, format!("`{word}` is no kind of element"))
            .hint(format!("the kinds: {words}"))
    })
}
