//! Comparing what was meant with what reads back: the self-check behind every file that is written.

use super::pieces::{clip_name, track_name};
use crate::{
    base::{SequenceId, format_timecode},
    model::{Clip, ClipContent, Project, Sequence, Track, TrackKind, Transform},
};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
};

/// Differences that are named; one is enough to know that a file is wrong.
const MOST: usize = 20;

/// What differs between two timelines, in words; empty where they are the same film. Ids, folders of the bin, unused media and
/// the window's own state (heights, sync locks) do not count; floating-point settings may differ in their last digits.
pub(super) fn differences(meant: &Project, got: &Project) -> Vec<String> {
    let mut c = Comparison { meant, got, out: Vec::new(), pairs: HashSet::new() };
    c.sequence(&meant.sequence, &got.sequence);
    c.out.truncate(MOST);
    c.out
}

struct Comparison<'a> {
    meant: &'a Project,
    got: &'a Project,
    out: Vec<String>,
    pairs: HashSet<(SequenceId, SequenceId)>,
}

/// A text without what formats fold: control characters, and blanks of all kinds in a row.
fn tidy(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The lines of a caption without what formats fold.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(tidy).filter(|l| !l.is_empty()).collect()
}

/// The same to every format.
fn same_text(a: &str, b: &str) -> bool {
    a == b || tidy(a) == tidy(b)
}

/// Within the precision of a decimal with a few digits.
fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= 1e-3 + 1e-4 * a.abs().max(b.abs())
}

impl Comparison<'_> {
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, what: impl Fn() -> String, meant: T, got: T) {
        if meant != got && self.out.len() < MOST {
            self.out.push(format!("{}: {meant:?} ≠ {got:?}", what()));
        }
    }

    fn sequence(&mut self, a: &Sequence, b: &Sequence) {
        if !self.pairs.insert((a.id, b.id)) {
            return;
        }
        self.check(|| "frame rate".into(), a.frame_rate, b.frame_rate);
        self.check(|| "size".into(), (a.width, a.height), (b.width, b.height));
        self.check(|| "first label".into(), a.start_timecode, b.start_timecode);
        self.check(|| "drop-frame".into(), a.drop_frame, b.drop_frame);
        for kind in [TrackKind::Video, TrackKind::Audio] {
            let of = |s: &Sequence| s.tracks.iter().filter(|t| t.kind == kind).cloned().collect::<Vec<Arc<Track>>>();
            let (mut x, mut y) = (of(a), of(b));
            // empty tracks at the end are no part of a film
            for list in [&mut x, &mut y] {
                while list.last().is_some_and(|t| t.clips.is_empty()) {
                    list.pop();
                }
            }
            self.check(|| format!("number of {kind:?} tracks"), x.len(), y.len());
            for (x, y) in x.iter().zip(&y) {
                self.track((a, x), (b, y));
            }
        }
        let marks = |s: &Sequence| {
            let mut list: Vec<_> = s.markers.iter().map(|m| (m.frame, m.duration, tidy(&m.name), m.color, tidy(&m.note))).collect();
            list.sort();
            list
        };
        self.check(|| "markers".into(), marks(a), marks(b));
        let said = |s: &Sequence| s.captions.iter().map(|c| (c.start, c.duration, lines(&c.text))).collect::<Vec<_>>();
        self.check(|| "captions".into(), (said(a), a.burn_captions), (said(b), b.burn_captions));
        self.check(|| "language of the captions".into(), &a.caption_language, &b.caption_language);
        self.check(|| "links".into(), links(a), links(b));
    }

    fn track(&mut self, (sa, a): (&Sequence, &Track), (sb, b): (&Sequence, &Track)) {
        let name = track_name(sa, a);
        self.check(|| "track name".into(), tidy(&name), tidy(&track_name(sb, b)));
        self.check(|| format!("{name}: muted"), a.muted, b.muted);
        self.check(|| format!("{name}: solo, locked"), (a.solo, a.locked), (b.solo, b.locked));
        if !near(a.gain_db, b.gain_db) {
            self.check(|| format!("{name}: volume"), a.gain_db, b.gain_db);
        }
        self.check(|| format!("{name}: number of clips"), a.clips.len(), b.clips.len());
        for (x, y) in a.clips.iter().zip(&b.clips) {
            let at = || format!("{name}, {}", format_timecode(x.start, sa.frame_rate, false));
            self.clip(&at, x, y);
        }
        let joins = |t: &Track| {
            let index: HashMap<_, _> = t.clips.iter().enumerate().map(|(i, c)| (c.id, i)).collect();
            let mut list: Vec<_> =
                t.transitions.iter().map(|x| (index.get(&x.left).copied(), x.before, x.after, format!("{:?}", x.kind))).collect();
            list.sort();
            list
        };
        self.check(|| format!("{name}: transitions"), joins(a), joins(b));
    }

    fn clip(&mut self, at: &dyn Fn() -> String, a: &Clip, b: &Clip) {
        self.check(|| format!("{}: place", at()), (a.start, a.duration), (b.start, b.duration));
        self.check(|| format!("{}: enabled", at()), a.enabled, b.enabled);
        self.check(|| format!("{}: fades", at()), (a.fade_in, a.fade_out), (b.fade_in, b.fade_out));
        if !near(a.gain_db, b.gain_db) || !near(a.pan, b.pan) {
            self.check(|| format!("{}: volume and pan", at()), (a.gain_db, a.pan), (b.gain_db, b.pan));
        }
        if !same_transform(&a.transform, &b.transform) {
            self.check(|| format!("{}: transform", at()), a.transform, b.transform);
        }
        self.check(|| format!("{}: effects", at()), &a.effects, &b.effects);
        self.check(|| format!("{}: stabilisation", at()), &a.stabilize, &b.stabilize);
        self.check(|| format!("{}: key frames", at()), &a.keyframes, &b.keyframes);
        let source = |c: &Clip| c.content.source().map(|(t, s)| (t, super::speed::reduced(s)));
        self.check(|| format!("{}: source point and speed", at()), source(a), source(b));
        match (&a.content, &b.content) {
            (ClipContent::Media { media: x, .. }, ClipContent::Media { media: y, .. }) => {
                let (x, y) = (self.meant.media.get(x).map(|m| &m.file.path), self.got.media.get(y).map(|m| &m.file.path));
                if x.map(|p| p.as_os_str()) != y.map(|p| p.as_os_str()) {
                    let of = |p: Option<&PathBuf>| p.map(|p| tidy(&p.to_string_lossy()).replace('\\', "/"));
                    self.check(|| format!("{}: media", at()), of(x), of(y));
                }
            }
            (ClipContent::Sequence { sequence: x, .. }, ClipContent::Sequence { sequence: y, .. }) => {
                match (self.meant.sequence_of(*x).cloned(), self.got.sequence_of(*y).cloned()) {
                    (Some(x), Some(y)) => self.sequence(&x, &y),
                    (x, y) => self.check(|| format!("{}: nested sequence", at()), x.is_some(), y.is_some()),
                }
            }
            (ClipContent::Title(x), ClipContent::Title(y)) => self.check(|| format!("{}: title", at()), tidy(&x.text), tidy(&y.text)),
            (x, y) => self.check(|| format!("{}: content", at()), x, y),
        }
        let (meant, got) = (self.meant.media_of(&a.content), self.got.media_of(&b.content));
        let names = (clip_name(a, meant.map(|m| &**m)), clip_name(b, got.map(|m| &**m)));
        if !same_text(names.0, names.1) {
            self.check(|| format!("{}: name", at()), names.0, names.1);
        }
    }
}

