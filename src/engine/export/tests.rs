//! The pipeline with made-up footage and a made-up renderer.

use super::{footage::*, *};
use crate::{
    base::{FrameRate, MediaId, PixelFormat},
    engine::{presets::presets, sound::Sounds},
    gpu::{Output, PictureSource, RenderError, Rendered},
    media::{MediaError, encode::EncodeError},
    model::{Media, Rendition, fixture::*},
    plan::FramePlan,
};
use std::{fs, path::Path, sync::Mutex};

const SIZE: (u32, u32) = (64, 48);

/// Grey pictures whose level is the frame number; fails from `fails_at` on. Notes which of a media's files it is asked for.
struct Greys {
    fails_at: Option<i64>,
    opened: Mutex<usize>,
    wanted: Mutex<Vec<Rendition>>,
}

impl Greys {
    fn new() -> Self {
        Self { fails_at: None, opened: Mutex::new(0), wanted: Mutex::default() }
    }
}

struct Grey(Option<i64>);

fn grey(level: u8) -> Picture {
    let len = Picture::packed_layout(PixelFormat::I420, SIZE.0, SIZE.1).1;
    Picture::from_packed(PixelFormat::I420, SIZE.0, SIZE.1, vec![level; len], crate::base::ColorTags::BT709).unwrap()
}

impl Pictures for Grey {
    fn at(&mut self, time: Time) -> Result<Picture, MediaError> {
        let n = time.to_frames(FrameRate::FPS_25, crate::base::Rounding::Floor);
        if self.0.is_some_and(|f| n >= f) {
            return Err(EncodeError::Failed("made up".into()).into());
        }
        Ok(grey(n as u8))
    }
    fn ended_early(&self) -> Option<Time> {
        None
    }
}

impl Sounds for Grey {
    fn read(&mut self, _: i64, out: &mut [f32]) -> Result<(), MediaError> {
        out.fill(0.25);
        Ok(())
    }
}

impl Footage for Greys {
    fn pictures(&self, _: &Media, wanted: Rendition) -> Result<Box<dyn Pictures>, MediaError> {
        self.wanted.lock().unwrap().push(wanted);
        *self.opened.lock().unwrap() += 1;
        Ok(Box::new(Grey(self.fails_at)))
    }
    fn sounds(&self, _: &Media) -> Result<Box<dyn Sounds>, MediaError> {
        Ok(Box::new(Grey(None)))
    }
}

/// Writes down which frames it was asked for.
struct Noting(Arc<Mutex<Vec<i64>>>);

impl Renderer for Noting {
    fn render(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>, output: Output) -> Result<Rendered, RenderError> {
        assert_eq!(output, Output::Planes(PixelFormat::I420));
        self.0.lock().unwrap().push(plan.frame);
        for input in plan.layers.iter().flat_map(|l| &l.inputs) {
            if let crate::plan::Source::Media(r) = &input.source {
                assert!(sources(r).is_some());
            }
        }
        Ok(Rendered::Picture(grey(0)))
    }
    fn name(&self) -> String {
        "noting".into()
    }
}

/// A film of `SIZE` at 25 frames a second whose media 10 is a file of 1000 frames that is there.
fn film_project(dir: &Path) -> Project {
    let mut p = project(FrameRate::FPS_25);
    let s = Arc::make_mut(&mut p.sequence);
    (s.width, s.height) = SIZE;
    let mut m = film("a", FrameRate::FPS_25, 1000);
    m.file.path = dir.join("a.mp4");
    fs::write(&m.file.path, b"x").unwrap();
    let v = m.info.video.as_mut().unwrap();
    (v.width, v.height) = SIZE;
    p.media.insert(MediaId(10), Arc::new(m));
    p
}

struct Outcome {
    result: Result<ExportReport, ExportError>,
    drawn: Vec<i64>,
    left: Vec<String>,
    opened: usize,
}

