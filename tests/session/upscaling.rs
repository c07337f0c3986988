//! Media made larger, as an editor meets them: with the model that comes with the program.

use super::{common, settle, shown, until, with_film};
use montage_ai::{
    base::{ClipId, Picture},
    gpu::Rendered,
    model::Rendition,
    session::{
        Command, Enlarge, Enlarged, Session, Transport, UpscaleWish, Without,
        jobs::{Moment, UpscaleAsk, UpscaleTarget},
    },
};
use std::collections::BTreeSet;

fn upscaled(s: &Session) -> Option<(u32, u32)> {
    let media = s.project().media.values().next().unwrap();
    let video = media.usable(Rendition::Upscaled)?.info.video.as_ref()?;
    Some((video.width, video.height))
}

#[test]
fn a_film_is_made_larger_takes_its_place_and_comes_back_after_it_was_taken_out() {
    let dir = tempfile::tempdir().unwrap();
    let film = dir.path().join("small.mp4");
    common::ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=48x32:r=25:d=0.16", "-c:v", "libx264", "-pix_fmt", "yuv420p"], &film);
    let mut s = with_film(&film);
    let id = *s.project().media.keys().next().unwrap();
    s.dispatch(Command::Upscaling(UpscaleWish::ListModels));
    s.dispatch(Command::Upscaling(UpscaleWish::Rate("compact-x2".into())));
    until(&mut s, "the models", |s| s.models().iter().any(|m| m.name == "compact-x2" && m.installed && m.usual));
    until(&mut s, "the rate", |s| s.upscale_rate("compact-x2").is_some_and(|r| r > 0.0));
    let make = || Command::Upscaling(UpscaleWish::Make { media: vec![id], ask: UpscaleAsk::new(UpscaleTarget::Times(2)) });
    s.dispatch(make());
    until(&mut s, "the larger film", |s| upscaled(s) == Some((96, 64)));
    settle(&mut s);
    assert_eq!((shown(&s).width, shown(&s).height), (48, 32), "it has the original's place in the film");
    let jobs = s.jobs().len();
    s.dispatch(Command::Undo);
    assert_eq!(upscaled(&s), None);
    s.dispatch(Command::Redo);
    assert_eq!(upscaled(&s), Some((96, 64)));
    s.dispatch(Command::Upscaling(UpscaleWish::Remove(vec![id])));
    assert_eq!(upscaled(&s), None);
    s.dispatch(make());
    until(&mut s, "the larger film again", |s| upscaled(s).is_some());
    assert_eq!(s.jobs().len(), jobs, "nothing was made twice");
}

#[test]
fn a_part_becomes_a_media_of_its_own_and_its_original_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let film = dir.path().join("small.mp4");
    common::ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=48x32:r=25:d=0.4", "-c:v", "libx264", "-pix_fmt", "yuv420p"], &film);
    let mut s = with_film(&film);
    let id = *s.project().media.keys().next().unwrap();
    let ask = UpscaleAsk { range: Some((Moment::Frame(2), Moment::Frame(6))), ..UpscaleAsk::new(UpscaleTarget::Times(2)) };
    s.dispatch(Command::Upscaling(UpscaleWish::Make { media: vec![id], ask }));
    until(&mut s, "the part in the bin", |s| s.project().media.len() == 2);
    assert_eq!(upscaled(&s), None);
    let (_, part) = s.project().media.iter().find(|(m, _)| **m != id).unwrap();
    assert_eq!(part.file.path, dir.path().join("small 2x 2f-6f.mov"));
    let video = part.info.video.as_ref().unwrap();
    assert_eq!((video.width, video.height, video.frames), (96, 64, 4));
    s.dispatch(Command::Undo);
    assert_eq!(s.project().media.len(), 1, "one step back takes it out again");
}

fn is_enlarged(s: &mut Session) -> bool {
    s.viewer().enlarged == Enlarged::Shown && s.viewer().frame == s.playhead()
}

/// Mean distance of two pictures, the second of which is twice as large, in code values.
fn apart(small: &Picture, large: &Picture) -> f64 {
    let (w, h) = (small.width as usize, small.height as usize);
    let mean = |x: usize, y: usize, c: usize| {
        let at = |x: usize, y: usize| f64::from(large.row(0, y as u32)[4 * x + c]);
        (at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)) / 4.0
    };
    let off = |x: usize, y: usize, c: usize| (f64::from(small.row(0, y as u32)[4 * x + c]) - mean(x, y, c)).abs();
    let all = (0..h).flat_map(|y| (0..w).flat_map(move |x| (0..3).map(move |c| (x, y, c))));
    all.map(|(x, y, c)| off(x, y, c)).sum::<f64>() / (w * h * 3) as f64
}