fn same_transform(a: &Transform, b: &Transform) -> bool {
    a.fit == b.fit
        && a.blend == b.blend
        && near(a.opacity, b.opacity)
        && near(a.scale, b.scale)
        && near(a.rotation, b.rotation)
        // a hundredth of a pixel
        && (a.position.0 - b.position.0).abs() <= 0.01 + 1e-4 * a.position.0.abs()
        && (a.position.1 - b.position.1).abs() <= 0.01 + 1e-4 * a.position.1.abs()
        && [(a.crop.left, b.crop.left), (a.crop.top, b.crop.top), (a.crop.right, b.crop.right), (a.crop.bottom, b.crop.bottom)]
            .into_iter()
            .all(|(x, y)| near(x, y))
}

/// Link groups by the places of their clips: (kind, track among its kind, clip), groups of one left out.
fn links(s: &Sequence) -> Vec<Vec<(bool, usize, usize)>> {
    let mut groups: HashMap<u64, Vec<(bool, usize, usize)>> = HashMap::new();
    for kind in [TrackKind::Video, TrackKind::Audio] {
        for (t, track) in s.tracks.iter().filter(|t| t.kind == kind).enumerate() {
            for (i, c) in track.clips.iter().enumerate() {
                if let Some(l) = c.link {
                    groups.entry(l).or_default().push((kind == TrackKind::Audio, t, i));
                }
            }
        }
    }
    let mut list: Vec<_> = groups.into_values().filter(|g| g.len() > 1).collect();
    list.sort();
    list
}
