//! A sound document has no problems; every broken promise is named.

use super::*;
use crate::{
    base::{CaptionId, ClipId, FrameRate, MediaId, TrackId},
    model::{Caption, Speed, TextStyle, Title, Variant, fixture::*},
};
use std::sync::Arc;

fn sound() -> Project {
    let mut p = project(FrameRate::FPS_25);
    put(&mut p, 2, [clip(20, 0, 10, media_content(10, Time::ZERO)), clip(21, 10, 10, media_content(11, Time::ZERO))]);
    with_track(&mut p, 2, |t| t.transitions.push(dissolve(30, 20, 21, 5, 5)));
    p
}

/// The problems after a change to the first clip, joined.
fn after(change: impl FnOnce(&mut Clip)) -> String {
    let mut p = sound();
    with_track(&mut p, 2, |t| change(Arc::make_mut(&mut t.clips[0])));
    p.validate().iter().map(|p| p.0.clone()).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_sound_document_has_no_problems() {
    assert_eq!(sound().validate(), []);
}

#[test]
fn every_broken_value_of_a_clip_is_named() {
    let speed = |a, b| move |c: &mut Clip| c.content = ClipContent::Media { media: MediaId(10), source_in: Time::ZERO, speed: Speed(a, b) };
    assert!(after(|c| c.duration = 0).contains("clip 20 has no length"));
    assert!(after(|c| c.start = -1).contains("clip 20 starts before the timeline"));
    assert!(after(|c| c.start = i64::MAX).contains("clip 20 ends past all time"));
    assert_eq!(after(|c| c.fade_in = 11), "the fades of clip 20 are longer than the clip");
    assert_eq!(after(|c| c.gain_db = f32::NEG_INFINITY), "the volume of clip 20 is not a number");
    assert_eq!(after(|c| c.pan = -1.1), "the pan of clip 20 is not within −1 to 1");
    assert_eq!(after(|c| c.transform.scale = 0.0), "the scale of clip 20 is out of range");
    assert_eq!(after(|c| c.transform.crop.left = f32::NAN), "the crop of clip 20 is out of range");
    assert_eq!(after(|c| c.transform.opacity = 1.5), "the opacity of clip 20 is out of range");
    assert_eq!(after(|c| c.content = media_content(99, Time::ZERO)), "clip 20 uses media 99, which the project does not have");
    assert_eq!(after(|c| c.content = media_content(10, Time(-1))), "clip 20 starts before its media");
    assert_eq!(after(speed(1, 0)), "the speed 1/0 of clip 20 is out of range");
    assert_eq!(after(speed(i32::MIN, 1)), "the speed -2147483648/1 of clip 20 is out of range");
    assert_eq!(after(|c| c.content = ClipContent::Solid { color: [0.0, 0.0, 0.0, 2.0] }), "the colour of clip 20 is out of range");
    let title = |size| {
        move |c: &mut Clip| {
            let style = TextStyle { size, ..TextStyle::default() };
            c.content = ClipContent::Title(Title { text: "x".into(), style, position: (0.5, 0.5) });
        }
    };
    assert_eq!(after(title(0.1)), "");
    assert_eq!(after(title(f32::INFINITY)), "the size of title clip 20 is out of range");
}

#[test]
fn every_broken_relation_is_named() {
    assert!(after(|c| c.id = ClipId(21)).contains("id 21 is used twice"));
    assert!(after(|c| c.id = ClipId(u64::MAX)).contains("is above"));
    assert!(after(|c| c.duration = 11).contains("clip 20 and clip 21 overlap"));
    assert_eq!(after(|c| c.duration = 9), "transition 30 does not sit on a cut");
    assert_eq!(after(|c| (c.start, c.duration) = (6, 4)), "transition 30 is longer than its clips");
    let mut p = sound();
    with_track(&mut p, 2, |t| t.transitions[0].left = ClipId(5));
    assert_eq!(p.validate()[0].0, "transition 30 hangs on a clip that is not there");
    let mut p = sound();
    put(&mut p, 2, [clip(22, 20, 8, media_content(10, Time::ZERO))]);
    with_track(&mut p, 2, |t| t.transitions.push(dissolve(31, 21, 22, 5, 5)));
    assert_eq!(p.validate(), []);
    with_track(&mut p, 2, |t| t.transitions[1].before = 6);
    assert_eq!(p.validate()[0].0, "transition 30 and transition 31 overlap");
    with_track(&mut p, 2, |t| t.transitions.reverse());
    assert_eq!(p.validate()[0].0, "the transitions of track 2 are not in order");
    let mut p = sound();
    put(&mut p, 3, [clip(22, 0, 8, ClipContent::Solid { color: [0.0; 4] })]);
    assert_eq!(p.validate()[0].0, "clip 22 makes no sound but lies on an audio track");
    let mut p = sound();
    let m = Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap());
    (m.proxy, m.upscaled) = (Some(Box::new(proxy_of(m))), Some(Box::new(upscaled_of(m))));
    assert_eq!(p.validate(), []);
    let spoilt = |change: fn(&mut Variant)| {
        let mut q = p.clone();
        change(Arc::make_mut(q.media.get_mut(&MediaId(10)).unwrap()).proxy.as_mut().unwrap());
        q.validate().iter().map(|p| p.0.clone()).collect::<String>()
    };
    assert_eq!(spoilt(|v| v.path = "/footage/a.mp4".into()), "media 10: the file is its own stand-in");
    assert_eq!(spoilt(|v| v.path = "".into()), "media 10: a stand-in has no file");
    assert_eq!(spoilt(|v| v.info.video = None), "media 10: a stand-in has no picture");
    assert!(spoilt(|v| v.info.video.as_mut().unwrap().width = 0).starts_with("media 10: "));
    let caption = |id, start, duration| Caption { id: CaptionId(id), start, duration, text: "x".into(), words: Vec::new() };
    let with = |list: Vec<Caption>| {
        let mut p = sound();
        Arc::make_mut(&mut p.sequence).captions = list;
        p.validate().iter().map(|p| p.0.clone()).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(with(vec![caption(50, 0, 5), caption(51, 4, 5)]), "caption 50 and caption 51 overlap");
    assert_eq!(with(vec![caption(50, 0, 5), caption(20, 5, 5)]), "id 20 is used twice");
    assert_eq!(with(vec![caption(50, 0, 0)]), "the length of caption 50 is out of range");
    assert_eq!(with(vec![caption(50, -1, 2)]), "the place of caption 50 is out of range");
    let mut p = sound();
    Arc::make_mut(&mut p.sequence).tracks.push(Arc::new(Track::new(TrackId(2), TrackKind::Video)));
    Arc::make_mut(&mut p.sequence).width = 0;
    assert_eq!(p.validate().len(), 2);
}
