//! Media, tracks, transitions, markers, format, batches, labels, the text form.

use super::*;
use crate::{
    base::{CaptionId, ColorTags, MarkerId, MediaId, TransitionId, UserError},
    model::{Caption, Marker, Rendition},
};

#[test]
fn media_come_change_and_go_unless_used() {
    let p = scene();
    let q = done(&p, EditCommand::AddMedia { id: MediaId(40), media: song("new", 3) });
    assert_eq!(q.media[&MediaId(40)].name, "new");
    assert_eq!(refused(&p, EditCommand::AddMedia { id: MediaId(20), media: song("new", 3) }), EditError::IdInUse(20));
    let q = done(&q, EditCommand::RemoveMedia { id: MediaId(40) });
    assert_eq!(q, p);
    assert_eq!(refused(&p, EditCommand::RemoveMedia { id: MediaId(40) }), EditError::NoMedia(MediaId(40)));
    assert_eq!(refused(&p, EditCommand::RemoveMedia { id: MediaId(10) }).to_string(), "“a” is used by “a”");
    let set = |change| EditCommand::SetMedia { id: MediaId(10), change };
    assert_eq!(done(&p, set(MediaChange::Name("x".into()))).media[&MediaId(10)].name, "x");
    let q = done(&p, set(MediaChange::ColorOverride(Some(ColorTags::SRGB))));
    assert_eq!(q.media[&MediaId(10)].color_override, Some(ColorTags::SRGB));
    let other = film("moved", FrameRate::FPS_25, 1000);
    let q = done(&p, set(MediaChange::File { file: other.file.clone(), info: Box::new(other.info.clone()) }));
    assert_eq!((&q.media[&MediaId(10)].file, q.media[&MediaId(10)].name.as_str()), (&other.file, "a"));
}

#[test]
fn variants_come_and_go_by_undoable_commands_and_survive_a_relink() {
    let p = scene();
    let set = |change| EditCommand::SetMedia { id: MediaId(10), change };
    let proxy = Box::new(proxy_of(&p.media[&MediaId(10)]));
    let upscaled = Box::new(upscaled_of(&p.media[&MediaId(10)]));
    let q = done(&p, EditCommand::Batch(vec![set(MediaChange::Proxy(Some(proxy.clone()))), set(MediaChange::Upscaled(Some(upscaled)))]));
    assert!(Rendition::Proxy.usable_in(&q) && Rendition::Upscaled.usable_in(&q));
    assert_eq!(q.media[&MediaId(10)].info, p.media[&MediaId(10)].info, "the clips see the original");
    // the same content in another place keeps them, other content makes them stale
    let there = |hash, path: &str| {
        let stamp = crate::base::Stamp { size: 1000, modified: 9, hash: Some(crate::base::ContentHash(hash)) };
        let info = Box::new(p.media[&MediaId(10)].info.clone());
        done(&q, set(MediaChange::File { file: crate::model::MediaFile::new(path, stamp), info }))
    };
    assert!(Rendition::Proxy.usable_in(&there(1, "/moved/a.mp4")));
    let changed = there(2, "/footage/a.mp4");
    assert!(!Rendition::Proxy.usable_in(&changed) && changed.media[&MediaId(10)].is_stale(Rendition::Proxy));
    let swallowed = there(1, "/cache/a.proxy.mov");
    assert_eq!(swallowed.media[&MediaId(10)].proxy, None, "a file is not its own stand-in");
    let gone = done(&q, EditCommand::Batch(vec![set(MediaChange::Proxy(None)), set(MediaChange::Upscaled(None))]));
    assert_eq!(gone, p);
    // never one that is the original: it may be deleted
    let own = crate::model::Variant { path: "/footage/a.mp4".into(), ..*proxy.clone() };
    assert!(matches!(refused(&p, set(MediaChange::Proxy(Some(Box::new(own.clone()))))), EditError::Invalid(_)));
    assert!(matches!(refused(&p, set(MediaChange::Upscaled(Some(Box::new(own))))), EditError::Invalid(_)));
    let nowhere = EditCommand::SetMedia { id: MediaId(77), change: MediaChange::Proxy(Some(proxy)) };
    assert_eq!(refused(&p, nowhere), EditError::NoMedia(MediaId(77)));
}

trait Usable {
    fn usable_in(self, p: &crate::model::Project) -> bool;
}

impl Usable for Rendition {
    fn usable_in(self, p: &crate::model::Project) -> bool {
        p.media[&MediaId(10)].usable(self).is_some()
    }
}

