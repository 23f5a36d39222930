use super::canvas::{CELL_HEIGHT, CELL_WIDTH, Canvas, Colour};
use super::scene::{Scene, Window};
use crate::model::{Position, Rect, Size};

pub(super) const SCREEN: Size = Size { width: 1024, height: 768 };
const BAR_HEIGHT: u32 = 40;
const WINDOW: Rect = Rect { x: 232, y: 140, width: 560, height: 360 };
/// The button that closes the window.
const CLOSE: Rect =
    Rect { x: WINDOW.x + WINDOW.width - 26, y: WINDOW.y + 4, width: 20, height: 20 };
/// Another one.
const OK: Rect = Rect {
    x: WINDOW.x + WINDOW.width - 120,
    y: WINDOW.y + WINDOW.height - 48,
    width: 96,
    height: 28,
};
const TITLE_HEIGHT: u32 = 28;
const BLACK: Colour = [0x20, 0x20, 0x20];
const WHITE: Colour = [0xff; 3];
const BLUE: Colour = [0x1c, 0x5f, 0xa8];

/// Draws the desktop of a guest that is up: icons, a window, the task bar.
pub(super) fn draw(scene: &Scene) -> Canvas {
    let mut canvas = Canvas::new(SCREEN, [0, 0x60, 0x80]);
    background(&mut canvas);
    for (place, label) in (0u32..).zip(["Computer", "Documents", "Trash"]) {
        icon(&mut canvas, 40 + place * 96, label);
    }
    match scene.window {
        Window::Open => window(&mut canvas, scene),
        Window::Closed => {}
    }
    task_bar(&mut canvas, &scene.name);
    canvas
}

/// Returns whether a click there closes the window.
pub(in crate::hypervisor::simulated) fn closes(at: Position) -> bool {
    [CLOSE, OK].iter().any(|button| {
        let across = button.x..button.x + button.width;
        across.contains(&at.x) && (button.y..button.y + button.height).contains(&at.y)
    })
}

/// Lays bands from dark to light, so that the picture has more colours than a console.
fn background(canvas: &mut Canvas) {
    for (place, shade) in (0u32..48).zip((0x40u8..).step_by(2)) {
        let band = Rect { x: 0, y: place * 16, width: SCREEN.width, height: 16 };
        canvas.fill(band, [0x10, shade, 0x90]);
    }
}

fn icon(canvas: &mut Canvas, y: u32, label: &str) {
    canvas.fill(Rect { x: 44, y, width: 40, height: 36 }, WHITE);
    canvas.fill(Rect { x: 48, y: y + 4, width: 32, height: 22 }, BLUE);
    canvas.text((28, y + 40), CELL_WIDTH, label, WHITE);
}

fn window(canvas: &mut Canvas, scene: &Scene) {
    let Rect { x, y, width, height } = WINDOW;
    canvas.fill(Rect { x: x + 6, y: y + 6, width, height }, BLACK);
    canvas.fill(WINDOW, [0xf0; 3]);
    canvas.fill(Rect { height: TITLE_HEIGHT, ..WINDOW }, BLUE);
    canvas.text((x + 10, y + 6), CELL_WIDTH, &format!("Welcome to {}", scene.name), WHITE);
    let close = CLOSE;
    canvas.fill(close, [0xc0, 0x30, 0x30]);
    canvas.text((close.x + 6, close.y + 2), CELL_WIDTH, "x", WHITE);

    let about = ["This guest is simulated.", "", &scene.os, &scene.hardware];
    let about = about.into_iter().chain(scene.drives.iter().map(String::as_str));
    let mut line = y + TITLE_HEIGHT + 24;
    for text in about {
        canvas.text((x + 24, line), CELL_WIDTH, text, BLACK);
        line += CELL_HEIGHT + 6;
    }
    let field = Rect { x: x + 24, y: y + height - 92, width: width - 48, height: 26 };
    canvas.fill(field, WHITE);
    let shown = scene.typed.chars().rev().take(60).collect::<Vec<_>>();
    let shown: String = shown.into_iter().rev().collect();
    canvas.text((field.x + 6, field.y + 5), CELL_WIDTH, &shown, BLACK);
    let button = OK;
    canvas.fill(button, BLUE);
    canvas.text((button.x + 40, button.y + 6), CELL_WIDTH, "OK", WHITE);
}

fn task_bar(canvas: &mut Canvas, name: &str) {
    let top = SCREEN.height - BAR_HEIGHT;
    canvas.fill(Rect { x: 0, y: top, width: SCREEN.width, height: BAR_HEIGHT }, BLACK);
    canvas.fill(Rect { x: 6, y: top + 6, width: 72, height: 28 }, BLUE);
    canvas.text((22, top + 12), CELL_WIDTH, "Start", WHITE);
    canvas.fill(Rect { x: 92, y: top + 6, width: 220, height: 28 }, [0x48; 3]);
    let short: String = name.chars().take(24).collect();
    canvas.text((102, top + 12), CELL_WIDTH, &short, WHITE);
}