#[test]
fn the_frame_at_which_the_playhead_rests_is_shown_plain_at_once_and_upscaled_after_that() {
    let dir = tempfile::tempdir().unwrap();
    let film = dir.path().join("small.mp4");
    common::ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=48x32:r=25:d=0.4", "-c:v", "libx264", "-pix_fmt", "yuv420p"], &film);
    let mut s = with_film(&film);
    let plain = shown(&s);
    s.dispatch(Command::Enlarge(Enlarge::Everything));
    until(&mut s, "the upscaled picture", is_enlarged);
    let large = shown(&s);
    assert_eq!((plain.width, large.width, large.height), (48, 96, 64));
    let off = apart(&plain, &large);
    assert!(off < 12.0, "it is another picture: {off}");
    let nearest = |x: usize, y: u32| plain.row(0, y / 2)[4 * (x / 2)];
    let same = (0..64).all(|y| (0..96).all(|x| large.row(0, y)[4 * x] == nearest(x, y)));
    assert!(!same, "a network has made it, not a repetition");
    // the newest place wins, whatever was being computed
    for frame in [1, 2, 3, 4, 5, 6] {
        s.dispatch(Command::Scrub(frame));
        s.poll();
        assert!(s.viewer().image.is_some());
    }
    s.dispatch(Command::Seek(7));
    until(&mut s, "the upscaled picture of the last place", |s| is_enlarged(s) && s.playhead() == 7);
    assert_ne!(shown(&s).row(0, 20), large.row(0, 20));
    // before and after
    s.dispatch(Command::Compare(Some(Without::Upscaling)));
    until(&mut s, "the picture before", |s| is_enlarged(s) && s.viewer().before.is_some());
    let Some(Rendered::Picture(before)) = s.viewer().before.clone() else { panic!("a picture before") };
    assert_eq!((before.width, before.height), (48, 32));
    assert!(apart(&before, &shown(&s)) < 12.0);
    s.dispatch(Command::Enlarge(Enlarge::Nothing));
    settle(&mut s);
    assert_eq!((shown(&s).width, &s.viewer().enlarged), (48, &Enlarged::No));
}

#[test]
fn where_a_film_has_played_to_its_end_the_last_frame_is_upscaled() {
    let dir = tempfile::tempdir().unwrap();
    let film = dir.path().join("small.mp4");
    common::ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=48x32:r=25:d=0.4", "-c:v", "libx264", "-pix_fmt", "yuv420p"], &film);
    let mut s = with_film(&film);
    s.dispatch(Command::Enlarge(Enlarge::Everything));
    s.dispatch(Command::Seek(5));
    s.dispatch(Command::Play);
    until(&mut s, "the end", |s| !s.is_playing() && s.playhead() == 9);
    until(&mut s, "the upscaled picture of the last frame", is_enlarged);
    assert_eq!(shown(&s).width, 96);
}

#[test]
fn what_is_too_large_for_the_viewer_stays_plain_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let picture = dir.path().join("wide.png");
    common::ffmpeg(&["-f", "lavfi", "-i", "color=gray:s=2400x1000", "-frames:v", "1"], &picture);
    let mut s = with_film(&picture);
    s.dispatch(Command::Enlarge(Enlarge::Everything));
    until(&mut s, "why not", |s| matches!(&s.viewer().enlarged, Enlarged::Failed(why) if why.contains("2400×1000")));
    assert_eq!(shown(&s).width, s.project().sequence.width, "the plain picture stays");
}

#[test]
fn one_clip_alone_is_upscaled_and_what_the_source_viewer_shows() {
    let dir = tempfile::tempdir().unwrap();
    let film = dir.path().join("small.mp4");
    common::ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=48x32:r=25:d=0.4", "-c:v", "libx264", "-pix_fmt", "yuv420p"], &film);
    let mut s = with_film(&film);
    let clip = s.project().sequence.tracks.iter().find_map(|t| t.clips.first()).unwrap().id;
    s.dispatch(Command::Enlarge(Enlarge::Clips([clip].into_iter().collect::<BTreeSet<_>>().into())));
    until(&mut s, "the clip's upscaled picture", is_enlarged);
    assert_eq!(shown(&s).width, 96);
    s.dispatch(Command::Enlarge(Enlarge::Clips([ClipId(clip.0 + 1000)].into_iter().collect::<BTreeSet<_>>().into())));
    settle(&mut s);
    assert_eq!((shown(&s).width, &s.viewer().enlarged), (48, &Enlarged::No), "the other clip is not there");
    let media = *s.project().media.keys().next().unwrap();
    s.dispatch(Command::OpenSource(media));
    s.dispatch(Command::Enlarge(Enlarge::Everything));
    let source = |s: &mut Session| s.source().is_some_and(|s| s.deck.viewer.enlarged == Enlarged::Shown);
    s.dispatch(Command::Source(Transport::Seek(3)));
    until(&mut s, "the source's upscaled picture", source);
    let Some(Rendered::Picture(large)) = s.source().unwrap().deck.viewer.image.clone() else { panic!("a picture") };
    assert_eq!(large.width, 96);
}
