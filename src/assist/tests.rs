//! The whole way from music, footage and a style to a project.

use super::{
    build::{Film, build},
    choose::{Asked, Plan, Settled, Source, Term, choose, reach_secs},
    profile::{Wanted, profile},
    slots::{Bed, Slot, slots},
    style::{Style, builtin},
};
use crate::{
    analysis::{
        footage::{Footage, Kind, MOMENT_SECS, Moment, Shot},
        music::{Label, Music, Section},
        voice::Voice,
    },
    base::{FrameRate, MediaId, Rounding, Time},
    edit::{self, EditCommand, MediaChange},
    model::{
        Clip, ClipContent, Project, Sequence, TrackKind,
        fixture::{film, song, still},
    },
};
use std::collections::{BTreeMap, BTreeSet};

const RATE: FrameRate = FrameRate::FPS_25;

fn music() -> Music {
    let beats: Vec<f64> = (0..).map(|i| 0.24 + f64::from(i) * 0.5).take_while(|b| *b < 40.0).collect();
    let section = |start_secs: f64, end_secs: f64, label, energy| Section { start_secs, end_secs, label, energy };
    Music {
        duration_secs: 40.0,
        tempo_bpm: Some(120.0),
        confidence: 0.9,
        downbeats: (0..beats.len()).step_by(4).collect(),
        beats_per_bar: 4,
        beats,
        energy: (0..160).map(|i| [0.15, 0.5, 0.95, 0.6, 0.3][i / 32]).collect(),
        sections: vec![
            section(0.0, 8.24, Label::Intro, 0.15),
            section(8.24, 16.24, Label::Build, 0.5),
            section(16.24, 24.24, Label::Drop, 0.95),
            section(24.24, 32.24, Label::Verse, 0.6),
            section(32.24, 40.0, Label::Outro, 0.3),
        ],
    }
}

/// A source of so many shots of four seconds; everything differs with `n`.
fn source(n: usize, shots: usize) -> Source {
    let secs = shots as f64 * 4.0;
    let wave = |i: usize, k: usize| ((i * (k + 3) + n * 17) % 23) as f32 / 22.0;
    let moments = (0..(secs / MOMENT_SECS).ceil() as usize)
        .map(|i| Moment {
            motion: wave(i, n) * (0.2 + 0.3 * n as f32),
            pan: (wave(i / 9, 5) - 0.5, 0.1 * wave(i / 7, 3)),
            shake: 0.3 * wave(i / 5, n + 2),
            sharp: 0.3 + 0.5 * wave(i / 11, n + 1),
            bright: 0.1 + 0.13 * n as f32,
            contrast: 0.2,
            tint: (0.05 * n as f32 - 0.1, 0.1 - 0.04 * n as f32),
            focus: (0.2 + 0.6 * wave(i / 6, n), 0.5),
            stir: 0.2,
            ..Moment::default()
        })
        .collect();
    let shot = |i: usize| Shot {
        start: i * 100,
        end: (i + 1) * 100,
        start_secs: i as f64 * 4.0,
        end_secs: (i + 1) as f64 * 4.0,
        begins_with: (i > 0).then_some(Kind::Cut),
        mixed_secs: (0.0, 0.0),
    };
    let values = (secs / 0.2) as usize;
    let voice =
        Voice { level_db: vec![-20.0; values], speech: (0..values).map(|i| if i % 40 < 20 && n % 2 == 1 { 0.9 } else { 0.0 }).collect() };
    Source { footage: Footage { duration_secs: secs, shots: (0..shots).map(shot).collect(), moments }, voice: Some(voice), still: false }
}

struct Scene {
    project: Project,
    sources: Vec<Source>,
    media: Vec<MediaId>,
    music: Music,
    song: MediaId,
}

fn scene(sources: Vec<Source>) -> Scene {
    let mut project = Project::new("montage", Sequence::new(1280, 720, RATE));
    let mut media = Vec::new();
    let add = |project: &mut Project, m| {
        let id = MediaId(edit::fresh_ids(project).next().unwrap());
        *project = edit::apply(project, &EditCommand::AddMedia { id, media: m }).unwrap();
        id
    };
    for (n, s) in sources.iter().enumerate() {
        let mut m = film(&format!("clip {n}"), RATE, (s.footage.duration_secs * 25.0) as i64);
        if s.still {
            m = still(&format!("picture {n}"));
        } else {
            m.info.audio = song("x", 1).info.audio;
        }
        media.push(add(&mut project, m));
    }
    let song = add(&mut project, song("song", 40));
    Scene { project, sources, media, music: music(), song }
}

