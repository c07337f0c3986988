//! Nested sequences, groups, folders, tracks, key frames and effects.

use super::*;
use crate::{
    base::{MediaId, SequenceId},
    model::{Animated, ClipContent, Curve, Ease, Effect, EffectKind, Key, MAX_EFFECTS, Speed},
};

const NEST: SequenceId = SequenceId(50);

fn nest(clips: &[u64]) -> EditCommand {
    EditCommand::Nest { clips: clips.iter().map(|c| ClipId(*c)).collect(), sequence: NEST, name: "Opening".into() }
}

#[test]
fn nested_clips_keep_their_times_and_transitions_inside() {
    let p = dissolved();
    let q = done(&p, nest(&[20, 21, 22, 23]));
    let inner = &q.others[&NEST];
    assert_eq!((inner.name.as_str(), inner.duration(), inner.tracks.len()), ("Opening", 200, 2));
    assert_eq!(inner.tracks[0].transitions.len(), 1);
    let outer = [2, 3].map(|t| q.sequence.track(TrackId(t)).unwrap().clips.clone());
    let [v, a] = outer.map(|c| (c.len(), c[0].start, c[0].duration, c[0].nested(), c[0].link));
    assert_eq!(v, (1, 0, 200, Some(NEST), Some(3)));
    assert_eq!(a, v, "picture and sound, linked");
    assert!(matches!(refused(&p, nest(&[])), EditError::Nothing));
    assert!(matches!(refused(&locked(p, 2), nest(&[20])), EditError::Locked { .. }));
}

#[test]
fn a_nest_between_other_clips_goes_where_there_is_room() {
    let mut p = scene();
    put(&mut p, 2, [clip(40, 300, 10, media_content(10, Time::ZERO))]);
    let q = done(&p, nest(&[20, 40]));
    assert_eq!(spans(&q, 2), [(21, 100, 200)]);
    let new = q.sequence.tracks.iter().rfind(|t| t.kind == crate::model::TrackKind::Video).unwrap();
    assert_eq!((new.clips[0].start, new.clips[0].end(), new.clips[0].nested()), (0, 310, Some(NEST)), "a track of its own");
}

#[test]
fn sequences_are_opened_renamed_and_removed() {
    let p = done(&scene(), nest(&[20, 22]));
    let open = |id| EditCommand::OpenSequence { id };
    let q = done(&p, open(NEST));
    assert_eq!((q.sequence.id, q.others.len()), (NEST, 1));
    assert_eq!(done(&q, open(p.sequence.id)), p, "and back");
    assert_eq!(refused(&p, open(SequenceId(99))), EditError::NoSequence(SequenceId(99)));
    assert!(matches!(refused(&p, EditCommand::RemoveSequence { id: NEST }), EditError::SequenceInUse { .. }));
    assert_eq!(refused(&q, EditCommand::RemoveSequence { id: NEST }), EditError::NoSequence(NEST), "the open one stays");
    let q = done(&p, EditCommand::RenameSequence { id: NEST, name: "Titles".into() });
    assert_eq!(q.others[&NEST].name, "Titles");
    let q = done(&scene(), EditCommand::AddSequence { id: NEST, name: "Second".into() });
    assert!(done(&q, EditCommand::RemoveSequence { id: NEST }).others.is_empty());
    assert_eq!(refused(&q, EditCommand::AddSequence { id: NEST, name: String::new() }), EditError::IdInUse(50));
}

#[test]
fn no_sequence_shows_itself() {
    let p = done(&scene(), nest(&[20, 22]));
    let show = |sequence| clip(90, 500, 10, ClipContent::Sequence { sequence, source_in: Time::ZERO, speed: Speed::NORMAL });
    assert!(matches!(refused(&p, insert(2, show(p.sequence.id), Placement::Strict)), EditError::ShowsItself { .. }));
    let q = done(&p, EditCommand::OpenSequence { id: NEST });
    let track = q.sequence.tracks[0].id.0;
    assert!(matches!(refused(&q, insert(track, show(p.sequence.id), Placement::Strict)), EditError::ShowsItself { .. }));
    assert!(matches!(refused(&q, insert(track, show(SequenceId(77)), Placement::Strict)), EditError::Invalid(_)));
}

