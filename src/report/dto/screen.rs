use serde::Serialize;

use super::path;
use crate::request::ScreenReport;
use crate::screen::ScreenAnalysis;

#[derive(Debug, Serialize)]
pub(crate) struct ScreenItem {
    vm: String,
    width: u32,
    height: u32,
    hash: String,
    file: Option<String>,
    changed_share: Option<f64>,
    analysis: Option<AnalysisShape>,
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