fn usual() -> Scene {
    scene((0..6).map(|n| source(n, 2 + n % 3)).collect())
}

impl Scene {
    fn bed(&self) -> Bed<'_> {
        Bed { music: Some(&self.music), music_start_secs: 0.0, duration_secs: 40.0, reach_secs: reach_secs(&self.sources) }
    }

    fn plan(&self, style: &Style, seed: u64) -> (Vec<Slot>, Plan) {
        let slots = slots(&self.bed(), style, RATE, seed);
        let plan = choose(&slots, &self.sources, style, &Settled::default(), seed);
        (slots, plan)
    }

    fn command(&self, style: &Style, slots: &[Slot], plan: &Plan) -> EditCommand {
        let profile = profile(self.media.iter().map(|id| &*self.project.media[id]), Wanted::default());
        let film = Film {
            title: "Montage",
            style,
            profile,
            bed: self.bed(),
            slots,
            plan,
            sources: &self.sources,
            media: &self.media,
            music: Some(self.song),
        };
        build(&self.project, &film)
    }

    fn made(&self, style: &Style, seed: u64) -> Project {
        let (slots, plan) = self.plan(style, seed);
        edit::apply(&self.project, &self.command(style, &slots, &plan)).unwrap_or_else(|e| panic!("{}: {e}", style.name))
    }
}

fn pictures(p: &Project) -> Vec<&Clip> {
    p.sequence.video_tracks().next().unwrap().clips.iter().map(|c| &**c).collect()
}

#[test]
fn every_style_makes_a_sound_film_of_the_planned_length() {
    let scene = usual();
    for style in builtin() {
        let p = scene.made(&style, 1);
        assert_eq!(p.validate(), [], "{}", style.name);
        assert_eq!(p.sequence.duration(), 1000, "{}", style.name);
        let clips = pictures(&p);
        assert!(clips.windows(2).all(|w| w[0].end() == w[1].start), "{} has gaps", style.name);
        // a marker on each beat, and one over each part of the music
        assert!(clips.len() > 1 && p.sequence.markers.len() == scene.music.beats.len() + 5);
        assert!(clips.iter().all(|c| c.chosen.as_ref().is_some_and(|x| !x.reasons.is_empty())), "{} says why", style.name);
        for track in p.sequence.tracks.iter().filter(|t| t.kind == TrackKind::Audio) {
            assert!(track.end() <= 1000);
        }
    }
}

#[test]
fn shots_stay_within_a_shot_of_their_source_and_never_jump() {
    let scene = usual();
    for style in builtin() {
        let (slots, plan) = scene.plan(&style, 3);
        assert_eq!(plan.picks.len(), slots.len());
        for (slot, pick) in slots.iter().zip(&plan.picks) {
            let shot = scene.sources[pick.source].shots()[pick.shot];
            let to = pick.from_secs + (slot.end_secs - slot.start_secs) * pick.speed;
            assert!(pick.from_secs >= shot.start_secs - 1e-6 && to <= shot.end_secs + 0.02, "{}: {pick:?} beyond {shot:?}", style.name);
        }
        let jumps = plan.picks.windows(2).filter(|w| (w[0].source, w[0].shot) == (w[1].source, w[1].shot)).count();
        assert_eq!(jumps, 0, "{}", style.name);
    }
}

#[test]
fn the_same_seed_gives_the_same_film_and_another_one_another() {
    let scene = usual();
    let text = |seed| ron::to_string(&scene.made(&builtin()[0], seed)).unwrap();
    assert_eq!(text(5), text(5));
    assert_ne!(text(5), text(6));
}