#[test]
fn a_nested_sequence_ends_where_its_clips_end() {
    let p = done(&scene(), nest(&[20, 22]));
    let id = p.sequence.track(TrackId(2)).unwrap().clips[0].id.0;
    done(&p, trim(id, Edge::End, 60));
    let mut q = p.clone();
    with_track(&mut q, 2, |t| t.clips.truncate(1));
    assert!(matches!(refused(&q, trim(id, Edge::End, 101)), EditError::OutsideMedia { .. }));
    assert!(matches!(refused(&p, EditCommand::RemoveMedia { id: MediaId(10) }), EditError::MediaInUse { .. }), "used inside");
}

#[test]
fn groups_are_taken_together_but_cut_alone() {
    let mut p = scene();
    for id in [21, 24] {
        p = done(&p, change(id, ClipChange::Group(Some(7))));
    }
    assert_eq!(with_links(&p, &[ClipId(24)]), [21, 23, 24].map(ClipId), "the group, and what is linked to it");
    let q = done(&p, split_linked(&p, &[ClipId(24)], 60).unwrap());
    assert_eq!((spans(&q, 4).len(), spans(&q, 2).len()), (2, 2));
    assert_eq!(fresh_group(&p), 8);
}

#[test]
fn folders_carry_what_is_in_them() {
    let add = |path: &str| EditCommand::AddFolder { path: path.into() };
    let put = |folder: &str| EditCommand::SetMedia { id: MediaId(10), change: MediaChange::Folder(folder.into()) };
    let p = done(&done(&scene(), add("Day 1/Cam A")), put("Day 1/Cam A/Good"));
    assert_eq!(p.folders, ["Day 1", "Day 1/Cam A", "Day 1/Cam A/Good"]);
    let q = done(&p, EditCommand::RenameFolder { from: "Day 1".into(), to: "Monday".into() });
    assert_eq!((q.folders[0].as_str(), q.media[&MediaId(10)].folder.as_str()), ("Monday", "Monday/Cam A/Good"));
    let q = done(&p, EditCommand::RemoveFolder { path: "Day 1/Cam A".into() });
    assert_eq!((q.folders, q.media[&MediaId(10)].folder.as_str()), (vec!["Day 1".to_owned(), "Day 1/Good".into()], "Day 1/Good"));
    assert_eq!(refused(&p, add("Day 1")), EditError::FolderThere("Day 1".into()));
    for bad in ["", "/", "a//b", " a", "a/", "/a"] {
        assert_eq!(refused(&p, add(bad)), EditError::NoFolder(bad.into()), "{bad:?}");
    }
    let into_itself = EditCommand::RenameFolder { from: "Day 1".into(), to: "Day 1/Cam A/x".into() };
    assert!(matches!(refused(&p, into_itself), EditError::NoFolder(_)));
    assert_eq!(done(&p, EditCommand::RenameFolder { from: "Day 1".into(), to: "Day 1".into() }), p);
}

#[test]
fn tracks_change_places_and_settings() {
    let p = scene();
    let q = done(&p, EditCommand::MoveTrack { id: TrackId(4), index: 0 });
    assert_eq!(q.sequence.tracks.iter().map(|t| t.id.0).collect::<Vec<_>>(), [4, 2, 3, 5]);
    assert!(matches!(refused(&p, EditCommand::MoveTrack { id: TrackId(4), index: 4 }), EditError::NoSuchPlace { .. }));
    let set = |change| EditCommand::SetTrack { id: TrackId(2), change };
    let q = done(&done(&p, set(TrackChange::Height(90))), set(TrackChange::SyncLock(false)));
    let t = q.sequence.track(TrackId(2)).unwrap();
    assert_eq!((t.height, t.sync_lock), (90, false));
}