#[test]
fn nothing_gets_in_that_the_file_would_refuse() {
    let p = scene();
    let mut flat = film("flat", FrameRate::FPS_25, 10);
    flat.info.video.as_mut().unwrap().height = 0;
    let mut backwards = film("backwards", FrameRate::FPS_25, 10);
    backwards.info.duration = Time(-1);
    for bad in [flat, backwards] {
        let change = MediaChange::File { file: bad.file.clone(), info: Box::new(bad.info.clone()) };
        assert!(matches!(refused(&p, EditCommand::SetMedia { id: MediaId(10), change }), EditError::Invalid(_)));
        assert!(matches!(refused(&p, EditCommand::AddMedia { id: MediaId(40), media: bad }), EditError::Invalid(_)));
    }
    for color in [[f32::NAN, 0.0, 0.0, 1.0], [-1.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 2.0]] {
        let kind = TransitionKind::DipToColor { color };
        let c = EditCommand::AddTransition { id: TransitionId(50), left: ClipId(20), right: ClipId(21), kind, before: 5, after: 5 };
        assert!(matches!(refused(&p, c), EditError::Invalid(_)));
    }
    let far = crate::model::Transform { position: (9e5, 0.0), ..Default::default() };
    let q = done(&p, change(20, ClipChange::Transform(far)));
    let wide = EditCommand::SetFormat { width: 16_384, height: 8, frame_rate: FrameRate::FPS_25, color: ColorTags::BT709 };
    done(&q, wide);
}

#[test]
fn tracks_come_change_and_go() {
    let p = scene();
    let add = |id, index| EditCommand::AddTrack { id: TrackId(id), kind: crate::model::TrackKind::Video, index };
    let q = done(&p, add(40, 1));
    assert_eq!(q.sequence.tracks[1].id, TrackId(40));
    assert_eq!(refused(&p, add(40, 5)), EditError::NoSuchPlace { index: 5, tracks: 4 });
    assert_eq!(refused(&p, add(24, 0)), EditError::IdInUse(24));
    let q = done(&p, EditCommand::RemoveTrack { id: TrackId(2) });
    assert_eq!(q.sequence.tracks.len(), 3);
    assert!(matches!(refused(&locked(p.clone(), 2), EditCommand::RemoveTrack { id: TrackId(2) }), EditError::Locked { .. }));
    let set = |change| EditCommand::SetTrack { id: TrackId(2), change };
    let t = |p: &Project| p.sequence.track(TrackId(2)).unwrap().clone();
    assert_eq!(t(&done(&p, set(TrackChange::Name("Main".into())))).name, "Main");
    assert!(t(&done(&p, set(TrackChange::Muted(true)))).muted);
    assert!(t(&done(&p, set(TrackChange::Solo(true)))).solo);
    assert_eq!(t(&done(&p, set(TrackChange::GainDb(3.0)))).gain_db, 3.0);
    assert!(matches!(refused(&p, set(TrackChange::GainDb(f32::NAN))), EditError::Invalid(_)));
    assert!(!t(&done(&locked(p, 2), set(TrackChange::Locked(false)))).locked, "a lock can be opened");
}

fn add(left: u64, right: u64, before: i64, after: i64) -> EditCommand {
    let (left, right) = (ClipId(left), ClipId(right));
    EditCommand::AddTransition { id: TransitionId(50), left, right, kind: DISSOLVE, before, after }
}

#[test]
fn a_transition_needs_a_cut() {
    let p = scene();
    assert_eq!(transitions(&done(&p, add(20, 21, 10, 15)), 2), [(50, 20, 21, 10, 15)]);
    done(&p, add(22, 23, 10, 10));
    for (l, r) in [(21, 20), (20, 23), (20, 24), (20, 20)] {
        assert!(matches!(refused(&p, add(l, r, 5, 5)), EditError::NotACut { .. }));
    }
    let apart = done(&p, move_to(&[(21, 2, 101)], Placement::Strict));
    assert!(matches!(refused(&apart, add(20, 21, 5, 5)), EditError::NotACut { .. }));
    assert!(matches!(refused(&dissolved(), add(20, 21, 5, 5)), EditError::TransitionThere { .. }));
    assert_eq!(refused(&p, add(20, 21, 0, 0)), EditError::EmptyTransition);
    assert_eq!(refused(&p, add(20, 21, -1, 5)), EditError::EmptyTransition);
    assert!(matches!(refused(&locked(p, 2), add(20, 21, 5, 5)), EditError::Locked { .. }));
}

