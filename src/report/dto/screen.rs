use serde::Serialize;

use super::path;
use super::reading::{ElementShape, ReadingShape, shape};
use crate::model::{Rect, Size};
use crate::report::ScreenDiff;
use crate::request::ScreenReport;
use crate::screen::{Difference, Element, ScreenAnalysis};

#[derive(Debug, Serialize)]
pub(crate) struct ScreenItem {
    vm: String,
    width: u32,
    height: u32,
    hash: String,
    file: Option<String>,
    changed_share: Option<f64>,
    analysis: Option<AnalysisShape>,
    reading: Option<ReadingShape>,
}

#[derive(Debug, Serialize)]
struct AnalysisShape {
    kind: &'static str,
    confidence: f64,
    colours: usize,
    main_colour: String,
    main_share: f64,
}

impl From<&ScreenReport> for ScreenItem {
    fn from(screen: &ScreenReport) -> Self {
        Self {
            vm: screen.vm.clone(),
            width: screen.size.width,
            height: screen.size.height,
            hash: screen.hash.clone(),
            file: screen.file.as_deref().map(path),
            changed_share: screen.changed_share,
            analysis: screen.analysis.as_ref().map(AnalysisShape::from),
            reading: screen.reading.as_ref().map(ReadingShape::from),
        }
    }
}

impl From<&ScreenAnalysis> for AnalysisShape {
    fn from(analysis: &ScreenAnalysis) -> Self {
        let [red, green, blue] = analysis.main_colour;
        Self {
            kind: analysis.kind.as_str(),
            confidence: analysis.confidence,
            colours: analysis.colours,
            main_colour: format!("#{red:02x}{green:02x}{blue:02x}"),
            main_share: analysis.main_share,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct DiffItem {
    before: PictureShape,
    after: PictureShape,
    same: bool,
    changed_share: Option<f64>,
    regions: Vec<RegionShape>,
    elements: Option<Vec<ChangeShape>>,
    file: Option<String>,
}

/// What became of an element: `kind` is appeared, vanished, moved or changed.
#[derive(Debug, Serialize)]
struct ChangeShape {
    kind: &'static str,
    before: Option<ElementShape>,
    after: Option<ElementShape>,
}

#[derive(Debug, Serialize)]
struct PictureShape {
    name: String,
    width: u32,
    height: u32,
}

#[derive(Debug, Serialize)]
struct RegionShape {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

impl From<&Difference> for ChangeShape {
    fn from(difference: &Difference) -> Self {
        let told = |it: &Option<(usize, Element)>| it.as_ref().map(|(id, it)| shape(*id, it));
        Self {
            kind: difference.kind.as_str(),
            before: told(&difference.before),
            after: told(&difference.after),
        }
    }
}

impl From<&ScreenDiff> for DiffItem {
    fn from(diff: &ScreenDiff) -> Self {
        let picture = |(name, Size { width, height }): &(String, Size)| PictureShape {
            name: name.clone(),
            width: *width,
            height: *height,
        };
        let region = |&Rect { x, y, width, height }: &Rect| RegionShape { x, y, width, height };
        let changes = |all: &Vec<Difference>| all.iter().map(ChangeShape::from).collect();
        Self {
            before: picture(&diff.before),
            after: picture(&diff.after),
            same: diff.is_same(),
            changed_share: diff.changed_share,
            regions: diff.regions.iter().map(region).collect(),
            elements: diff.elements.as_ref().map(changes),
            file: diff.file.as_deref().map(path),
        }
    }
}
