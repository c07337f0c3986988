//! Random sound timelines.

use crate::{
    base::{CaptionId, ClipId, FrameRate, MarkerId, MediaId, SequenceId, Time, TrackId, TransitionId, format_timecode},
    model::{
        Blend, Caption, Clip, ClipContent, Crop, Curve, Ease, Effect, EffectKind, Fit, Key, Marker, Media, Project, Sequence, Side, Speed,
        Stabilize, Title, Track, TrackKind, Transform, Transition, TransitionKind, fixture,
    },
};
use std::sync::Arc;

pub const RATES: [&str; 8] = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"];

/// A small generator of numbers (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// `low..high`.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low).max(1) as u64) as i64
    }
    pub fn one_in(&mut self, n: i64) -> bool {
        self.range(0, n) == 0
    }
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.range(0, list.len() as i64) as usize]
    }
    /// A number with few digits, in steps of 1/100.
    fn share(&mut self, low: i64, high: i64) -> f32 {
        self.range(low * 100, high * 100) as f32 / 100.0
    }
}

struct Maker<'a> {
    dice: &'a mut Dice,
    next: u64,
    media: Vec<(MediaId, Arc<Media>)>,
    plain: bool,
}

impl Maker<'_> {
    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn media(&mut self, rate: FrameRate) {
        let count = self.dice.range(1, 6);
        for i in 0..count {
            let name = self.dice.pick(&["a", "b c", "ü&<d>", "it's", "50%"]);
            let own = if self.dice.one_in(2) { rate } else { self.dice.pick(&RATES).parse().unwrap() };
            let frames = self.dice.range(2000, 5000);
            let mut m = match self.dice.range(0, 8) {
                0 => fixture::still(name),
                1 => fixture::song(name, 120),
                _ => fixture::film(name, own, frames),
            };
            let ext = m.file.path.extension().unwrap().to_string_lossy().into_owned();
            m.file.path = format!("/footage/{i}/{name}{i}.{ext}").into();
            m.name = format!("{name}{i}.{ext}");
            if m.info.video.as_ref().is_some_and(|v| !v.still) && self.dice.one_in(2) {
                let label = self.dice.range(0, 100_000);
                let drop = own.can_drop_frames() && self.dice.one_in(2);
                m.info.start_timecode = Some(format_timecode(label, own, drop));
            }
            if let Some(v) = &mut m.info.video
                && self.dice.one_in(4)
            {
                (v.width, v.height) = (1280, 960);
            }
            let id = MediaId(self.id());
            self.media.push((id, Arc::new(m)));
        }
    }

    fn speed(&mut self) -> Speed {
        match self.dice.range(0, 10) {
            0 => Speed(2, 1),
            1 => Speed(1, 2),
            2 => Speed::REVERSE,
            3 => Speed::FREEZE,
            4 => Speed(self.dice.range(1, 400) as i32, self.dice.range(1, 100) as u32),
            5 => Speed(-self.dice.range(1, 300) as i32, 100),
            _ => Speed::NORMAL,
        }
    }

    fn content(&mut self, kind: TrackKind, duration: i64, rate: FrameRate, inner: Option<SequenceId>) -> ClipContent {
        let roll = self.dice.range(0, 12);
        if kind == TrackKind::Video && !self.plain {
            match roll {
                0 => {
                    let text = self.dice.pick(&["Hello", "two\nlines", "ä < b & c"]).to_owned();
                    return ClipContent::Title(Title { text, style: Default::default(), position: (0.5, 0.5) });
                }
                1 => return ClipContent::Solid { color: [self.dice.share(0, 1), 0.5, 0.25, 1.0] },
                2 => return ClipContent::Adjustment,
                _ => {}
            }
        }
        if let Some(sequence) = inner
            && roll == 3
        {
            return ClipContent::Sequence { sequence, source_in: Time::from_frames(self.dice.range(0, 20), rate), speed: Speed::NORMAL };
        }
        let (media, m) = self.dice_media(kind);
        let still = m.info.video.as_ref().is_some_and(|v| v.still);
        if still {
            return ClipContent::Media { media, source_in: Time::ZERO, speed: Speed::NORMAL };
        }
        let own = m.info.video.as_ref().map_or(rate, |v| v.frame_rate);
        let speed = self.speed();
        let used =
            (duration as f64 * rate.as_f64().recip() * own.as_f64() * f64::from(speed.0.abs()) / f64::from(speed.1)).ceil() as i64 + 2;
        let first = if speed.0 < 0 { used + self.dice.range(1, 200) } else { 200 + self.dice.range(0, 900) };
        let mut source_in = Time::from_frames(first, own);
        if self.dice.one_in(8) {
            source_in += Time(self.dice.range(0, 20_000_000));
        }
        ClipContent::Media { media, source_in, speed }
    }

    fn dice_media(&mut self, kind: TrackKind) -> (MediaId, Arc<Media>) {
        let fits = |m: &Media| if kind == TrackKind::Video { m.info.video.is_some() } else { m.info.audio.is_some() };
        let fitting: Vec<_> = self.media.iter().filter(|(_, m)| fits(m)).cloned().collect();
        if fitting.is_empty() {
            let m = Arc::new(fixture::film("always", FrameRate::FPS_25, 5000));
            let id = MediaId(self.id());
            self.media.push((id, m.clone()));
            return (id, m);
        }
        let i = self.dice.range(0, fitting.len() as i64) as usize;
        fitting[i].clone()
    }

    fn settings(&mut self, c: &mut Clip, kind: TrackKind) {
        if self.dice.one_in(6) {
            c.name = self.dice.pick(&["Shot 1", "ö \"quoted\" <x>", "a & b"]).into();
        }
        c.enabled = !self.dice.one_in(10);
        if self.plain {
            return;
        }
        if kind == TrackKind::Video && self.dice.one_in(4) {
            let d = &mut *self.dice;
            c.transform = Transform {
                fit: d.pick(&[Fit::Fit, Fit::Fill, Fit::None]),
                position: (d.share(-300, 300), d.share(-300, 300)),
                scale: d.share(1, 4),
                rotation: d.share(-180, 180),
                crop: Crop { left: d.share(0, 1) / 3.0, top: 0.0, right: d.share(0, 1) / 3.0, bottom: 0.1 },
                opacity: d.share(0, 1),
                blend: d.pick(&[Blend::Normal, Blend::Add, Blend::Multiply, Blend::Screen]),
            };
        }
        if kind == TrackKind::Video && self.dice.one_in(8) {
            c.effects.push(Effect::new(EffectKind::Exposure { stops: self.dice.share(-2, 2) }));
        }
        if kind == TrackKind::Video && self.dice.one_in(8) {
            c.stabilize = Some(Box::new(Stabilize { on: self.dice.one_in(2), smoothness: self.dice.share(0, 1), ..Stabilize::default() }));
        }
        if self.dice.one_in(8) {
            let keys = [(0, -6.0), (10, -3.0)].map(|(frame, value)| Key { frame, value, ease: Ease::InOut });
            c.keyframes.gain_db = Curve::new(keys);
        }
        if kind == TrackKind::Audio {
            c.gain_db = if self.dice.one_in(3) { self.dice.share(-30, 20) } else { 0.0 };
            c.pan = if self.dice.one_in(5) { self.dice.share(-1, 1) } else { 0.0 };
        }
        if self.dice.one_in(5) {
            c.fade_in = self.dice.range(0, c.duration / 2 + 1);
            c.fade_out = self.dice.range(0, c.duration - c.fade_in + 1).min(c.duration / 2);
        }
        if self.dice.one_in(12) {
            c.group = Some(self.dice.range(1, 4) as u64);
        }
    }

    fn track(&mut self, kind: TrackKind, rate: FrameRate, inner: Option<SequenceId>) -> Track {
        let mut t = Track::new(TrackId(self.id()), kind);
        if self.dice.one_in(5) {
            t.name = self.dice.pick(&["Interviews", "Music & sound"]).into();
        }
        if !self.plain {
            t.muted = self.dice.one_in(10);
            t.solo = kind == TrackKind::Audio && self.dice.one_in(10);
            t.locked = self.dice.one_in(10);
            t.gain_db = if kind == TrackKind::Audio && self.dice.one_in(6) { self.dice.share(-6, 6) } else { 0.0 };
        }
        let mut at = 0;
        for _ in 0..self.dice.range(0, 8) {
            if self.dice.one_in(3) {
                at += self.dice.range(1, 60);
            }
            let duration = self.dice.range(1, 120);
            let content = self.content(kind, duration, rate, inner);
            let mut c = Clip::new(ClipId(self.id()), at, duration, content);
            self.settings(&mut c, kind);
            at = c.end();
            let touches = t.clips.last().is_some_and(|l: &Arc<Clip>| l.end() == c.start);
            if touches && self.dice.one_in(2) {
                let left = t.clips.last().unwrap();
                let taken = t.transitions.last().filter(|x: &&Transition| x.right == left.id).map_or(0, |x| x.after);
                let before = self.dice.range(0, (left.duration - taken).min(20) + 1);
                let after = self.dice.range(0, c.duration.min(20) + 1);
                if before + after > 0 {
                    let kind = match self.dice.range(0, if self.plain { 1 } else { 6 }) {
                        0..=2 => TransitionKind::CrossDissolve,
                        3 => TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] },
                        4 => TransitionKind::Wipe { angle: 45.0, softness: 0.5 },
                        _ => TransitionKind::Slide { from: Side::Left, push: true },
                    };
                    t.transitions.push(Transition { id: TransitionId(self.next + 1), kind, left: left.id, right: c.id, before, after });
                    self.next += 1;
                }
            }
            t.clips.push(Arc::new(c));
        }
        t.transitions.sort_by_key(|x| x.left);
        t
    }

    fn sequence(&mut self, rate: FrameRate, inner: Option<SequenceId>) -> Sequence {
        let (width, height) = if self.dice.one_in(2) { (1920, 1080) } else { (854, 480) };
        let mut s = Sequence::new(width, height, rate);
        s.id = SequenceId(self.id());
        s.drop_frame = rate.can_drop_frames() && self.dice.one_in(2);
        s.start_timecode = if self.dice.one_in(3) { 0 } else { self.dice.range(1, 500_000) };
        s.tracks.clear();
        for _ in 0..self.dice.range(1, 4) {
            let t = self.track(TrackKind::Video, rate, inner);
            s.tracks.push(Arc::new(t));
        }
        for _ in 0..self.dice.range(0, 4) {
            let t = self.track(TrackKind::Audio, rate, inner);
            s.tracks.push(Arc::new(t));
        }
        self.pairs(&mut s);
        let end = s.duration().max(1);
        for _ in 0..self.dice.range(0, 4) {
            let frame = self.dice.range(0, end);
            let duration = if self.dice.one_in(3) { self.dice.range(1, 30) } else { 0 };
            let (name, note) = (self.dice.pick(&["", "Beat 1", "ß <&>"]).into(), self.dice.pick(&["", "say \"more\""]).into());
            s.markers.push(Marker { id: MarkerId(self.id()), frame, duration, name, color: self.dice.range(0, 9) as u8, note });
        }
        s.markers.sort_by_key(|m| (m.frame, m.id));
        let mut at = 0;
        for _ in 0..self.dice.range(0, 4) {
            let (start, duration) = (at + self.dice.range(0, 50), self.dice.range(1, 80));
            let text = self.dice.pick(&["Hello", "two\nlines", "ä < b & c -->"]).to_owned();
            s.captions.push(Caption { id: CaptionId(self.id()), start, duration, text, words: Vec::new() });
            at = start + duration;
        }
        s.caption_language = self.dice.pick(&["", "de", "zh-Hant"]).to_owned();
        s.burn_captions = self.dice.one_in(3);
        s
    }

    /// Gives some pictures their sound, linked, on a track of its own.
    fn pairs(&mut self, s: &mut Sequence) {
        let mut t = Track::new(TrackId(self.id()), TrackKind::Audio);
        let v = s.tracks[0].clone();
        let mut linked = Vec::new();
        for c in &v.clips {
            let sounds = c.media().and_then(|id| self.media.iter().find(|(i, _)| *i == id)).is_some_and(|(_, m)| m.info.audio.is_some());
            if sounds && !self.dice.one_in(3) {
                let mut a = Clip::new(ClipId(self.id()), c.start, c.duration, c.content.clone());
                let link = self.id();
                (a.link, a.enabled, a.name) = (Some(link), c.enabled, c.name.clone());
                linked.push((c.id, link));
                t.clips.push(Arc::new(a));
            }
        }
        for c in &mut Arc::make_mut(&mut s.tracks[0]).clips {
            if let Some((_, link)) = linked.iter().find(|(id, _)| *id == c.id) {
                Arc::make_mut(c).link = Some(*link);
            }
        }
        if !t.clips.is_empty() {
            s.tracks.push(Arc::new(t));
        }
    }
}

/// A sound project; `plain` leaves out what only some formats have.
pub fn project(seed: u64, rate: Option<FrameRate>, plain: bool) -> Project {
    let mut dice = Dice(seed);
    let rate = rate.unwrap_or_else(|| dice.pick(&RATES).parse().unwrap());
    let mut m = Maker { dice: &mut dice, next: 0, media: Vec::new(), plain };
    m.media(rate);
    let inner = m.sequence(rate, None);
    let inner_id = (inner.duration() > 0).then_some(inner.id);
    let outer = m.sequence(rate, inner_id);
    let mut p = Project::new("Random film", outer);
    p.media = m.media.into_iter().collect();
    p.others.insert(inner.id, Arc::new(inner));
    let problems = p.validate();
    assert!(problems.is_empty(), "seed {seed}: {problems:?}");
    p
}
