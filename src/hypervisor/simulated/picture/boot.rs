use super::canvas::{CELL_HEIGHT, Canvas};
use super::scene::Scene;
use crate::model::{Rect, Size};

/// VGA's text mode: 80 columns of 9 pixels, 25 rows of 16.
pub(super) const SCREEN: Size = Size { width: 720, height: 400 };
const CELL_WIDTH: u32 = 9;
const GREY: [u8; 3] = [0xaa; 3];
const WHITE: [u8; 3] = [0xff; 3];

/// Draws the text screen of a guest that is this far, in thousandths.
pub(super) fn draw(scene: &Scene, permille: u64) -> Canvas {
    let mut canvas = Canvas::new(SCREEN, [0; 3]);
    let lines = lines(scene);
    let total = u64::try_from(lines.len()).unwrap_or(1);
    let shown = 1 + total.saturating_mul(permille) / 1000;
    let mut row = 0;
    for line in lines.iter().take(usize::try_from(shown).unwrap_or(1)) {
        let colour = if row == 0 { WHITE } else { GREY };
        canvas.text((0, row * CELL_HEIGHT), CELL_WIDTH, line, colour);
        row += 1;
    }
    let cursor = Rect { x: 0, y: row * CELL_HEIGHT + 13, width: CELL_WIDTH, height: 2 };
    canvas.fill(cursor, GREY);
    canvas
}

fn lines(scene: &Scene) -> Vec<String> {
    let mut lines =
        vec![format!("Simulated BIOS {}", env!("CARGO_PKG_VERSION")), scene.hardware.clone()];
    lines.extend(scene.drives.iter().cloned());
    lines.extend([
        String::new(),
        "Booting ...".to_owned(),
        format!("Loading {}", scene.os),
        "[  OK  ] Mounted the file systems".to_owned(),
        "[  OK  ] Started the network".to_owned(),
        "[  OK  ] Started the guest additions".to_owned(),
        "[  OK  ] Started the secure shell".to_owned(),
        format!("{} starts its desktop", scene.name),
    ]);
    lines
}