#[test]
fn a_transition_needs_room_and_handles_and_says_whose() {
    let p = scene();
    assert_eq!(refused(&p, add(20, 21, 101, 0)).to_string(), "the transition is longer than “a” has room for");
    assert_eq!(refused(&p, add(20, 21, 0, i64::MAX)).to_string(), "the transition is longer than “b” has room for");
    // clip 21 now begins at source frame 4: that many frames of handle
    let slipped = done(&p, EditCommand::Slip { clip: ClipId(21), by_frames: -296 });
    done(&slipped, add(20, 21, 4, 4));
    let e = refused(&slipped, add(20, 21, 5, 4));
    assert_eq!(e.to_string(), "the transition needs 5 frames of “b” beyond the cut, and there are 4");
    assert!(e.hint().is_some());
    let slipped = done(&p, EditCommand::Slip { clip: ClipId(20), by_frames: 697 });
    done(&slipped, add(20, 21, 9, 3));
    assert!(matches!(refused(&slipped, add(20, 21, 9, 4)), EditError::NoHandles { available: 3, .. }));
    // a dip centred on the cut shows nothing beyond it
    let dip = TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] };
    let c = EditCommand::AddTransition { id: TransitionId(50), left: ClipId(20), right: ClipId(21), kind: dip, before: 9, after: 9 };
    done(&slipped, c);
}

#[test]
fn neighbouring_transitions_share_a_clip_without_overlapping() {
    let p = done(&dissolved(), insert(2, clip(40, 200, 50, media_content(12, Time::ZERO)), Placement::Strict));
    assert!(matches!(refused(&p, add(21, 40, 91, 5)), EditError::TransitionTooLong { .. }));
    let p = done(&p, add(21, 40, 90, 5));
    let p = done(&p, ripple_trim(&[21], Edge::End, -50));
    assert_eq!(transitions(&p, 2), [(30, 20, 21, 10, 10), (50, 21, 40, 40, 5)]);
    let p = done(&p, ripple_trim(&[21], Edge::End, -45));
    assert_eq!(transitions(&p, 2), [(30, 20, 21, 10, 5), (50, 21, 40, 0, 5)]);
}

#[test]
fn transitions_change_and_go() {
    let p = dissolved();
    let set = |before, after| EditCommand::SetTransition { id: TransitionId(30), kind: DISSOLVE, before, after };
    assert_eq!(transitions(&done(&p, set(0, 20)), 2), [(30, 20, 21, 0, 20)]);
    assert!(matches!(refused(&p, set(101, 0)), EditError::TransitionTooLong { .. }));
    let gone = done(&p, EditCommand::RemoveTransition { id: TransitionId(30) });
    assert_eq!(gone, scene());
    assert_eq!(refused(&gone, set(1, 1)), EditError::NoTransition(TransitionId(30)));
    assert!(matches!(refused(&locked(p, 2), EditCommand::RemoveTransition { id: TransitionId(30) }), EditError::Locked { .. }));
}

#[test]
fn markers_stay_in_order() {
    let m = |id, frame| Marker { id: MarkerId(id), frame, duration: 0, name: String::new(), color: 0, note: String::new() };
    let mut p = scene();
    for (id, frame) in [(50, 30), (51, 10), (52, 20)] {
        p = done(&p, EditCommand::AddMarker { marker: m(id, frame) });
    }
    let order = |p: &Project| p.sequence.markers.iter().map(|m| m.id.0).collect::<Vec<_>>();
    assert_eq!(order(&p), [51, 52, 50]);
    p = done(&p, EditCommand::SetMarker { marker: m(51, 99) });
    assert_eq!(order(&p), [52, 50, 51]);
    p = done(&p, EditCommand::RemoveMarker { id: MarkerId(50) });
    assert_eq!(order(&p), [52, 51]);
    assert_eq!(refused(&p, EditCommand::RemoveMarker { id: MarkerId(50) }), EditError::NoMarker(MarkerId(50)));
    assert_eq!(refused(&p, EditCommand::SetMarker { marker: m(50, 1) }), EditError::NoMarker(MarkerId(50)));
    assert_eq!(refused(&p, EditCommand::AddMarker { marker: m(52, 1) }), EditError::IdInUse(52));
    assert!(matches!(refused(&p, EditCommand::AddMarker { marker: m(53, -1) }), EditError::Invalid(_)));
}

#[test]
fn the_project_is_renamed_and_reformatted() {
    let p = done(&scene(), EditCommand::RenameProject { name: "Film".into() });
    assert_eq!(p.name, "Film");
    let format = |width, height, rate| EditCommand::SetFormat { width, height, frame_rate: rate, color: ColorTags::BT709 };
    let moved = change(20, ClipChange::Transform(crate::model::Transform { position: (192.0, -108.0), ..Default::default() }));
    let q = done(&done(&p, moved), format(1280, 720, FrameRate::FPS_25));
    assert_eq!(get(&q, 20).transform.position, (128.0, -72.0));
    assert!(matches!(refused(&p, format(0, 720, FrameRate::FPS_25)), EditError::Invalid(_)));
    assert!(matches!(refused(&p, format(1280, 20_000, FrameRate::FPS_25)), EditError::Invalid(_)));
}