fn export_with(dir: &Path, p: Project, footage: &Greys, cancel: &AtomicBool, progress: &mut dyn FnMut(ExportProgress)) -> Outcome {
    let preset = presets().into_iter().find(|p| p.name == "h264").unwrap();
    let request = ExportRequest {
        project: Arc::new(p),
        output: dir.join("out.mp4"),
        preset,
        range: None,
        captions: CaptionsTo::default(),
        allow_proxies: false,
        work_dir: None,
        motions: Motions::default(),
    };
    let notes = Arc::new(Mutex::new(Vec::new()));
    let result = run(&request, footage, Box::new(Noting(notes.clone())), cancel, progress);
    let left = fs::read_dir(dir).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).filter(|n| n != "a.mp4").collect();
    let drawn = notes.lock().unwrap().clone();
    Outcome { result, drawn, left, opened: *footage.opened.lock().unwrap() }
}

fn export_quietly(dir: &Path, p: Project, footage: &Greys) -> Outcome {
    export_with(dir, p, footage, &AtomicBool::new(false), &mut |_| {})
}

fn at(frame: i64) -> Time {
    Time::from_frames(frame, FrameRate::FPS_25)
}

#[test]
fn untouched_pictures_go_straight_to_the_encoder_and_a_dissolve_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = film_project(dir.path());
    put(&mut p, 2, [clip(20, 0, 30, media_content(10, at(100))), clip(21, 30, 30, media_content(10, at(500)))]);
    put(&mut p, 3, [clip(22, 0, 60, media_content(10, at(100)))]);
    with_track(&mut p, 2, |t| t.transitions.push(dissolve(30, 20, 21, 5, 5)));
    let o = export_quietly(dir.path(), p, &Greys::new());
    let r = o.result.unwrap();
    assert_eq!((r.frames, r.direct_frames, r.duration), (60, 50, at(60)));
    assert_eq!(o.drawn, (25..35).collect::<Vec<_>>());
    assert_eq!(o.left, ["out.mp4"]);
    assert_eq!(o.opened, 2, "one decoder for each side of the dissolve");
}

#[test]
fn a_long_gap_is_drawn_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = film_project(dir.path());
    put(&mut p, 2, [clip(20, 0, 5, media_content(10, at(0))), clip(21, 3000, 5, media_content(10, at(50)))]);
    let o = export_quietly(dir.path(), p, &Greys::new());
    let r = o.result.unwrap();
    assert_eq!((r.frames, r.direct_frames, r.repeated_frames), (3005, 10, 2994));
    assert_eq!(o.drawn, [5]);
}

#[test]
fn a_failing_decoder_fails_the_export_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = film_project(dir.path());
    put(&mut p, 2, [clip(20, 0, 500, media_content(10, at(0)))]);
    put(&mut p, 3, [clip(22, 0, 500, media_content(10, at(0)))]);
    let o = export_quietly(dir.path(), p, &Greys { fails_at: Some(100), ..Greys::new() });
    assert!(matches!(o.result, Err(ExportError::Media(_))), "{:?}", o.result);
    assert!(o.left.is_empty(), "{:?}", o.left);
}

#[test]
fn a_cancelled_export_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = film_project(dir.path());
    put(&mut p, 2, [clip(20, 0, 900, media_content(10, at(0))), clip(21, 1_000_000, 1, media_content(10, at(0)))]);
    put(&mut p, 3, [clip(22, 0, 900, media_content(10, at(0)))]);
    let cancel = AtomicBool::new(false);
    let o = export_with(dir.path(), p, &Greys::new(), &cancel, &mut |p| {
        assert!(p.fraction > 0.0 && p.fraction < 1.0);
        cancel.store(true, Ordering::Relaxed);
    });
    assert!(matches!(o.result, Err(ExportError::Cancelled)), "{:?}", o.result);
    assert!(o.left.is_empty(), "{:?}", o.left);
}

