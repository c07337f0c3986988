//! Random edits: small numbers that are turned into commands on whatever project there is, so that most of them hit.

use montage_ai::{
    base::{
        AudioInfo, CaptionId, ClipId, ColorTags, FrameRate, MarkerId, MediaId, MediaInfo, Rotation, SequenceId, Stamp, Time, TrackId,
        TransitionId, VideoInfo,
    },
    edit::{
        ClipChange, ClipMove, Edge, EditCommand, MediaChange, Placement, Target, ThreePoint, TrackChange, freeze_frame, split_linked,
        three_point, with_links,
    },
    model::{
        Animated, Caption, Clip, ClipContent, Crop, Curve, Ease, Effect, EffectKind, Key, Marker, Media, MediaFile, Project, Sequence,
        Side, Speed, Stabilize, StabilizeZoom, TextStyle, Title, TrackKind, Transform, TransitionKind, Variant,
    },
};
use proptest::prelude::*;

/// Programs in the main property.
pub const PROGRAMS: u32 = 2000;

/// Which command, and four numbers to make it of.
pub type Op = (u8, u16, u16, u16, u16);

pub fn op() -> impl Strategy<Value = Op> {
    any::<Op>()
}

fn media(name: &str, rate: FrameRate, frames: i64, picture: bool, sound: bool, still: bool) -> Media {
    let video = VideoInfo {
        codec: "h264".into(),
        width: 1920,
        height: 1080,
        pixel_aspect: (1, 1),
        rotation: Rotation::None,
        frame_rate: rate,
        frames: frames as u64,
        variable_frame_rate: false,
        still,
        pixel_format: "I420".into(),
        bit_depth: 8,
        alpha: false,
        color: ColorTags::BT709,
        color_assumed: false,
        gop: 250,
    };
    let info = MediaInfo {
        container: "mp4".into(),
        duration: if still { Time::ZERO } else { Time::from_frames(frames, rate) },
        video: picture.then_some(video),
        audio: sound.then(|| AudioInfo { codec: "aac".into(), rate: 48_000, channels: 2 }),
        start_timecode: None,
    };
    Media::new(name, MediaFile::new(format!("/footage/{name}.mp4"), Stamp { size: 1, ..Stamp::default() }), info)
}

/// Something made from a file, be it one without pictures; `own` is the file itself.
fn variant(m: &Media, own: bool) -> Variant {
    let path = if own { m.file.path.clone() } else { format!("/cache/{}.mov", m.name).into() };
    Variant { path, of: m.file.stamp(), recipe: "mjpeg 720".into(), info: m.info.clone() }
}

/// Three video and three audio tracks; two films of other rates, a still, a song; one track is not empty.
pub fn start() -> Project {
    let mut commands = Vec::new();
    for (id, kind) in [(4, TrackKind::Video), (5, TrackKind::Video), (6, TrackKind::Audio), (7, TrackKind::Audio)] {
        commands.push(EditCommand::AddTrack { id: TrackId(id), kind, index: 2 });
    }
    let films = [
        (10, media("a", FrameRate::NTSC_30, 500, true, true, false)),
        (11, media("b", FrameRate::FPS_24, 300, true, true, false)),
        (12, media("c", FrameRate::FPS_25, 1, true, false, true)),
        (13, media("d", FrameRate::FPS_25, 400, false, true, false)),
    ];
    commands.extend(films.into_iter().map(|(id, media)| EditCommand::AddMedia { id: MediaId(id), media }));
    for (i, track) in [2u64, 2, 2, 3, 3].into_iter().enumerate() {
        let content = ClipContent::Media { media: MediaId(10), source_in: Time::from_secs(2 + i as i64), speed: Speed::NORMAL };
        let clip = Clip::new(ClipId(20 + i as u64), 40 * (i as i64 % 3), 40, content);
        commands.push(EditCommand::Insert { track: TrackId(track), clip, mode: Placement::Strict });
    }
    let p = Project::new("start", Sequence::new(1920, 1080, FrameRate::NTSC_30));
    montage_ai::edit::apply(&p, &EditCommand::Batch(commands)).unwrap()
}

