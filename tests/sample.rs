//! The sample film at a small size: its shaders, its pictures, and its files from making to finding them again.

use montage_ai::{
    base::{Picture, UserError},
    gpu::{AdapterPick, GpuContext},
    sample::{
        Options, SampleError, make_with,
        painter::{COMMON, Shot},
        scenes::{SCENES, Scene},
        still,
    },
};
use naga::{
    TypeInner,
    front::wgsl,
    valid::{Capabilities, ValidationFlags, Validator},
};
use std::{
    mem::offset_of,
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

fn gpu() -> &'static GpuContext {
    static GPU: OnceLock<GpuContext> = OnceLock::new();
    GPU.get_or_init(|| GpuContext::headless(&AdapterPick::Best).expect("a graphics adapter; a software one will do"))
}

const WIDTH: u32 = 160;
const HEIGHT: u32 = 90;

fn frame(scene: &Scene, n: u32) -> Picture {
    still(gpu(), scene, n, WIDTH, HEIGHT).unwrap()
}

fn luma(p: &Picture) -> Vec<f64> {
    (0..HEIGHT).flat_map(|y| p.row(0, y).to_vec()).map(f64::from).collect()
}

fn mean(v: &[f64]) -> f64 {
    v.iter().sum::<f64>() / v.len() as f64
}

/// Mean difference in code values.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    mean(&a.iter().zip(b).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>())
}

#[test]
fn every_scene_validates_and_its_uniforms_are_laid_out_like_their_twin() {
    let twin = [
        ("size", offset_of!(Shot, size)),
        ("shake", offset_of!(Shot, shake)),
        ("time", offset_of!(Shot, time)),
        ("roll", offset_of!(Shot, roll)),
        ("zoom", offset_of!(Shot, zoom)),
        ("seed", offset_of!(Shot, seed)),
        ("layer", offset_of!(Shot, layer)),
        ("frame", offset_of!(Shot, frame)),
        ("progress", offset_of!(Shot, progress)),
        ("aspect", offset_of!(Shot, aspect)),
    ];
    for scene in &SCENES {
        let source = format!("{COMMON}\n{}", scene.source.wgsl);
        let module = wgsl::parse_str(&source).unwrap_or_else(|e| panic!("{}: {}", scene.source.name, e.emit_to_string(&source)));
        Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|e| panic!("{}: {}", scene.source.name, e.emit_to_string(&source)));
        let (_, ty) = module.types.iter().find(|(_, t)| t.name.as_deref() == Some("Shot")).unwrap();
        let TypeInner::Struct { members, span } = &ty.inner else { panic!("Shot is no struct") };
        let shader: Vec<(&str, usize)> = members.iter().map(|m| (m.name.as_deref().unwrap_or(""), m.offset as usize)).collect();
        assert_eq!((shader.as_slice(), *span as usize), (&twin[..], size_of::<Shot>()));
    }
}

#[test]
fn every_scene_is_a_picture_of_its_own_that_moves() {
    let frames: Vec<(Vec<f64>, Vec<f64>)> = SCENES.iter().map(|s| (luma(&frame(s, 10)), luma(&frame(s, 100)))).collect();
    for (scene, (early, late)) in SCENES.iter().zip(&frames) {
        let average = mean(early);
        let contrast = mean(&early.iter().map(|v| (v - average).powi(2)).collect::<Vec<_>>()).sqrt();
        assert!((25.0..200.0).contains(&average), "{} has a mean of {average}", scene.title);
        assert!(contrast > 10.0, "{} has a contrast of {contrast}", scene.title);
        let change = distance(early, late);
        assert!(change > 1.0, "{} stands still: {change}", scene.title);
    }
    for (i, a) in frames.iter().enumerate() {
        for (j, b) in frames.iter().enumerate().skip(i + 1) {
            let apart = distance(&a.0, &b.0);
            assert!(apart > 12.0, "{} looks like {}: {apart}", SCENES[i].title, SCENES[j].title);
        }
    }
}

#[test]
fn the_same_frame_is_the_same_picture() {
    let scene = &SCENES[0];
    assert_eq!(distance(&luma(&frame(scene, 33)), &luma(&frame(scene, 33))), 0.0);
}

fn small() -> Options {
    Options { width: 64, height: 36, max_frames: 3, max_music_secs: 1 }
}

fn names(dir: &Path) -> Vec<String> {
    std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn the_film_is_made_once_then_found_and_made_again_when_a_file_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let cancel = AtomicBool::new(false);
    let mut told = Vec::new();
    let set = make_with(dir.path(), gpu(), &small(), &mut |share, what| told.push((share, what.to_owned())), &cancel).unwrap();
    assert_eq!(set.files().count(), SCENES.len() + 1);
    assert!(told.windows(2).all(|w| w[0].0 <= w[1].0) && told.iter().any(|t| t.1 == SCENES[0].title));
    assert_eq!(told.last().map(|t| t.0), Some(1.0));
    assert_eq!(names(dir.path()).len(), 1, "{:?}", names(dir.path()));
    let written = |p: &Path| std::fs::metadata(p).unwrap().modified().unwrap();
    let before: Vec<_> = set.files().map(written).collect();

    let again = make_with(dir.path(), gpu(), &small(), &mut |_, _| {}, &cancel).unwrap();
    assert_eq!(again, set);
    assert_eq!(again.files().map(written).collect::<Vec<_>>(), before, "the film was made a second time");

    std::fs::write(&set.clips[2], b"damaged").unwrap();
    let repaired = make_with(dir.path(), gpu(), &small(), &mut |_, _| {}, &cancel).unwrap();
    assert!(std::fs::metadata(&repaired.clips[2]).unwrap().len() > 100);
    assert_eq!(names(dir.path()).len(), 1);
}

#[test]
fn a_cancelled_film_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let cancel = AtomicBool::new(false);
    let stop_at_the_second_clip = &mut |share: f32, _: &str| cancel.store(share > 0.1, Ordering::Relaxed);
    let result = make_with(dir.path(), gpu(), &small(), stop_at_the_second_clip, &cancel);
    assert!(matches!(result, Err(SampleError::Cancelled)), "{result:?}");
    assert_eq!(names(dir.path()), Vec::<String>::new());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let e = make_with(&file.join("below"), gpu(), &small(), &mut |_, _| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(e.to_string().contains("a file/below"), "{e}");
    assert!(e.hint().is_some());
}
