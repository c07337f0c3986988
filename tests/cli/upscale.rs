//! Making larger, and the models, from the command line.

use crate::desk::Desk;
use image::{ImageBuffer, Rgb, Rgba};
use std::path::{Path, PathBuf};

fn weights(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights").join(name)
}

#[test]
fn a_picture_becomes_larger_and_says_by_what() {
    let desk = Desk::new();
    ImageBuffer::from_fn(24, 16, |x, y| Rgb([(x * 9) as u8, (y * 14) as u8, 90u8])).save(desk.path("a.png")).unwrap();
    let model = weights("compact-x2.pth");
    let said = desk.json(["upscale", "a.png", "-o", "b.png", "--cpu", "--model", model.to_str().unwrap()]);
    assert_eq!((&said["frames"], &said["scale"], &said["width"], &said["height"]), (&1.into(), &2.0.into(), &48.into(), &32.into()));
    assert!(said["output"].as_str().unwrap().ends_with("b.png") && said["model"].as_str().unwrap().ends_with("compact-x2.pth"));
    let made = image::open(desk.path("b.png")).unwrap();
    assert_eq!((made.width(), made.height()), (48, 32));
    // 16 bits, alpha, a size in lines
    ImageBuffer::from_fn(10, 6, |x, y| Rgba([(x * 6000) as u16, (y * 9000) as u16, 30_000u16, 20_000])).save(desk.path("c.png")).unwrap();
    desk.run(["upscale", "c.png", "-o", "d.png", "--cpu", "--to", "18p", "--model", model.to_str().unwrap()]).succeeded();
    let made = image::open(desk.path("d.png")).unwrap();
    assert_eq!((made.width(), made.height(), made.color()), (30, 18, image::ColorType::Rgba16));
    assert_eq!(desk.listing(), ["a.png", "b.png", "c.png", "d.png"]);
}

#[test]
fn what_cannot_be_made_larger_is_said_in_one_line() {
    let desk = Desk::new();
    ImageBuffer::from_pixel(4, 4, Rgb([9u8, 9, 9])).save(desk.path("a.png")).unwrap();
    let model = weights("compact-x2.pth");
    let fails = |arguments: &[&str], word: &str| {
        let outcome = desk.run(["upscale", "a.png", "--cpu"].iter().chain(arguments));
        assert_eq!(outcome.status.code(), Some(1), "{arguments:?}");
        assert!(outcome.stderr.contains(word) && outcome.stderr.contains("hint: "), "{}", outcome.stderr);
    };
    fails(&["-o", "a.png"], "the output is the input");
    fails(&["-o", "b.png", "--model", "RealESRGAN_x4plus"], "RealESRGAN_x4plus");
    fails(&["-o", "b.png", "--model", "nonsense"], "nonsense");
    desk.write("m.pth", b"PK\x03\x04 and no more");
    fails(&["-o", "b.png", "--model", "m.pth"], "m.pth");
    fails(&["-o", "b.mp4", "--model", model.to_str().unwrap()], "b.mp4");
    assert_eq!(desk.run(["upscale", "a.png", "-o", "b.png", "--scale", "5"]).status.code(), Some(2));
    assert_eq!(desk.listing(), ["a.png", "m.pth"]);
}

#[test]
fn models_are_listed_and_a_file_that_is_not_the_one_is_not_taken() {
    let desk = Desk::new();
    let all = desk.json(["models", "list"]);
    let names: Vec<_> = all.as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap().to_owned()).collect();
    for name in ["realesr-animevideov3", "realesr-general-x4v3", "RealESRGAN_x4plus", "RealESRGAN_x2plus", "RealESRGAN_x4plus_anime_6B"] {
        assert!(names.iter().any(|n| n == name), "{names:?}");
    }
    assert!(all[1]["sha256"].as_str().is_some_and(|s| s.len() == 64) && all[1]["licence"].is_string() && all[1]["bytes"].is_u64());
    desk.write("realesr-animevideov3.pth", b"another file");
    let outcome = desk.run(["models", "pull", "realesr-animevideov3", "--from", "."]);
    assert_eq!(outcome.status.code(), Some(1));
    assert!(outcome.stderr.contains("SHA-256"), "{}", outcome.stderr);
    assert_eq!(desk.run(["models", "pull", "nonsense"]).status.code(), Some(1));
    assert!(desk.json(["models", "verify"]).as_array().unwrap().iter().all(|m| m["ok"] == true));
}
