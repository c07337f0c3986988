//! What a montage is to be like, as a file: how fast, which shots, which transitions, which look, how its sound is mixed.
//!
//! Pure: text in, style out. Every setting has a default, a range and an effect; an unknown or senseless one is refused by name.

mod builtin;

pub use builtin::{DEFAULT_STYLE, builtin};

use crate::analysis::music::Label;
use serde::{Deserialize, Serialize};

/// A style.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Style {
    /// Small letters, digits and `_`: what a script names it by.
    pub name: String,
    pub title: String,
    pub description: String,
    pub pacing: Pacing,
    pub choice: Choice,
    pub transitions: Transitions,
    pub grade: Grade,
    pub motion: Motion,
    pub sound: Sound,
}

/// How long shots are. Lengths are counted in beats; each list is gone through again and again within a part of the music.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pacing {
    pub intro: Vec<f64>,
    pub build: Vec<f64>,
    pub drop: Vec<f64>,
    pub verse: Vec<f64>,
    pub outro: Vec<f64>,
    /// How much a loud moment shortens shots, and a quiet one lengthens them: 0 not at all, 1 by half and by double.
    pub energy: f64,
    /// Shots of a bar and longer begin on bar lines.
    pub on_bars: bool,
    /// Cut on the beats of the music; otherwise on an even grid of `grid_secs`.
    pub on_beats: bool,
    /// Seconds of a beat where there is no music, or none that counts.
    pub grid_secs: f64,
    /// How often (0–1) the pattern is left for a surprise.
    pub surprise: f64,
    pub min_secs: f64,
    pub max_secs: f64,
}

/// What counts in the choice of shots; 0 counts nothing, 1 as usual, negative ones turn a wish round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choice {
    /// Movement that fits the energy of the music.
    pub energy: f64,
    /// Much movement, whatever the music does.
    pub action: f64,
    /// Another source than the shot before.
    pub variety: f64,
    /// What has not been shown yet.
    pub fresh: f64,
    /// Use all sources alike.
    pub even: f64,
    /// Movement goes on in the same direction across the cut.
    pub match_motion: f64,
    /// Light and colours like those of the shot before.
    pub match_colour: f64,
    /// Light and colours unlike those of the shot before.
    pub contrast: f64,
    pub sharp: f64,
    /// Not shaky.
    pub steady: f64,
    /// Neither dark nor burnt out.
    pub exposure: f64,
    /// Somebody speaks.
    pub speech: f64,
    /// The order in which the footage was given.
    pub order: f64,
    /// The strongest movement of a shot falls on a beat.
    pub peaks: f64,
    /// Chance.
    pub chance: f64,
    /// How often a moment may be shown at most.
    pub reuse: u32,
    /// Tension over the film: (part of its length, 0–1), rising in the first.
    pub arc: Vec<(f64, f64)>,
    /// How much the arc counts beside the energy of the music, 0–1.
    pub arc_weight: f64,
}

/// How shots follow each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transitions {
    /// Seconds of a dissolve; 0 for hard cuts only.
    pub dissolve_secs: f64,
    /// Dissolve where the music has no more energy than this, 0–1.
    pub dissolve_below: f64,
    /// Seconds of a dip through black where a part of the music begins; 0 for none.
    pub dip_secs: f64,
    /// Seconds of a whip (the new picture pushes the old one out) where the energy is above `whip_above`; 0 for none.
    pub whip_secs: f64,
    pub whip_above: f64,
    /// The film comes from black and goes to black.
    pub fade_in_secs: f64,
    pub fade_out_secs: f64,
}

/// The look.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grade {
    pub exposure_stops: f32,
    /// Cold −1 … 1 warm.
    pub temperature: f32,
    /// Green −1 … 1 magenta.
    pub tint: f32,
    pub contrast: f32,
    pub saturation: f32,
    /// Darkness of the corners, 0–1.
    pub vignette: f32,
    /// Cold shadows and warm lights, 0–1.
    pub teal_orange: f32,
}

/// Speed and movement of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Motion {
    /// Speed where the music has little energy (below 0.35).
    pub slow: f64,
    /// Speed where it has much (above 0.75).
    pub fast: f64,
    /// Slow push in over a shot: part by which the picture has grown at its end.
    pub push_in: f32,
}

/// How the sound is mixed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sound {
    /// Level of the clips' own sound in dB; none leaves it out.
    pub clips_db: Option<f32>,
    pub music_db: f32,
    /// By how much the music goes down while somebody speaks in a clip that is heard, in dB.
    pub duck_db: f32,
    /// Fade of the clips' own sound at each cut.
    pub fade_secs: f64,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            intro: vec![8.0, 4.0],
            build: vec![4.0, 4.0, 2.0, 2.0],
            drop: vec![2.0, 2.0, 1.0, 1.0],
            verse: vec![4.0],
            outro: vec![8.0],
            energy: 0.5,
            on_bars: true,
            on_beats: true,
            grid_secs: 0.5,
            surprise: 0.1,
            min_secs: 0.4,
            max_secs: 8.0,
        }
    }
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            energy: 1.0,
            action: 0.0,
            variety: 1.0,
            fresh: 1.0,
            even: 0.5,
            match_motion: 0.4,
            match_colour: 0.2,
            contrast: 0.0,
            sharp: 0.5,
            steady: 0.4,
            exposure: 0.4,
            speech: 0.0,
            order: 0.0,
            peaks: 0.6,
            chance: 0.2,
            reuse: 2,
            arc: vec![(0.0, 0.3), (0.7, 0.9), (1.0, 0.4)],
            arc_weight: 0.2,
        }
    }
}

