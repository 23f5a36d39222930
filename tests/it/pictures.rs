//! Pictures of screens: parts, sizes, series and differences, on simulated VMs.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::command::{Home, Run, program_file};

fn desktop() -> Home {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    home.ok(&["wait", "web", "screen-stable", "--still", "1500ms"]);
    home
}

fn size(home: &Home, file: &str) -> (u32, u32) {
    let picture = image::open(home.path().join(file)).unwrap();
    (picture.width(), picture.height())
}

fn pictures(home: &Home) -> usize {
    let files = std::fs::read_dir(home.path()).unwrap();
    let name = |it: std::io::Result<std::fs::DirEntry>| it.unwrap().file_name();
    files.map(name).filter(|it| it.to_string_lossy().ends_with(".png")).count()
}

#[test]
fn a_part_of_a_screen_is_cut_out_and_scaled() {
    let home = desktop();
    let whole = home.json(&["screenshot", "web", "-o", "whole.png"])["items"][0].clone();
    let arguments = ["screenshot", "web", "--crop", "10,20,200,100", "--scale", "50%"];
    let part = home.json(&[&arguments[..], &["-o", "part.png"]].concat())["items"][0].clone();
    assert_eq!((&part["width"], &part["height"]), (&json!(100), &json!(50)), "{part}");
    assert_eq!(size(&home, "part.png"), (100, 50));
    assert_ne!(part["hash"], whole["hash"]);
    home.ok(&["screenshot", "web", "--scale", "64x64", "-o", "small.png"]);
    let (width, height) = size(&home, "small.png");
    assert!(width == 64 && height < 64, "{width}x{height}");
    let outside = home.error(2, &["screenshot", "web", "--crop", "0,0,20000,1"]);
    assert!(outside["hint"].as_str().unwrap().starts_with("the screen has"), "{outside}");
}

#[test]
fn a_series_keeps_what_is_new_and_ends_by_itself() {
    let home = desktop();
    let arguments = ["screenshot", "web", "--every", "100ms", "--for", "700ms"];
    let series = home.json(&arguments);
    assert_eq!(series["items"].as_array().unwrap().len(), 1, "nothing happened: {series}");
    assert_eq!(series["items"][0]["file"], "web-0001.png");
    assert_eq!(pictures(&home), 1);
    home.error(2, &["screenshot", "--all", "--every", "1s"]);
    home.error(2, &["screenshot", "web", "--every", "1s", "-o", "-"]);
    home.error(2, &["screenshot", "web", "--count", "1"]);
}

#[test]
fn a_series_goes_on_when_the_screen_changes_its_size() {
    let home = desktop();
    home.ok(&["reset", "web"]);
    let series = home.json(&["screenshot", "web", "--every", "100ms", "--for", "3s"]);
    let items = series["items"].as_array().unwrap();
    let told = |item: &serde_json::Value| {
        let number = |key| u32::try_from(item[key].as_u64().unwrap()).unwrap();
        let told = (number("width"), number("height"));
        assert_eq!(size(&home, item["file"].as_str().unwrap()), told, "{item}");
        told
    };
    let mut sizes: Vec<_> = items.iter().map(told).collect();
    sizes.dedup();
    assert_eq!(sizes, [(720, 400), (1024, 768)], "{series}");
}

#[cfg(unix)]
#[test]
fn a_series_ends_with_ctrl_c_and_every_picture_is_whole() {
    let home = desktop();
    let mut call = home.command(program_file());
    call.args(["screenshot", "web", "--every", "50ms", "--tolerance", "0", "--format", "jsonl"]);
    let mut child = call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    for text in ["", "one", "two"] {
        if !text.is_empty() {
            home.ok(&["type", "web", text]);
        }
        line.clear();
        std::io::BufRead::read_line(&mut lines, &mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        size(&home, told["file"].as_str().unwrap());
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{run:#?}");
    assert_eq!(pictures(&home), 3);
}

#[test]
fn two_screens_are_compared() {
    let home = desktop();
    home.ok(&["screenshot", "web", "-o", "before.png"]);
    assert_eq!(home.json(&["screen-diff", "before.png", "web"])["items"][0]["same"], true);
    home.ok(&["type", "web", "hello"]);
    let arguments = ["screen-diff", "before.png", "web", "--annotate", "diff.png", "--json"];
    let run = home.run(&arguments);
    assert_eq!(run.code, 1, "{run:#?}");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let diff = &document["items"][0];
    assert_eq!((&diff["same"], &diff["file"]), (&json!(false), &json!("diff.png")));
    let share = diff["changed_share"].as_f64().unwrap();
    assert!(share > 0.0 && share < 0.1, "{diff}");
    let region = &diff["regions"][0];
    let number = |key: &str| u32::try_from(region[key].as_u64().unwrap()).unwrap();
    let drawn = image::open(home.path().join("diff.png")).unwrap().into_rgb8();
    let corner = drawn.get_pixel(number("x") - 1, number("y") - 1);
    assert_eq!(corner.0, [255, 0, 0], "a line goes around {region}");
    assert_eq!(home.run(&["screen-diff", "before.png", "web", "--tolerance", "10%"]).code, 0);
    assert_eq!(
        home.error(3, &["screen-diff", "before.png", "nowhere.png"])["code"],
        "file_not_found"
    );
    assert_eq!(home.error(3, &["screen-diff", "before.png", "nobody"])["code"], "vm_not_found");
    home.ok(&["screenshot", "web", "--scale", "50%", "-o", "half.png"]);
    let sizes = home.run(&["screen-diff", "before.png", "half.png"]);
    assert!(sizes.code == 1 && sizes.stdout.contains("the sizes"), "{sizes:#?}");
}

#[test]
fn a_display_that_is_not_there_is_named() {
    let home = Home::simulated();
    home.ok(&["create", "web", "--memory", "64", "--no-disk", "--start", "-q"]);
    home.ok(&["wait", "web", "screen-stable"]);
    home.ok(&["screenshot", "web", "--display", "0"]);
    let error = home.error(3, &["screenshot", "web", "--display", "1", "-o", "second.png"]);
    assert_eq!(error["code"], "not_found", "{error}");
    assert!(error["message"].as_str().unwrap().contains("no display 1"), "{error}");
    assert!(!home.path().join("second.png").exists());
}