#[test]
fn it_is_one_step_that_can_be_undone() {
    let scene = usual();
    let (slots, plan) = scene.plan(&builtin()[1], 1);
    let command = scene.command(&builtin()[1], &slots, &plan);
    assert!(matches!(command, EditCommand::Batch(_)));
    // over a film that is there already: a sequence of its own, the old one is kept
    let once = edit::apply(&scene.project, &command).unwrap();
    let again = Scene { project: once.clone(), ..usual() };
    let twice = edit::apply(&once, &again.command(&builtin()[0], &slots, &plan)).unwrap();
    assert_eq!(twice.validate(), []);
    assert_eq!(twice.others.values().map(|s| s.duration()).collect::<Vec<_>>(), [1000]);
    assert_eq!(twice.sequence.duration(), 1000);
}

#[test]
fn a_reroll_changes_one_shot_and_a_lock_keeps_one() {
    let scene = usual();
    let style = &builtin()[0];
    let (slots, plan) = scene.plan(style, 2);
    let settled = Settled::reroll(&plan, 4);
    let other = choose(&slots, &scene.sources, style, &settled, 99);
    for (i, (a, b)) in plan.picks.iter().zip(&other.picks).enumerate() {
        assert_eq!(i != 4, (a.source, a.shot, a.from_secs) == (b.source, b.shot, b.from_secs), "slot {i}");
    }
    let locked = Settled { locked: BTreeMap::from([(3, plan.picks[3].clone())]), ..Settled::default() };
    for seed in 10..14 {
        assert_eq!(choose(&slots, &scene.sources, style, &locked, seed).picks[3], plan.picks[3]);
    }
}

#[test]
fn what_is_asked_for_in_a_slot_comes_there_in_every_style() {
    let scene = usual();
    let last = scene.sources.len() - 1;
    for style in builtin() {
        let (slots, plan) = scene.plan(&style, 2);
        let ask = |slot, source| Asked { slot, source, from_secs: 0.0, to_secs: 1e6, fit: 1.0 };
        for source in 0..=last {
            let settled = Settled { asked: vec![ask(0, source), ask(slots.len() - 1, last - source)], ..Settled::default() };
            let asked = choose(&slots, &scene.sources, &style, &settled, 2);
            let ends = (asked.picks[0].source, asked.picks[slots.len() - 1].source);
            assert_eq!(ends, (source, last - source), "{}", style.name);
            assert!(asked.picks[0].terms.iter().any(|t| t.0 == Term::Asked && t.1 > 1.0));
            // its dissolve may find no footage beyond the shot's end
            assert!(asked.forced <= plan.forced + 1, "{}: {} rules give way", style.name, asked.forced);
        }
    }
}

#[test]
fn scarce_footage_gives_a_film_all_the_same() {
    for sources in [vec![source(0, 1)], vec![Source { still: true, ..source(1, 1) }], vec![tiny(), tiny()]] {
        let scene = scene(sources);
        for style in [&builtin()[0], &builtin()[6]] {
            let p = scene.made(style, 1);
            assert_eq!((p.validate().len(), p.sequence.duration()), (0, 1000), "{}", style.name);
        }
    }
    let empty: [Source; 0] = [];
    assert_eq!(choose(&usual().plan(&builtin()[0], 1).0, &empty, &builtin()[0], &Settled::default(), 1), Plan::default());
}

#[test]
fn a_style_that_melts_shots_into_each_other_finds_footage_for_it() {
    let scene = scene((0..10).map(|n| source(n % 5, 3)).collect());
    let mut style = busy();
    let t = &mut style.transitions;
    (t.dissolve_secs, t.dissolve_below, t.dip_secs, t.whip_secs) = (0.8, 1.0, 0.0, 0.0);
    style.pacing.min_secs = 1.5;
    let p = scene.made(&style, 1);
    let track = p.sequence.video_tracks().next().unwrap();
    let whole = track.transitions.iter().filter(|x| x.before + x.after >= 16).count();
    assert!(whole * 10 >= (track.clips.len() - 1) * 8, "{whole} whole dissolves at {} cuts", track.clips.len() - 1);
}