fn pick<T: Copy>(from: &[T], n: u16) -> Option<T> {
    (!from.is_empty()).then(|| from[usize::from(n) % from.len()])
}

fn any_clip(p: &Project, n: u16) -> ClipId {
    let all: Vec<ClipId> = p.sequence.tracks.iter().flat_map(|t| t.clips.iter().map(|c| c.id)).collect();
    pick(&all, n).unwrap_or(ClipId(999))
}

fn any_track(p: &Project, n: u16) -> TrackId {
    let all: Vec<TrackId> = p.sequence.tracks.iter().map(|t| t.id).collect();
    pick(&all, n).unwrap_or(TrackId(999))
}

fn any_transition(p: &Project, n: u16) -> TransitionId {
    let all: Vec<TransitionId> = p.sequence.tracks.iter().flat_map(|t| t.transitions.iter().map(|x| x.id)).collect();
    pick(&all, n).unwrap_or(TransitionId(999))
}

/// Two neighbours on one track, touching if there are any such.
fn any_cut(p: &Project, n: u16) -> (ClipId, ClipId) {
    let pairs = || p.sequence.tracks.iter().flat_map(|t| t.clips.windows(2));
    let touching: Vec<_> = pairs().filter(|w| w[0].end() == w[1].start).map(|w| (w[0].id, w[1].id)).collect();
    let all: Vec<_> = pairs().map(|w| (w[0].id, w[1].id)).collect();
    pick(&touching, n).or(pick(&all, n)).unwrap_or((ClipId(999), ClipId(998)))
}

fn mode(n: u16) -> Placement {
    [Placement::Strict, Placement::Overwrite, Placement::Ripple][usize::from(n) % 3]
}

fn speed(n: u16) -> Speed {
    [Speed::NORMAL, Speed(2, 1), Speed(1, 3), Speed::REVERSE, Speed(-3, 2), Speed::FREEZE, Speed(1, 0)][usize::from(n) % 7]
}

fn frame(n: u16) -> i64 {
    match n {
        0 => i64::MAX,
        1 => i64::MIN,
        2 => -5,
        n => i64::from(n % 300),
    }
}

fn kind(n: u16) -> TransitionKind {
    match n % 6 {
        0 => TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] },
        1 => TransitionKind::Wipe { angle: f32::from(n % 360), softness: 0.2 },
        2 => TransitionKind::Slide { from: Side::Left, push: n.is_multiple_of(4) },
        _ => TransitionKind::CrossDissolve,
    }
}

fn content(a: u16, b: u16) -> ClipContent {
    match a % 8 {
        6 => ClipContent::Title(Title { text: "Title".into(), style: TextStyle::default(), position: (0.5, 0.5) }),
        7 if b.is_multiple_of(3) => ClipContent::Adjustment,
        7 => ClipContent::Solid { color: [0.5, 0.5, 0.5, 1.0] },
        _ => ClipContent::Media {
            media: MediaId(10 + u64::from(b % 4)),
            source_in: Time::from_ratio(i64::from(b % 1000), 100),
            speed: speed(if a.is_multiple_of(2) { 0 } else { b }),
        },
    }
}

fn change(a: u16, b: u16) -> ClipChange {
    let f = f32::from(b % 100) / 100.0;
    match a % 11 {
        0 => ClipChange::Enabled(b.is_multiple_of(2)),
        1 => ClipChange::Transform(Transform { opacity: f, position: (f * 100.0, 3.0), ..Transform::default() }),
        2 => ClipChange::Transform(Transform { crop: Crop { left: f, ..Crop::default() }, scale: f, ..Transform::default() }),
        3 => ClipChange::GainDb(f * 10.0 - 5.0),
        4 => ClipChange::Pan(f * 3.0 - 1.5),
        5 => ClipChange::FadeIn(i64::from(b % 30)),
        6 => ClipChange::FadeOut(i64::from(b % 30)),
        7 | 8 => ClipChange::Speed(speed(b)),
        9 => ClipChange::Link((!b.is_multiple_of(3)).then_some(u64::from(b % 3))),
        _ => ClipChange::Name(format!("name {b}")),
    }
}

