//! Media made larger, as an editor meets them: with the model that comes with the program.

use super::{common, settle, shown, until, with_film};
use montage_ai::{
    model::Rendition,
    session::{
        Command, Session, UpscaleWish,
        jobs::{UpscaleAsk, UpscaleTarget},
    },
};

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