#[test]
fn no_rule_gives_way_where_there_is_footage_enough() {
    // shots of three to nine seconds
    let varied = |n: usize| {
        let mut s = source(n % 5, 4);
        let secs = 10.0 + (n * 7 % 11) as f64;
        let borders = [0.0, secs * 0.3, secs * 0.55, secs];
        s.footage.duration_secs = secs;
        s.footage.shots.truncate(3);
        for (shot, w) in s.footage.shots.iter_mut().zip(borders.windows(2)) {
            (shot.start_secs, shot.end_secs) = (w[0], w[1]);
        }
        s
    };
    let scene = scene((0..24).map(varied).collect());
    for style in builtin() {
        for seed in 1..4 {
            let (slots, plan) = scene.plan(&style, seed);
            assert_eq!((plan.forced, plan.picks.len()), (0, slots.len()), "{} with seed {seed}", style.name);
        }
    }
}

/// Shorter than a beat.
fn tiny() -> Source {
    let mut s = source(2, 1);
    s.footage.duration_secs = 0.32;
    s.footage.shots[0].end_secs = 0.32;
    s.footage.moments.truncate(2);
    s
}

/// A style in which everything is at work.
fn busy() -> Style {
    let mut s = builtin().swap_remove(0);
    s.transitions.dissolve_secs = 0.4;
    s.transitions.dissolve_below = 0.4;
    s.transitions.dip_secs = 0.4;
    s.transitions.whip_secs = 0.2;
    s.transitions.whip_above = 0.6;
    s.sound.clips_db = Some(-12.0);
    s.choice.speech = 0.5;
    s
}

type Change = fn(&mut Style);

/// Every setting, what makes it count, and a change of it.
const SETTINGS: &[(&str, Change, Change)] = &[
    ("pacing.intro", |_| {}, |s| s.pacing.intro = vec![1.0]),
    ("pacing.build", |_| {}, |s| s.pacing.build = vec![8.0]),
    ("pacing.drop", |_| {}, |s| s.pacing.drop = vec![8.0]),
    ("pacing.verse", |_| {}, |s| s.pacing.verse = vec![1.0]),
    ("pacing.outro", |_| {}, |s| s.pacing.outro = vec![1.0]),
    ("pacing.energy", |_| {}, |s| s.pacing.energy = 0.0),
    ("pacing.on_bars", |s| s.pacing.surprise = 0.3, |s| s.pacing.on_bars = false),
    ("pacing.on_beats", |_| {}, |s| s.pacing.on_beats = false),
    ("pacing.grid_secs", |s| s.pacing.on_beats = false, |s| s.pacing.grid_secs = 0.7),
    ("pacing.surprise", |_| {}, |s| s.pacing.surprise = 1.0),
    ("pacing.min_secs", |_| {}, |s| s.pacing.min_secs = 1.2),
    ("pacing.max_secs", |_| {}, |s| s.pacing.max_secs = 1.0),
    ("choice.energy", |_| {}, |s| s.choice.energy = -3.0),
    ("choice.action", |_| {}, |s| s.choice.action = 4.0),
    ("choice.variety", |_| {}, |s| s.choice.variety = -5.0),
    ("choice.fresh", |_| {}, |s| s.choice.fresh = 5.0),
    ("choice.even", |_| {}, |s| s.choice.even = 5.0),
    ("choice.match_motion", |_| {}, |s| s.choice.match_motion = 5.0),
    ("choice.match_colour", |_| {}, |s| s.choice.match_colour = 5.0),
    ("choice.contrast", |_| {}, |s| s.choice.contrast = 5.0),
    ("choice.sharp", |_| {}, |s| s.choice.sharp = 5.0),
    ("choice.steady", |_| {}, |s| s.choice.steady = 5.0),
    ("choice.exposure", |_| {}, |s| s.choice.exposure = 5.0),
    ("choice.speech", |_| {}, |s| s.choice.speech = 5.0),
    ("choice.order", |_| {}, |s| s.choice.order = 5.0),
    ("choice.peaks", |_| {}, |s| s.choice.peaks = 0.0),
    ("choice.chance", |_| {}, |s| s.choice.chance = 5.0),
    ("choice.reuse", |s| (s.choice.fresh, s.choice.reuse) = (0.0, 50), |s| s.choice.reuse = 1),
    ("choice.arc", |s| s.choice.arc_weight = 1.0, |s| s.choice.arc = vec![(0.0, 1.0), (1.0, 0.0)]),
    ("choice.arc_weight", |_| {}, |s| s.choice.arc_weight = 1.0),
    ("transitions.dissolve_secs", |_| {}, |s| s.transitions.dissolve_secs = 0.0),
    ("transitions.dissolve_below", |_| {}, |s| s.transitions.dissolve_below = 0.0),
    ("transitions.dip_secs", |_| {}, |s| s.transitions.dip_secs = 0.0),
    ("transitions.whip_secs", |_| {}, |s| s.transitions.whip_secs = 0.0),
    ("transitions.whip_above", |_| {}, |s| s.transitions.whip_above = 1.0),
    ("transitions.fade_in_secs", |_| {}, |s| s.transitions.fade_in_secs = 0.5),
    ("transitions.fade_out_secs", |_| {}, |s| s.transitions.fade_out_secs = 0.1),
    ("grade.exposure_stops", |_| {}, |s| s.grade.exposure_stops = 0.5),
    ("grade.temperature", |_| {}, |s| s.grade.temperature = 0.5),
    ("grade.tint", |_| {}, |s| s.grade.tint = 0.5),
    ("grade.contrast", |_| {}, |s| s.grade.contrast = 2.0),
    ("grade.saturation", |_| {}, |s| s.grade.saturation = 0.0),
    ("grade.vignette", |_| {}, |s| s.grade.vignette = 0.5),
    ("grade.teal_orange", |_| {}, |s| s.grade.teal_orange = 0.5),
    ("motion.slow", |_| {}, |s| s.motion.slow = 0.5),
    ("motion.fast", |_| {}, |s| s.motion.fast = 2.0),
    ("motion.push_in", |_| {}, |s| s.motion.push_in = 0.1),
    ("sound.clips_db", |_| {}, |s| s.sound.clips_db = None),
    ("sound.music_db", |_| {}, |s| s.sound.music_db = -6.0),
    ("sound.duck_db", |_| {}, |s| s.sound.duck_db = 0.0),
    ("sound.fade_secs", |_| {}, |s| s.sound.fade_secs = 0.2),
];

