//! Tests of project files: their text, their errors, their survival.

mod damage;
mod files;
mod golden;
mod journal;
mod keeping;
mod text;

use super::*;
use crate::{
    base::{CaptionId, ClipId, ColorTags, ContentHash, FrameRate, MarkerId, SequenceId, Time, UserError},
    model::{
        Caption, Clip, ClipContent, Crop, Curve, Ease, Effect, EffectKind, Fit, Key, Marker, RollingShutter, Speed, Stabilize, TextStyle,
        Title, Transform, TransitionKind, fixture::*,
    },
};

/// A project that uses every part of the document, with odd texts.
fn rich() -> Project {
    let rate = FrameRate::NTSC_30;
    let mut p = project(rate);
    p.name = "Día \"1\" – 日本\n".into();
    let m = std::sync::Arc::make_mut(p.media.get_mut(&crate::base::MediaId(11)).unwrap());
    m.color_override = Some(ColorTags::SRGB);
    m.info.start_timecode = Some("01:00:00;00".into());
    m.file.path = "/footage/odd % # ü 日本 \"q\".mp4".into();
    (m.file.modified, m.file.hash) = (1_764_151_200_123_456_789, Some(ContentHash(u128::MAX - 1)));
    let mut proxy = proxy_of(m);
    proxy.path = "/films/proxies/odd % ü.mov".into();
    (m.proxy, m.upscaled) = (Some(Box::new(proxy)), Some(Box::new(upscaled_of(m))));
    let mut a = clip(20, 0, 100, media_content(10, Time::from_frames(200, rate)));
    (a.link, a.fade_in, a.name) = (Some(1), 12, "opening".into());
    a.stabilize = Some(Box::new(Stabilize { smoothness: 0.8, rolling_shutter: RollingShutter::Ms(-20.5), ..Stabilize::default() }));
    let b = clip(21, 100, 50, ClipContent::Media { media: crate::base::MediaId(11), source_in: Time(1), speed: Speed(-3, 2) });
    put(&mut p, 2, [a, b]);
    with_track(&mut p, 2, |t| t.transitions.push(dissolve(30, 20, 21, 10, 0)));
    with_track(&mut p, 3, |t| (t.muted, t.gain_db, t.name) = (true, -3.5, "Music".into()));
    put(&mut p, 3, [clip(22, 0, 100, media_content(13, Time::ZERO))]);
    let style = TextStyle { size: 0.12, italic: true, ..TextStyle::default() };
    let mut title = clip(23, 10, 60, ClipContent::Title(Title { text: "Two\nlines \\ \"\t\u{1F600}".into(), style, position: (0.5, 0.8) }));
    title.transform = Transform { fit: Fit::Fill, scale: 0.1, crop: Crop { top: 0.25, ..Crop::default() }, ..Transform::default() };
    title.enabled = false;
    put(&mut p, 4, [title, clip(24, 70, 5, ClipContent::Solid { color: [0.1, 0.2, 0.3, 1.0] })]);
    let mut adjustment = clip(25, 80, 40, ClipContent::Adjustment);
    adjustment.effects = EffectKind::ALL.map(Effect::new).to_vec();
    adjustment.effects[1].enabled = false;
    let key = |frame, value| Key { frame, value, ease: Ease::InOut };
    adjustment.keyframes.opacity = Curve::new([key(-3, 0.5), key(20, 1.0)]);
    adjustment.keyframes.position = Curve::new([Key { frame: 4, value: (3.0, -0.5), ease: Ease::Hold }]);
    adjustment.group = Some(3);
    let nest = ClipContent::Sequence { sequence: SequenceId(60), source_in: Time(5), speed: Speed(1, 2) };
    put(&mut p, 4, [adjustment, clip(26, 200, 10, nest)]);
    with_track(&mut p, 4, |t| (t.sync_lock, t.height) = (false, 90));
    let mut inner = crate::model::Sequence::new(640, 480, FrameRate::FPS_24);
    (inner.id, inner.name, inner.tracks) = (SequenceId(60), "Inner".into(), Vec::new());
    let mut track = crate::model::Track::new(crate::base::TrackId(61), crate::model::TrackKind::Video);
    track.clips.push(std::sync::Arc::new(clip(62, 0, 48, media_content(10, Time::ZERO))));
    inner.tracks.push(std::sync::Arc::new(track));
    p.others.insert(inner.id, std::sync::Arc::new(inner));
    let sequence = std::sync::Arc::make_mut(&mut p.sequence);
    sequence.captions.push(Caption { id: CaptionId(70), start: 12, duration: 30, text: "Hola,\n\"señor\"".into(), words: Vec::new() });
    (sequence.caption_language, sequence.burn_captions) = ("es-MX".into(), true);
    p.folders = vec!["Day 1".into(), "Day 1/Cam A".into()];
    std::sync::Arc::make_mut(p.media.get_mut(&crate::base::MediaId(10)).unwrap()).folder = "Day 1/Cam A".into();
    let s = std::sync::Arc::make_mut(&mut p.sequence);
    s.start_timecode = 107_892;
    let m = Marker { id: MarkerId(40), frame: 7, duration: 3, name: "here".into(), color: 2, note: "why".into() };
    s.markers.push(m);
    assert_eq!(p.validate(), []);
    p
}

fn place() -> &'static Path {
    Path::new("/films/one.montage")
}

fn reread(text: &str) -> Result<Project, StoreError> {
    from_text(text.as_bytes(), place())
}