#[test]
fn the_first_frame_takes_another_label() {
    let set = |start, drop_frame| EditCommand::SetTimecode { start, drop_frame };
    let p = project(FrameRate::NTSC_30);
    let q = done(&p, set(107_892, true));
    assert_eq!(q.sequence.timecode(0), "01:00:00;00");
    assert_eq!(done(&q, set(108_000, false)).sequence.timecode(0), "01:00:00:00");
    assert!(matches!(refused(&p, set(i64::MAX, true)), EditError::Invalid(_)));
    assert!(matches!(refused(&project(FrameRate::FPS_25), set(0, true)), EditError::Invalid(_)), "there is no drop-frame at 25");
}

#[test]
fn another_frame_rate_keeps_cuts_and_transitions() {
    let format = |rate| EditCommand::SetFormat { width: 1920, height: 1080, frame_rate: rate, color: ColorTags::BT709 };
    let p = dissolved();
    let q = done(&p, format(FrameRate::FPS_60));
    assert_eq!((spans(&q, 2), transitions(&q, 2)), (vec![(20, 0, 240), (21, 240, 480)], vec![(30, 20, 21, 24, 24)]));
    assert_eq!(done(&q, format(FrameRate::FPS_25)), p, "and back");
    let q = done(&p, format(FrameRate::NTSC_30));
    assert_eq!(spans(&q, 2), [(20, 0, 120), (21, 120, 240)]);
    // many clips of one frame cannot all start where they did at a third of the rate
    let mut p = project(FrameRate::FPS_60);
    put(&mut p, 2, (0..30).map(|i| clip(100 + i as u64, i, 1, crate::model::ClipContent::Solid { color: [0.0; 4] })));
    assert_eq!(spans(&done(&p, format(FrameRate::FPS_24)), 2).len(), 30);
}

#[test]
fn a_batch_is_all_or_nothing() {
    let p = scene();
    let rename = EditCommand::RenameProject { name: "Film".into() };
    let bad = EditCommand::Batch(vec![rename.clone(), split(20, 500, 40)]);
    assert!(matches!(refused(&p, bad), EditError::OutsideClip { .. }));
    let good = EditCommand::Batch(vec![rename, split(20, 50, 40), split(40, 60, 41)]);
    assert_eq!(spans(&done(&p, good), 2).len(), 4);
}