#[test]
fn every_setting_of_a_style_has_an_effect_on_the_film() {
    let scene = usual();
    let usually = scene.made(&busy(), 1);
    for (name, prepare, change) in SETTINGS {
        let mut with = busy();
        prepare(&mut with);
        let mut changed = with.clone();
        change(&mut changed);
        assert_ne!(with, changed, "{name} is not changed");
        assert_eq!(changed.check(), Ok(()), "{name}");
        let before = if with == busy() { usually.clone() } else { scene.made(&with, 1) };
        assert_ne!(before, scene.made(&changed, 1), "{name} has no effect");
    }
}

#[test]
fn no_setting_is_without_its_test() {
    let serde_json::Value::Object(style) = serde_json::to_value(Style::default()).unwrap() else { panic!("a style is a struct") };
    let settings: BTreeSet<String> =
        style.iter().filter_map(|(group, v)| Some(v.as_object()?.keys().map(move |k| format!("{group}.{k}")))).flatten().collect();
    let tested: BTreeSet<String> = SETTINGS.iter().map(|s| s.0.to_owned()).collect();
    assert_eq!(settings, tested);
}

#[test]
fn the_strongest_movement_of_a_shot_falls_on_the_beat() {
    // a clear peak at 2 s of each shot, nothing else
    let mut one = source(0, 3);
    for (i, m) in one.footage.moments.iter_mut().enumerate() {
        m.motion = if i % 20 == 10 { 1.0 } else { 0.05 };
    }
    let scene = scene(vec![one.clone(), one]);
    let mut style = busy();
    (style.choice.peaks, style.motion.slow, style.motion.fast) = (5.0, 1.0, 1.0);
    (style.choice.reuse, style.choice.fresh, style.pacing.energy, style.pacing.surprise) = (100, 0.0, 0.0, 0.0);
    let p = &mut style.pacing;
    [&mut p.intro, &mut p.build, &mut p.drop, &mut p.verse, &mut p.outro].into_iter().for_each(|list| *list = vec![2.0]);
    let (slots, plan) = scene.plan(&style, 1);
    let near = slots.iter().zip(&plan.picks).filter(|(s, p)| {
        let on_beat = p.from_secs + s.next_beat_secs;
        (on_beat % 4.0 - 2.1).abs() < 0.05
    });
    assert!(near.count() * 2 > slots.len(), "most shots have their peak on the beat");
}