impl Default for Transitions {
    fn default() -> Self {
        Self {
            dissolve_secs: 0.0,
            dissolve_below: 0.4,
            dip_secs: 0.0,
            whip_secs: 0.0,
            whip_above: 0.85,
            fade_in_secs: 0.0,
            fade_out_secs: 1.0,
        }
    }
}

impl Default for Grade {
    fn default() -> Self {
        Self { exposure_stops: 0.0, temperature: 0.0, tint: 0.0, contrast: 1.0, saturation: 1.0, vignette: 0.0, teal_orange: 0.0 }
    }
}

impl Default for Motion {
    fn default() -> Self {
        Self { slow: 1.0, fast: 1.0, push_in: 0.0 }
    }
}

impl Default for Sound {
    fn default() -> Self {
        Self { clips_db: None, music_db: 0.0, duck_db: -10.0, fade_secs: 0.04 }
    }
}

impl Pacing {
    /// Lengths of shots in a part of the music.
    pub fn pattern(&self, label: Label) -> &[f64] {
        match label {
            Label::Intro => &self.intro,
            Label::Build => &self.build,
            Label::Drop => &self.drop,
            Label::Verse => &self.verse,
            Label::Outro => &self.outro,
        }
    }
}

impl Transitions {
    /// Seconds that the transitions beside a shot show of it beyond its cuts, where the music is so loud (0–1).
    pub fn handle_secs(&self, loudness: f64) -> f64 {
        // two pictures more: cuts are rounded to frames, and rates differ
        const ROUNDING: f64 = 0.08;
        let half = if self.whip_secs > 0.0 && loudness >= self.whip_above {
            self.whip_secs / 2.0
        } else if self.dissolve_secs > 0.0 && loudness <= self.dissolve_below {
            self.dissolve_secs / 2.0
        } else {
            return 0.0;
        };
        half + ROUNDING
    }
}

impl Choice {
    /// Tension at a part of the film, 0–1, straight between the points of the arc.
    pub fn tension(&self, part: f64) -> f64 {
        let after = self.arc.iter().find(|p| p.0 >= part);
        let before = self.arc.iter().rev().find(|p| p.0 <= part);
        match (before, after) {
            (Some(a), Some(b)) if b.0 > a.0 => a.1 + (b.1 - a.1) * (part - a.0) / (b.0 - a.0),
            (Some(p), _) | (None, Some(p)) => p.1,
            (None, None) => 0.5,
        }
    }
}

/// What is wrong with a style file, in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StyleError(pub String);

impl Style {
    /// Read a style and check it.
    ///
    /// # Errors
    /// It is no RON of a style (with line and column), a setting is unknown, or one is out of its range (by name).
    pub fn parse(text: &str) -> Result<Self, StyleError> {
        let style: Self =
            ron::from_str(text).map_err(|e| StyleError(format!("line {}, column {}: {}", e.span.start.line, e.span.start.col, e.code)))?;
        style.check()?;
        Ok(style)
    }