#[test]
fn appended_media_are_linked_and_follow_each_other() {
    let p = project(FrameRate::FPS_30);
    let q = done(&p, append_media(&p, &[10, 12, 13, 99, 11].map(MediaId)));
    assert_eq!(spans(&q, 2).iter().map(|s| (s.1, s.2)).collect::<Vec<_>>(), [(0, 1000), (1000, 1150), (2950, 3950)]);
    assert_eq!(spans(&q, 3).iter().map(|s| (s.1, s.2)).collect::<Vec<_>>(), [(0, 1000), (1150, 2950), (2950, 3950)]);
    let link = |track, i: usize| q.sequence.track(TrackId(track)).unwrap().clips[i].link;
    assert!(link(2, 0).is_some() && link(2, 0) == link(3, 0) && link(2, 2) == link(3, 2) && link(2, 0) != link(2, 2));
    assert_eq!((link(2, 1), link(3, 1)), (None, None));
    let mut bare = p.clone();
    std::sync::Arc::make_mut(&mut bare.sequence).tracks.clear();
    let q = done(&bare, append_media(&bare, &[MediaId(10), MediaId(11)]));
    assert_eq!(q.sequence.tracks.iter().map(|t| t.clips.len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn a_selection_grows_by_what_is_linked_to_it() {
    let p = scene();
    assert_eq!(with_links(&p, &[ClipId(21)]), [21, 23].map(ClipId));
    assert_eq!(with_links(&p, &[24, 23, 20].map(ClipId)), [20, 21, 22, 23, 24].map(ClipId));
    assert_eq!(with_links(&p, &[ClipId(99)]), []);
}

#[test]
fn a_batch_is_named_by_what_it_does() {
    assert_eq!(label(&move_to(&[(20, 2, 5)], Placement::Strict)), "Move clip");
    assert_eq!(label(&EditCommand::Batch(vec![split(20, 5, 40), split(22, 5, 41)])), "Split clip");
    assert_eq!(label(&EditCommand::Batch(vec![split(20, 5, 40), trim(22, Edge::End, 5)])), "Edit");
}

#[test]
fn a_script_writes_commands_as_lines() {
    let c: EditCommand = ron::from_str("Move(moves: [(clip: 20, track: 4, start: 300)])").unwrap();
    assert_eq!(c, move_to(&[(20, 4, 300)], Placement::Strict));
    let c: EditCommand =
        ron::from_str("Insert(track: 2, clip: (id: 40, start: 0, duration: 25, content: Media(media: 10, source_in: \"3/2s\")))").unwrap();
    assert_eq!(c, insert(2, clip(40, 0, 25, media_content(10, Time::from_ratio(3, 2))), Placement::Strict));
    let all = EditCommand::Batch(vec![c, add(20, 21, 4, 4), change(20, ClipChange::Speed(crate::model::Speed(-1, 2)))]);
    assert_eq!(ron::from_str::<EditCommand>(&ron::to_string(&all).unwrap()).unwrap(), all);
}

#[test]
fn an_edit_shares_everything_it_does_not_change() {
    let p = scene();
    let q = done(&p, trim(20, Edge::End, 50));
    let t = |p: &Project, i: usize| p.sequence.tracks[i].clone();
    assert!(!std::sync::Arc::ptr_eq(&t(&p, 0), &t(&q, 0)));
    assert!((1..4).all(|i| std::sync::Arc::ptr_eq(&t(&p, i), &t(&q, i))));
    assert!(std::sync::Arc::ptr_eq(&t(&p, 0).clips[1], &t(&q, 0).clips[1]));
}

#[test]
fn captions_are_added_changed_and_removed_in_order_and_never_overlap() {
    let caption = |id, start, duration| Caption { id: CaptionId(id), start, duration, text: format!("caption {id}"), words: Vec::new() };
    let p = scene();
    let p = done(&p, EditCommand::AddCaption { caption: caption(50, 40, 20) });
    let p = done(&p, EditCommand::AddCaption { caption: caption(51, 10, 30) });
    let order = |p: &Project| p.sequence.captions.iter().map(|c| (c.id.0, c.start, c.end())).collect::<Vec<_>>();
    assert_eq!(order(&p), [(51, 10, 40), (50, 40, 60)]);
    assert_eq!([9, 10, 39, 40, 60].map(|f| p.sequence.caption_at(f).map(|c| c.id.0)), [None, Some(51), Some(51), Some(50), None]);
    for (start, duration) in [(39, 1), (0, 11), (20, 5), (59, 3), (0, 100)] {
        let refusal = refused(&p, EditCommand::AddCaption { caption: caption(52, start, duration) });
        assert_eq!(refusal, EditError::CaptionThere { text: "caption 52".into() }, "{start} {duration}");
    }
    let moved = done(&p, EditCommand::SetCaption { caption: caption(51, 60, 5) });
    assert_eq!(order(&moved), [(50, 40, 60), (51, 60, 65)]);
    refused(&p, EditCommand::SetCaption { caption: caption(51, 30, 20) });
    refused(&p, EditCommand::AddCaption { caption: caption(20, 70, 2) });
    assert!(matches!(refused(&p, EditCommand::AddCaption { caption: caption(53, 70, 0) }), EditError::Invalid(_)));
    assert_eq!(refused(&p, EditCommand::RemoveCaption { id: CaptionId(9) }), EditError::NoCaption(CaptionId(9)));
    assert_eq!(order(&done(&p, EditCommand::RemoveCaption { id: CaptionId(50) })), [(51, 10, 40)]);
    assert!(done(&p, EditCommand::BurnCaptions { on: true }).sequence.burn_captions);
    let p = done(&p, EditCommand::CaptionLanguage { tag: "pt-BR".into() });
    assert_eq!(p.sequence.caption_language, "pt-BR");
    for tag in ["p", "pt_BR", "pt-", "1a", "pt-BR-", "a-language-that-is-longer-than-any-tag"] {
        assert!(matches!(refused(&p, EditCommand::CaptionLanguage { tag: tag.into() }), EditError::Invalid(_)), "{tag}");
    }
    assert_eq!(done(&p, EditCommand::CaptionLanguage { tag: String::new() }).sequence.caption_language, "");
    // another rate: captions that meet still meet, and none has no frame
    let rate = FrameRate::new(5, 1).unwrap();
    let slow = done(&p, EditCommand::SetFormat { width: 64, height: 64, frame_rate: rate, color: Default::default() });
    assert_eq!(order(&slow), [(51, 2, 8), (50, 8, 12)]);
}