#[test]
fn what_the_document_says_of_a_shot_is_what_was_planned() {
    let scene = usual();
    let style = busy();
    let (slots, plan) = scene.plan(&style, 1);
    let p = scene.made(&style, 1);
    for ((clip, slot), pick) in pictures(&p).into_iter().zip(&slots).zip(&plan.picks) {
        assert_eq!((clip.start, clip.end()), (slot.start, slot.end));
        let ClipContent::Media { media, source_in, .. } = clip.content else { panic!("a clip of media") };
        let rate = p.media[&media].info.video.as_ref().unwrap().frame_rate;
        let early = Time::from_secs_f64(pick.from_secs) - source_in;
        assert_eq!(media, scene.media[pick.source]);
        assert!((Time::ZERO..rate.frame_duration()).contains(&early), "the frame that is on at the time, from its beginning");
        assert_eq!(Time::from_frames(source_in.to_frames(rate, Rounding::Nearest), rate), source_in);
    }
    let reasons = &pictures(&p)[0].chosen.as_ref().unwrap().reasons;
    assert!(reasons.is_sorted_by(|a, b| a.1 >= b.1), "{reasons:?}");
    assert!(reasons.iter().all(|r| super::choose::Term::named(&r.0).is_some()), "every reason has words: {reasons:?}");
    let rename = EditCommand::SetMedia { id: scene.song, change: MediaChange::Name("b".into()) };
    assert!(edit::apply(&p, &rename).is_ok());
}

#[test]
fn a_tall_film_of_wide_footage_follows_what_moves() {
    let scene = usual();
    let style = busy();
    let (slots, plan) = scene.plan(&style, 1);
    let tall = profile(scene.media.iter().map(|id| &*scene.project.media[id]), Wanted { aspect: Some((9, 16)), ..Wanted::default() });
    assert!(tall.height > tall.width);
    let bed = scene.bed();
    let (sources, media) = (&scene.sources[..], &scene.media[..]);
    let film =
        Film { title: "Tall", style: &style, profile: tall, bed, slots: &slots, plan: &plan, sources, media, music: Some(scene.song) };
    let p = edit::apply(&scene.project, &build(&scene.project, &film)).unwrap();
    assert_eq!(p.validate(), []);
    let moved = pictures(&p).iter().filter(|c| c.keyframes.position.keys().len() > 1).count();
    assert!(moved * 2 > slots.len(), "{moved} of {} shots follow", slots.len());
    // a film of the footage's own shape cuts nothing away
    assert!(pictures(&scene.made(&style, 1)).iter().all(|c| c.keyframes.position.is_empty()));
}

#[test]
fn the_film_takes_no_rate_from_footage_of_a_few_pictures_a_second() {
    let slow = FrameRate::new(10, 1).unwrap();
    let (long, short) = (film("screen", slow, 6000), film("camera", FrameRate::FPS_25, 250));
    assert_eq!(profile([&long, &short].into_iter(), Wanted::default()).frame_rate, FrameRate::FPS_25);
    assert_eq!(profile([&long].into_iter(), Wanted::default()).frame_rate, slow, "where all of it is like that, so is the film");
}

#[test]
fn a_film_of_three_hours_is_planned_without_a_deep_stack() {
    let none = Bed { music: None, music_start_secs: 0.0, duration_secs: 10_800.0, reach_secs: f64::INFINITY };
    let mut style = Style::default();
    (style.pacing.energy, style.pacing.surprise, style.choice.reuse) = (0.0, 0.0, 100);
    let p = &mut style.pacing;
    [&mut p.intro, &mut p.build, &mut p.drop, &mut p.verse, &mut p.outro].into_iter().for_each(|list| *list = vec![1.0]);
    let planned = std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
        let slots = slots(&none, &style, RATE, 1);
        let sources = [source(0, 1), Source { still: true, ..source(1, 1) }];
        (slots.len(), choose(&slots, &sources, &style, &Settled::default(), 1).picks.len())
    });
    let (slots, picks) = planned.unwrap().join().unwrap();
    assert!(slots > 15_000 && picks == slots, "{picks} of {slots}");
}