fn any_sequence(p: &Project, n: u16) -> SequenceId {
    let all: Vec<SequenceId> = p.sequences().map(|s| s.id).collect();
    pick(&all, n).unwrap_or(SequenceId(999))
}

fn curve(b: u16, c: u16) -> Curve<f32> {
    let ease = [Ease::Linear, Ease::In, Ease::Out, Ease::InOut, Ease::Hold];
    let key = |n: u16| Key {
        frame: i64::from(n.wrapping_mul(b) % 90) - 10,
        value: f32::from(n % 10) / 10.0 + 0.05,
        ease: ease[usize::from(n) % 5],
    };
    Curve::new((0..b % 4).map(|i| key(c.wrapping_add(i))))
}

/// Key frames, effects, groups, another media.
fn new_change(b: u16, c: u16, d: u16) -> ClipChange {
    match b % 7 {
        6 => ClipChange::Stabilize((!c.is_multiple_of(3)).then(|| {
            // some of them out of range
            let smoothness = f32::from(d % 12) / 10.0;
            Box::new(Stabilize { on: c.is_multiple_of(2), smoothness, zoom: StabilizeZoom::Dynamic, ..Stabilize::default() })
        })),
        0 => ClipChange::Group((!c.is_multiple_of(3)).then_some(u64::from(c % 4))),
        1 => ClipChange::Animate(if d.is_multiple_of(2) { Animated::Opacity(curve(c, d)) } else { Animated::GainDb(curve(c, d)) }),
        2 => ClipChange::Animate(if d.is_multiple_of(2) { Animated::Scale(curve(c, d)) } else { Animated::Rotation(curve(c, d)) }),
        3 => {
            let at = |n: u16| Key { frame: i64::from(n % 50), value: (f32::from(c), f32::from(d)), ease: Ease::InOut };
            ClipChange::Animate(Animated::Position(Curve::new([at(c), at(d)])))
        }
        4 => {
            let kinds = EffectKind::ALL;
            ClipChange::Effects(
                (0..c % 10).map(|i| Effect { enabled: i % 3 != 1, ..Effect::new(kinds[usize::from(d.wrapping_add(i)) % 6]) }).collect(),
            )
        }
        _ => ClipChange::Replace { media: MediaId(10 + u64::from(c % 4)), source_in: Time::from_secs(i64::from(d % 9)) },
    }
}

/// Kinds of commands that [`command`] makes.
const ALL: u8 = 55;