fn ramp() -> Curve<f32> {
    let key = |frame, value| Key { frame, value, ease: Ease::Linear };
    Curve::new([key(0, 0.0), key(100, 1.0)])
}

#[test]
fn keys_stay_on_their_picture_when_a_clip_is_trimmed_split_or_sped_up() {
    let p = done(&scene(), change(20, ClipChange::Animate(Animated::Opacity(ramp()))));
    let opacity = |p: &Project, id, frame| (get(p, id).transform_at(frame).opacity * 100.0).round();
    assert_eq!([0, 25, 99].map(|f| opacity(&p, 20, f)), [0.0, 25.0, 99.0]);
    let q = done(&p, trim(20, Edge::Start, 30));
    assert_eq!([30, 99].map(|f| opacity(&q, 20, f)), [30.0, 99.0]);
    let q = done(&p, split(20, 40, 60));
    assert_eq!([opacity(&q, 20, 39), opacity(&q, 60, 40), opacity(&q, 60, 99)], [39.0, 40.0, 99.0]);
    let q = done(&p, change(20, ClipChange::Speed(Speed(2, 1))));
    assert_eq!([0, 25].map(|f| opacity(&q, 20, f)), [0.0, 50.0], "at twice the speed");
    let format = EditCommand::SetFormat { width: 1920, height: 1080, frame_rate: FrameRate::FPS_60, color: p.sequence.color };
    assert_eq!(opacity(&done(&p, format), 20, 60), 25.0, "after the same time");
    let end = done(&p, change(20, ClipChange::Animate(Animated::Opacity(Curve::default()))));
    assert_eq!(opacity(&end, 20, 0), 100.0);
}

#[test]
fn keys_and_effects_are_held_to_their_ranges() {
    let p = scene();
    let bad = Curve::new([Key { frame: 0, value: 2.0, ease: Ease::Linear }]);
    assert!(matches!(refused(&p, change(20, ClipChange::Animate(Animated::Opacity(bad)))), EditError::Invalid(_)));
    let far = Curve::new([Key { frame: i64::MAX, value: 1.0, ease: Ease::Linear }]);
    assert!(matches!(refused(&p, change(20, ClipChange::Animate(Animated::Opacity(far)))), EditError::Invalid(_)));
    let effects = |n| ClipChange::Effects(vec![Effect::new(EffectKind::Exposure { stops: 1.0 }); n]);
    assert_eq!(get(&done(&p, change(20, effects(MAX_EFFECTS))), 20).effects.len(), MAX_EFFECTS);
    assert!(matches!(refused(&p, change(20, effects(MAX_EFFECTS + 1))), EditError::Invalid(_)));
    let wild = ClipChange::Effects(vec![Effect::new(EffectKind::Saturation { amount: f32::NAN })]);
    assert!(matches!(refused(&p, change(20, wild)), EditError::Invalid(_)));
    assert!(EffectKind::ALL.iter().all(EffectKind::is_sound));
}

#[test]
fn a_clip_takes_another_media_in_its_place() {
    let p = scene();
    let replace = |media, frame| ClipChange::Replace { media: MediaId(media), source_in: Time::from_frames(frame, FrameRate::FPS_25) };
    let q = done(&p, change(20, replace(11, 50)));
    assert_eq!((get(&q, 20).media(), spans(&q, 2)[0], source_frame(&q, 20, 0)), (Some(MediaId(11)), (20, 0, 100), 50));
    assert_eq!(spans(&done(&p, change(20, replace(11, 960))), 2)[0], (20, 0, 40), "as long as the media lasts");
    assert!(matches!(refused(&p, change(20, replace(13, 0))), EditError::WrongKind { .. }));
    assert!(matches!(refused(&p, change(20, replace(11, 1000))), EditError::OutsideMedia { .. }));
    assert_eq!(refused(&p, change(20, replace(99, 0))), EditError::NoMedia(MediaId(99)));
}