/// Draws as [`Noting`] does and cancels the export at one frame, as a kill would end it.
struct Stopping(Noting, i64, Arc<AtomicBool>);

impl Renderer for Stopping {
    fn render(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>, output: Output) -> Result<Rendered, RenderError> {
        self.2.fetch_or(plan.frame == self.1, Ordering::Relaxed);
        self.0.render(plan, sources, output)
    }
    fn name(&self) -> String {
        self.0.name()
    }
}

#[test]
fn an_interrupted_export_goes_on_behind_its_last_whole_part_and_is_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = film_project(dir.path());
    let mut turned = clip(20, 0, 700, media_content(10, at(0)));
    turned.transform.rotation = 5.0;
    put(&mut p, 2, [turned]);
    let p = Arc::new(p);
    let export = |name: &str, work: &str, stop: i64| {
        let preset = presets().into_iter().find(|p| p.name == "h264").unwrap();
        let (output, work_dir) = (dir.path().join(name), Some(dir.path().join(work)));
        let request = ExportRequest {
            project: p.clone(),
            output,
            preset,
            range: None,
            captions: CaptionsTo::default(),
            allow_proxies: false,
            work_dir,
            motions: Motions::default(),
        };
        let (notes, cancel) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let renderer = Box::new(Stopping(Noting(notes.clone()), stop, cancel.clone()));
        let result = run(&request, &Greys::new(), renderer, &cancel, &mut |_| {});
        let drawn = notes.lock().unwrap().clone();
        (result, drawn)
    };
    let (whole, drawn) = export("whole.mp4", "a", -1);
    assert_eq!((whole.unwrap().frames, drawn.len()), (700, 700));
    // parts have 250 frames; a few frames more were drawn than coded
    let (stopped, _) = export("again.mp4", "b", 600);
    assert!(matches!(stopped, Err(ExportError::Cancelled)), "{stopped:?}");
    assert!(!dir.path().join("again.mp4").exists());
    let (again, drawn) = export("again.mp4", "b", -1);
    assert_eq!((again.unwrap().frames, drawn.first(), drawn.len()), (700, Some(&500), 200));
    // but for the second at which each was made
    let bytes = |name: &str| {
        let mut bytes = fs::read(dir.path().join(name)).unwrap();
        for at in 0..bytes.len().min(64 << 10) - 16 {
            if [b"mvhd", b"tkhd", b"mdhd"].iter().any(|header| bytes[at..].starts_with(*header)) {
                bytes[at + 8..at + 16].fill(0);
            }
        }
        bytes
    };
    assert!(bytes("whole.mp4") == bytes("again.mp4"));
}

#[test]
fn what_cannot_be_exported_is_refused_beforehand() {
    let dir = tempfile::tempdir().unwrap();
    let empty = export_quietly(dir.path(), film_project(dir.path()), &Greys::new());
    assert!(matches!(empty.result, Err(ExportError::Empty)));
    let mut p = film_project(dir.path());
    put(&mut p, 2, [clip(20, 0, 5, media_content(10, at(0)))]);
    let file = p.media[&MediaId(10)].file.path.clone();
    let request = |output: &Path, range| {
        let preset = presets().into_iter().find(|p| p.name == "h264").unwrap();
        ExportRequest {
            project: Arc::new(p.clone()),
            output: output.to_owned(),
            preset,
            range,
            captions: CaptionsTo::default(),
            allow_proxies: false,
            work_dir: None,
            motions: Motions::default(),
        }
    };
    fs::create_dir(dir.path().join("x")).unwrap();
    assert!(matches!(check::check(&request(&dir.path().join("x/../a.mp4"), None)), Err(ExportError::OverInput(_))));
    let link = dir.path().join("link.mp4");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(matches!(check::check(&request(&link, None)), Err(ExportError::OverInput(_))));
    }
    assert!(matches!(check::check(&request(&dir.path().join("o.mp4"), Some((7, 9)))), Err(ExportError::BadRange { .. })));
    assert_eq!(check::check(&request(&dir.path().join("o.mp4"), Some((-3, 3)))).unwrap().range, 0..3);
    fs::remove_file(&file).unwrap();
    let e = check::check(&request(&dir.path().join("o.mp4"), None)).unwrap_err();
    assert!(matches!(&e, ExportError::Offline(list) if list == &[file]), "{e}");
}