/// The command that `op` stands for on this project. New ids come from `id` up.
pub fn command(p: &Project, (which, a, b, c, d): Op, id: u64) -> EditCommand {
    let clip = any_clip(p, a);
    match which % ALL {
        0..=7 => {
            let mut new = Clip::new(ClipId(id), frame(b), 1 + i64::from(d % 60), content(c, d));
            new.link = c.is_multiple_of(4).then_some(u64::from(c % 5));
            EditCommand::Insert { track: any_track(p, a), clip: new, mode: mode(d) }
        }
        8..=10 => EditCommand::Split { clip, at: frame(b), new_id: ClipId(id) },
        11 => split_linked(p, &[clip], frame(b)).unwrap_or(EditCommand::Batch(vec![])),
        12..=16 => {
            let count = 1 + u16::from(which) % 3;
            let by = frame(b).saturating_sub(frame(c));
            let moves = (0..count).map(|i| {
                let clip = any_clip(p, a.wrapping_add(i));
                let found = p.sequence.clip(clip);
                let track = if d.is_multiple_of(2) { found.map_or(TrackId(999), |f| f.0.id) } else { any_track(p, d) };
                ClipMove { clip, track, start: found.map_or(0, |f| f.1.start.saturating_add(by)) }
            });
            EditCommand::Move { moves: moves.collect(), mode: mode(c) }
        }
        17..=21 => {
            let edge = if b.is_multiple_of(2) { Edge::Start } else { Edge::End };
            if d.is_multiple_of(2) {
                return EditCommand::Trim { clip, edge, to: frame(c) };
            }
            let together = with_links(p, &[clip]);
            EditCommand::RippleTrim { clips: if c.is_multiple_of(3) { vec![clip] } else { together }, edge, by: i64::from(c % 41) - 20 }
        }
        22 => EditCommand::Slip { clip, by_frames: frame(b).saturating_sub(100) },
        23..=25 => EditCommand::SetClip { clip, change: change(b, c) },
        26 => {
            let clips = (0..=b % 3).map(|i| any_clip(p, a.wrapping_add(i))).collect();
            EditCommand::Remove { clips, ripple: c.is_multiple_of(2) }
        }
        27..=30 => {
            let (left, right) = any_cut(p, a);
            let (before, after) = (i64::from(b % 12), i64::from(c % 12));
            EditCommand::AddTransition { id: TransitionId(id), left, right, kind: kind(d), before, after }
        }
        31 => {
            EditCommand::SetTransition { id: any_transition(p, a), kind: kind(d), before: i64::from(b % 20), after: i64::from(c % 20) - 1 }
        }
        32 => EditCommand::RemoveTransition { id: any_transition(p, a) },
        33 if d.is_multiple_of(2) => {
            let known = p.sequence.captions.first().map_or(CaptionId(id), |c| c.id);
            let id = if a.is_multiple_of(2) { CaptionId(id) } else { known };
            let caption = Caption { id, start: frame(b), duration: i64::from(c % 9), text: "said".into(), words: Vec::new() };
            match d % 3 {
                0 => EditCommand::SetCaption { caption },
                1 => EditCommand::RemoveCaption { id: known },
                _ => EditCommand::AddCaption { caption },
            }
        }
        33 => {
            let known = p.sequence.markers.first().map_or(MarkerId(id), |m| m.id);
            let marker = Marker {
                id: if a.is_multiple_of(2) { MarkerId(id) } else { known },
                frame: frame(b),
                duration: i64::from(c % 9),
                name: String::new(),
                color: 0,
                note: String::new(),
            };
            match d % 3 {
                0 => EditCommand::SetMarker { marker },
                1 => EditCommand::RemoveMarker { id: known },
                _ => EditCommand::AddMarker { marker },
            }
        }
        34 => {
            let kind = if a.is_multiple_of(2) { TrackKind::Video } else { TrackKind::Audio };
            EditCommand::AddTrack { id: TrackId(id), kind, index: usize::from(b % 10) }
        }
        35 => {
            let change = match b % 8 {
                0 => TrackChange::Locked(true),
                1..=4 => TrackChange::Locked(false),
                5 => TrackChange::Muted(c.is_multiple_of(2)),
                6 => TrackChange::Solo(c.is_multiple_of(2)),
                _ if d.is_multiple_of(3) => TrackChange::SyncLock(c.is_multiple_of(2)),
                _ if d % 3 == 1 => TrackChange::Height(c % 200),
                _ => TrackChange::GainDb(f32::from(c % 12)),
            };
            EditCommand::SetTrack { id: any_track(p, a), change }
        }
        36 if b.is_multiple_of(8) => EditCommand::RemoveTrack { id: any_track(p, a) },
        36 if b % 8 == 1 => EditCommand::SetTimecode { start: i64::from(c) * 100, drop_frame: d.is_multiple_of(2) },
        36 => {
            let rates = [FrameRate::NTSC_30, FrameRate::FPS_25, FrameRate::FPS_60, FrameRate::FPS_24];
            let frame_rate = rates[usize::from(c) % 4];
            EditCommand::SetFormat { width: 1280, height: 720, frame_rate, color: ColorTags::BT709 }
        }
        37 => match b % 5 {
            0 => EditCommand::RemoveMedia { id: MediaId(10 + u64::from(c % 4)) },
            1 => EditCommand::AddMedia { id: MediaId(id), media: media("new", FrameRate::FPS_60, 90, true, true, false) },
            2 | 3 => {
                let id = MediaId(10 + u64::from(c % 5));
                let variant = d.is_multiple_of(3).then(|| p.media.get(&id).map(|m| Box::new(variant(m, c.is_multiple_of(2))))).flatten();
                let change = if b % 5 == 2 { MediaChange::Proxy(variant) } else { MediaChange::Upscaled(variant) };
                EditCommand::SetMedia { id, change }
            }
            _ => {
                // another file in its place, longer or shorter
                let m = media("e", FrameRate::FPS_30, 1 + i64::from(d % 600), true, true, false);
                EditCommand::SetMedia { id: MediaId(10), change: MediaChange::File { file: m.file, info: Box::new(m.info) } }
            }
        },
        38 => EditCommand::Roll { left: any_cut(p, a).0, to: frame(b) },
        39 => EditCommand::Slide { clip, by_frames: i64::from(b % 61) - 30 },
        40 | 41 => {
            let (from, to) = (frame(b), frame(b) + i64::from(c % 40));
            let tracks = if d.is_multiple_of(3) { vec![any_track(p, a)] } else { vec![] };
            if d.is_multiple_of(2) { EditCommand::Lift { from, to, tracks } } else { EditCommand::Extract { from, to, tracks } }
        }
        42 => EditCommand::CloseGap { track: any_track(p, a), at: frame(b) },
        43 | 44 => {
            let both = |n: u16, shift: u64| {
                let duration = 1 + i64::from(d % 60);
                (any_track(p, n), Clip::new(ClipId(id + shift), frame(b), duration, content(c.wrapping_add(n), d)))
            };
            EditCommand::InsertClips { clips: vec![both(a, 0), both(a.wrapping_add(3), 1)], mode: mode(d) }
        }
        45 => {
            let points = ThreePoint {
                media: MediaId(10 + u64::from(a % 4)),
                source: (
                    b.is_multiple_of(2).then(|| Time::from_secs(i64::from(b % 5))),
                    (b % 3 == 1).then(|| Time::from_secs(i64::from(c % 9))),
                ),
                timeline: (c.is_multiple_of(2).then(|| frame(c)), c.is_multiple_of(5).then(|| frame(d))),
                playhead: frame(a),
                target: Target { video: Some(TrackId(2)), audio: Some(TrackId(3)) },
                mode: mode(d),
                fit: d.is_multiple_of(2),
            };
            three_point(p, &points).map_or(EditCommand::Batch(vec![]), |made| made.0)
        }
        46 => freeze_frame(p, clip, frame(b), 10).unwrap_or(EditCommand::Batch(vec![])),
        47 => EditCommand::Nest { clips: with_links(p, &[clip]), sequence: SequenceId(id), name: String::new() },
        48 => match b % 4 {
            0 => EditCommand::AddSequence { id: SequenceId(id), name: "new".into() },
            1 => EditCommand::RemoveSequence { id: any_sequence(p, c) },
            2 => EditCommand::RenameSequence { id: any_sequence(p, c), name: format!("film {d}") },
            _ => EditCommand::OpenSequence { id: any_sequence(p, c) },
        },
        49 => EditCommand::MoveTrack { id: any_track(p, a), index: usize::from(b % 8) },
        50 => {
            let path = |n: u16| ["Day 1", "Day 1/Cam A", "Day 2", "Day 2/Cam A/Good", "Music"][usize::from(n) % 5].to_owned();
            match b % 4 {
                0 => EditCommand::AddFolder { path: path(c) },
                1 => EditCommand::RenameFolder { from: path(c), to: path(d) },
                2 => EditCommand::RemoveFolder { path: path(c) },
                _ => EditCommand::SetMedia { id: MediaId(10 + u64::from(a % 4)), change: MediaChange::Folder(path(c)) },
            }
        }
        51 | 52 => EditCommand::SetClip { clip, change: new_change(b, c, d) },
        _ => {
            let part = |which: u16, shift: u64| command(p, (which as u8, a, b.wrapping_mul(7), c, d.wrapping_add(1)), id + shift);
            let nested = |n: u16| n % (u16::from(ALL) - 2);
            EditCommand::Batch(vec![part(nested(b), 1), part(nested(c), 2)])
        }
    }
}