    /// Whether every setting is within its range.
    ///
    /// # Errors
    /// The first that is not, by name.
    pub fn check(&self) -> Result<(), StyleError> {
        let bad = |what: String| Err(StyleError(what));
        if self.name.is_empty() || !self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return bad(format!("name: {:?} is not small letters, digits and _", self.name));
        }
        let p = &self.pacing;
        for (list, name) in [(&p.intro, "intro"), (&p.build, "build"), (&p.drop, "drop"), (&p.verse, "verse"), (&p.outro, "outro")] {
            if list.is_empty() || !list.iter().all(|b| (0.25..=64.0).contains(b)) {
                return bad(format!("pacing.{name}: it needs lengths of 0.25 to 64 beats"));
            }
        }
        if p.min_secs > p.max_secs {
            return bad(format!("pacing.min_secs: {} is more than max_secs, {}", p.min_secs, p.max_secs));
        }
        let rising = self.choice.arc.is_sorted_by(|a, b| a.0 < b.0);
        if !rising || !self.choice.arc.iter().all(|(at, tension)| (0.0..=1.0).contains(at) && (0.0..=1.0).contains(tension)) {
            return bad("choice.arc: points are (part of the film, tension), both 0 to 1, in order".into());
        }
        for (name, value, least, most) in self.ranges() {
            if !(least..=most).contains(&value) {
                return bad(format!("{name}: {value} is not within {least} to {most}"));
            }
        }
        Ok(())
    }

    /// Name, value and range of every number.
    fn ranges(&self) -> Vec<(&'static str, f64, f64, f64)> {
        let (p, c, t, g, m, s) = (&self.pacing, &self.choice, &self.transitions, &self.grade, &self.motion, &self.sound);
        vec![
            ("pacing.energy", p.energy, 0.0, 1.0),
            ("pacing.grid_secs", p.grid_secs, 0.1, 10.0),
            ("pacing.surprise", p.surprise, 0.0, 1.0),
            ("pacing.min_secs", p.min_secs, 0.1, 60.0),
            ("pacing.max_secs", p.max_secs, 0.2, 120.0),
            ("choice.energy", c.energy, -5.0, 5.0),
            ("choice.action", c.action, -5.0, 5.0),
            ("choice.variety", c.variety, -5.0, 5.0),
            ("choice.fresh", c.fresh, 0.0, 5.0),
            ("choice.even", c.even, 0.0, 5.0),
            ("choice.match_motion", c.match_motion, -5.0, 5.0),
            ("choice.match_colour", c.match_colour, -5.0, 5.0),
            ("choice.contrast", c.contrast, -5.0, 5.0),
            ("choice.sharp", c.sharp, -5.0, 5.0),
            ("choice.steady", c.steady, -5.0, 5.0),
            ("choice.exposure", c.exposure, -5.0, 5.0),
            ("choice.speech", c.speech, -5.0, 5.0),
            ("choice.order", c.order, -5.0, 5.0),
            ("choice.peaks", c.peaks, 0.0, 5.0),
            ("choice.chance", c.chance, 0.0, 5.0),
            ("choice.reuse", f64::from(c.reuse), 1.0, 100.0),
            ("choice.arc_weight", c.arc_weight, 0.0, 1.0),
            ("transitions.dissolve_secs", t.dissolve_secs, 0.0, 5.0),
            ("transitions.dissolve_below", t.dissolve_below, 0.0, 1.0),
            ("transitions.dip_secs", t.dip_secs, 0.0, 5.0),
            ("transitions.whip_secs", t.whip_secs, 0.0, 2.0),
            ("transitions.whip_above", t.whip_above, 0.0, 1.0),
            ("transitions.fade_in_secs", t.fade_in_secs, 0.0, 10.0),
            ("transitions.fade_out_secs", t.fade_out_secs, 0.0, 10.0),
            ("grade.exposure_stops", g.exposure_stops.into(), -3.0, 3.0),
            ("grade.temperature", g.temperature.into(), -1.0, 1.0),
            ("grade.tint", g.tint.into(), -1.0, 1.0),
            ("grade.contrast", g.contrast.into(), 0.0, 4.0),
            ("grade.saturation", g.saturation.into(), 0.0, 4.0),
            ("grade.vignette", g.vignette.into(), 0.0, 1.0),
            ("grade.teal_orange", g.teal_orange.into(), 0.0, 1.0),
            ("motion.slow", m.slow, 0.1, 1.0),
            ("motion.fast", m.fast, 1.0, 8.0),
            ("motion.push_in", m.push_in.into(), 0.0, 1.0),
            ("sound.clips_db", s.clips_db.unwrap_or(0.0).into(), -60.0, 12.0),
            ("sound.music_db", s.music_db.into(), -60.0, 12.0),
            ("sound.duck_db", s.duck_db.into(), -60.0, 0.0),
            ("sound.fade_secs", s.fade_secs, 0.0, 2.0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_style_is_refused_by_the_name_of_what_is_wrong() {
        let refused = |text: &str| Style::parse(text).unwrap_err().0;
        assert!(refused("(name: \"a\", pacing: (energie: 1))").contains("energie"));
        assert!(refused("(name: \"a\",\n grade: (contrast: 9))").contains("grade.contrast: 9 is not within 0 to 4"));
        assert!(refused("(name: \"A b\")").contains("name"));
        assert!(refused("(name: \"a\", pacing: (drop: []))").contains("pacing.drop"));
        assert!(refused("(name: \"a\", choice: (arc: [(0.5, 1), (0.2, 0)]))").contains("choice.arc"));
        assert!(refused("(name: \"a\",\n pacing: 3)").starts_with("line 2"));
        assert!(refused("(name: \"a\", motion: (slow: NaN))").contains("motion.slow"));
        assert_eq!(Style::parse("(name: \"a\")").unwrap(), Style { name: "a".into(), ..Style::default() });
    }

    #[test]
    fn tension_goes_straight_between_the_points_of_the_arc() {
        let c = Choice { arc: vec![(0.0, 0.2), (0.5, 1.0)], ..Choice::default() };
        assert_eq!([0.0, 0.25, 0.5, 0.9].map(|p| (c.tension(p) * 100.0).round()), [20.0, 60.0, 100.0, 100.0]);
        assert_eq!(Choice { arc: vec![], ..c }.tension(0.3), 0.5);
    }
}