/// The film of `film_project` with both variants, cut to five frames.
fn with_variants(dir: &Path) -> Project {
    let mut p = film_project(dir);
    let m = Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap());
    let stamp = crate::media::stamp(&m.file.path).unwrap();
    m.file = crate::model::MediaFile::new(&m.file.path, stamp);
    let variant = |v: crate::model::Variant, name: &str| Box::new(crate::model::Variant { path: dir.join(name), of: stamp, ..v });
    (m.proxy, m.upscaled) = (Some(variant(proxy_of(m), "p.mov")), Some(variant(upscaled_of(m), "u.mp4")));
    put(&mut p, 2, [clip(20, 0, 5, media_content(10, at(0)))]);
    p
}

#[test]
fn an_export_asks_for_the_upscaled_picture_or_the_original_and_never_for_a_proxy() {
    let wanted = |change: fn(&mut Media)| {
        let dir = tempfile::tempdir().unwrap();
        let mut p = with_variants(dir.path());
        change(Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()));
        let greys = Greys::new();
        export_quietly(dir.path(), p, &greys).result.unwrap();
        greys.wanted.into_inner().unwrap()
    };
    assert_eq!(wanted(|_| {}), [Rendition::Upscaled]);
    assert_eq!(wanted(|m| m.upscaled = None), [Rendition::Original]);
    // changed on the disk since it was enlarged, without a word to the project
    assert_eq!(wanted(|m| fs::write(&m.file.path, b"y").unwrap()), [Rendition::Original]);
}

#[test]
fn a_missing_original_is_refused_unless_its_proxy_is_allowed_and_there() {
    let dir = tempfile::tempdir().unwrap();
    let p = with_variants(dir.path());
    let file = p.media[&MediaId(10)].file.path.clone();
    fs::remove_file(&file).unwrap();
    let check = |p: &Project, allow_proxies| {
        let preset = presets().into_iter().find(|p| p.name == "h264").unwrap();
        let output = dir.path().join("out.mp4");
        check::check(&ExportRequest {
            project: Arc::new(p.clone()),
            output,
            preset,
            range: None,
            captions: CaptionsTo::default(),
            allow_proxies,
            work_dir: None,
            motions: Motions::default(),
        })
    };
    assert!(matches!(check(&p, true), Err(ExportError::Offline(list)) if list == std::slice::from_ref(&file)), "there is no proxy either");
    fs::write(dir.path().join("p.mov"), b"p").unwrap();
    assert!(matches!(check(&p, false), Err(ExportError::Offline(list)) if list == std::slice::from_ref(&file)));
    assert_eq!(check(&p, true).unwrap().stand_ins, [file]);
}

#[test]
fn ten_hours_of_sound_do_not_go_into_a_wav_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = film_project(dir.path());
    put(&mut p, 3, [clip(20, 0, 25 * 36_000, media_content(10, at(0)))]);
    let preset = presets().into_iter().find(|p| p.name == "wav").unwrap();
    let request = ExportRequest {
        project: Arc::new(p),
        output: dir.path().join("out.wav"),
        preset,
        range: None,
        captions: CaptionsTo::default(),
        allow_proxies: false,
        work_dir: None,
        motions: Motions::default(),
    };
    let e = run(&request, &Greys::new(), Box::new(Noting(Arc::default())), &AtomicBool::new(false), &mut |_| {}).unwrap_err();
    assert!(matches!(e, ExportError::TooLongForWav));
    assert!(!request.output.exists());
}
