//! A film with a nested sequence, a wipe and a graded adjustment: the export reads what lies in the nest and writes what
//! the viewer shows.

use super::film::{export_to, project};
use montage_ai::{
    base::{ClipId, FrameRate, MediaId, Picture, SequenceId, Time, TrackId, TransitionId},
    engine::{Decoders, Fetched},
    gpu::{CpuRenderer, Output, Rendered, Renderer},
    media,
    model::{Clip, ClipContent, Effect, EffectKind, Project, Sequence, Speed, Title, Track, TrackKind, Transition, TransitionKind},
    plan::{self, MediaRef},
};
use std::sync::Arc;

const INNER: SequenceId = SequenceId(7);

fn film(id: u64, start: i64, length: i64, from: i64) -> Clip {
    let source_in = Time::from_frames(from, FrameRate::FPS_30);
    Clip::new(ClipId(id), start, length, ClipContent::Media { media: MediaId(10), source_in, speed: Speed::NORMAL })
}

fn put(s: &mut Sequence, track: usize, clips: Vec<Clip>) {
    Arc::make_mut(&mut s.tracks[track]).clips = clips.into_iter().map(Arc::new).collect();
}

/// Frames 0–9 the nest, wiped into source frames from 400 on at frame 10; over it all an adjustment.
fn graded_film() -> Project {
    let mut p = project(FrameRate::FPS_30);
    let (w, h) = (p.sequence.width, p.sequence.height);
    let video = |id| {
        let mut t = (*Sequence::new(w, h, FrameRate::FPS_30).tracks[0]).clone();
        (t.id, t.kind) = (TrackId(id), TrackKind::Video);
        Arc::new(Track { clips: Vec::new(), ..t })
    };
    let mut inner = Sequence::new(w, h, FrameRate::FPS_30);
    (inner.id, inner.name) = (INNER, "inner".into());
    inner.tracks = vec![video(300), video(301)];
    let title = Title { text: "Nested".into(), style: Default::default(), position: (0.5, 0.7) };
    put(&mut inner, 0, vec![film(310, 0, 40, 100)]);
    put(&mut inner, 1, vec![Clip::new(ClipId(311), 0, 40, ClipContent::Title(title))]);
    p.others.insert(INNER, Arc::new(inner));
    let s = Arc::make_mut(&mut p.sequence);
    s.tracks = vec![video(2), video(4)];
    let content = ClipContent::Sequence { sequence: INNER, source_in: Time::from_frames(5, FrameRate::FPS_30), speed: Speed::NORMAL };
    let mut nest = Clip::new(ClipId(20), 0, 10, content);
    nest.transform.opacity = 0.8;
    nest.transform.scale = 0.9;
    put(s, 0, vec![nest, film(21, 10, 10, 400)]);
    let kind = TransitionKind::Wipe { angle: 30.0, softness: 0.2 };
    Arc::make_mut(&mut s.tracks[0]).transitions =
        vec![Transition { id: TransitionId(30), kind, left: ClipId(20), right: ClipId(21), before: 3, after: 3 }];
    let mut adjust = Clip::new(ClipId(22), 2, 16, ClipContent::Adjustment);
    adjust.effects = [
        EffectKind::Exposure { stops: 0.4 },
        EffectKind::Contrast { amount: 1.2, pivot: 0.4 },
        EffectKind::Vignette { amount: 0.6, radius: 0.4, softness: 0.5 },
    ]
    .map(Effect::new)
    .to_vec();
    put(s, 1, vec![adjust]);
    p
}

fn as_shown(p: &Project, frame: i64, decoders: &mut Decoders, renderer: &mut CpuRenderer) -> Picture {
    let plan = plan::frame(p, frame, 1);
    let refs: Vec<MediaRef> = plan.media_refs().copied().collect();
    assert!(!refs.is_empty(), "frame {frame} shows media");
    let got: Vec<(MediaRef, Picture)> = refs
        .iter()
        .zip(decoders.fetch(p, &refs, false))
        .map(|(r, f)| match f {
            Fetched::Got(g) => (*r, g.picture),
            Fetched::Failed(why) => panic!("{why}"),
        })
        .collect();
    let mut source = |wanted: &MediaRef| got.iter().find(|(r, _)| r == wanted).map(|(_, p)| p.clone());
    match renderer.render(&plan, &mut source, Output::Display).unwrap() {
        Rendered::Picture(p) => p,
        Rendered::Texture(_) => panic!("the processor draws pictures"),
    }
}

#[test]
fn the_export_of_a_nest_a_wipe_and_an_adjustment_is_what_the_viewer_shows() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let p = graded_film();
    let out = d.path().join("frames");
    let report = export_to(&p, &out, "png");
    assert_eq!((report.frames, report.repeated_frames), (20, 0));
    let (mut decoders, mut renderer) = (Decoders::default(), CpuRenderer::new());
    for frame in 0..20 {
        let shown = as_shown(&p, frame, &mut decoders, &mut renderer);
        let written = media::still(&out.join(format!("{frame:08}.png"))).unwrap();
        assert_eq!((shown.width, shown.height), (written.width, written.height));
        let (a, b) = (shown.data.as_ref().as_ref(), written.data.as_ref().as_ref());
        let worst = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst <= 1, "frame {frame}: {worst} code values apart");
        let (least, most) = a.iter().step_by(4).fold((255, 0), |(l, m), v| (l.min(*v), m.max(*v)));
        assert!(most - least > 60, "frame {frame} is flat");
    }
}
