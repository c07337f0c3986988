//! What shots look and sound like, as plain words: how much each word fits what was measured. Pure.
//!
//! A word fits by 0–1 along a ramp between two measures. Where they come from:
//! - Light: an 18 % grey card, which a camera exposes for, lies at 0.41 of the code range (BT.709's transfer function).
//! - Speed: a thing should take seven seconds through the frame for the eye to follow without judder (the panning rule of film schools
//!   and camera makers), a seventh of a width per second: what is faster is fast.
//! - Loudness: EBU R 128 puts programmes at −23 LUFS; −50 dB of full scale is the room tone of a quiet place.
//! - Length: shots of films last four to six seconds in the mean (J. Cutting et al.: Attention and the Evolution of Hollywood Film, 2010).
//! - Colours: a colour that has a seventh of the picture is seen at once; see [`Colour`] for the words.

use crate::analysis::footage::{COLOURS, Colour, Moment};
use serde::{Deserialize, Serialize};

/// Middle grey as a part of the code range.
const MIDDLE_GREY: f32 = 0.41;
/// Widths per second that the eye follows.
const FOLLOWED: f32 = 1.0 / 7.0;

/// A word for how a shot looks or sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Trait {
    Bright,
    Dark,
    Contrasty,
    Flat,
    Colourful,
    Colourless,
    Warm,
    Cold,
    Colour(Colour),
    Still,
    Moving,
    Fast,
    Slow,
    Pan,
    PanLeft,
    PanRight,
    Tilt,
    TiltUp,
    TiltDown,
    Steady,
    Shaky,
    Sharp,
    Blurred,
    Loud,
    Quiet,
    Silent,
    Speech,
    NoSpeech,
    Long,
    Short,
    Upright,
    Photo,
    Scale(Scale),
}

/// How large people are in the picture, where somebody has written it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scale {
    Wide,
    Medium,
    Close,
}

/// What is known of a shot beside its texts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    /// The mean of its moments; None where nobody has looked.
    pub moment: Option<Moment>,
    /// Decibels of full scale and share of speech (0–1); None where nobody has listened, or without sound.
    pub sound: Option<(f32, f32)>,
    /// There is no sound at all.
    pub mute: bool,
    /// Words that are said, per second.
    pub words_per_sec: f32,
    pub secs: f32,
    pub upright: bool,
    pub photo: bool,
    pub scale: Option<Scale>,
    /// Place among all shots by sharpness, 0–1: sharpness is comparable within one camera's footage only.
    pub sharp_rank: f32,
}

/// 0 at `none`, 1 at `full`, straight between; `full` may be the smaller one.
fn ramp(value: f32, none: f32, full: f32) -> f32 {
    ((value - none) / (full - none)).clamp(0.0, 1.0)
}

impl Trait {
    /// How well the word fits, 0–1.
    pub fn fits(self, look: &Look) -> f32 {
        let seen = |f: &dyn Fn(&Moment) -> f32| look.moment.as_ref().map_or(0.0, f);
        match self {
            Self::Bright => seen(&|m| ramp(m.bright, MIDDLE_GREY, 0.95)),
            Self::Dark => seen(&|m| ramp(m.bright, MIDDLE_GREY, 0.06)),
            Self::Contrasty => seen(&|m| ramp(m.contrast, 0.12, 0.32)),
            Self::Flat => seen(&|m| ramp(m.contrast, 0.16, 0.02)),
            Self::Colourful => seen(&|m| ramp(chromatic(m), 0.2, 0.8)),
            Self::Colourless => seen(&|m| ramp(chromatic(m), 0.3, 0.02)),
            Self::Warm => seen(&|m| ramp(m.tint.1 - m.tint.0, 0.02, 0.2)),
            Self::Cold => seen(&|m| ramp(m.tint.0 - m.tint.1, 0.02, 0.2)),
            Self::Colour(c) => seen(&|m| share(m.colours.get(c as usize).map_or(0.0, |s| f32::from(*s) / 100.0))),
            Self::Still => {
                if look.photo {
                    1.0
                } else {
                    seen(&|m| ramp(movement(m), 0.08, 0.01))
                }
            }
            Self::Moving => seen(&|m| ramp(movement(m), 0.03, 0.3)),
            Self::Fast => seen(&|m| ramp(movement(m), FOLLOWED, 5.0 * FOLLOWED)),
            Self::Slow => seen(&|m| ramp(movement(m), 0.01, 0.04) * ramp(movement(m), 2.0 * FOLLOWED, FOLLOWED)),
            // the camera goes where the picture does not
            Self::PanLeft => seen(&|m| along(m.way().0, m.way().1)),
            Self::PanRight => seen(&|m| along(-m.way().0, m.way().1)),
            Self::Pan => seen(&|m| along(m.way().0.abs(), m.way().1)),
            Self::TiltUp => seen(&|m| along(m.way().1, m.way().0)),
            Self::TiltDown => seen(&|m| along(-m.way().1, m.way().0)),
            Self::Tilt => seen(&|m| along(m.way().1.abs(), m.way().0)),
            Self::Steady => seen(&|m| ramp(m.shake, 0.3, 0.05)),
            Self::Shaky => seen(&|m| ramp(m.shake, 0.15, 0.6)),
            Self::Sharp => seen(&|m| (m.sharp + look.sharp_rank) / 2.0),
            Self::Blurred => seen(&|m| 1.0 - (m.sharp + look.sharp_rank) / 2.0),
            Self::Loud => look.sound.map_or(0.0, |s| ramp(s.0, -30.0, -10.0)),
            Self::Quiet => look.sound.map_or(0.0, |s| ramp(s.0, -26.0, -50.0)),
            Self::Silent => {
                if look.mute {
                    1.0
                } else {
                    look.sound.map_or(0.0, |s| ramp(s.0, -50.0, -75.0))
                }
            }
            Self::Speech => look.sound.map_or(0.0, |s| ramp(s.1, 0.1, 0.6)).max(ramp(look.words_per_sec, 0.1, 1.0)),
            Self::NoSpeech if look.mute || look.sound.is_some() || look.words_per_sec > 0.0 => 1.0 - Self::Speech.fits(look),
            Self::NoSpeech => 0.0,
            Self::Long => ramp(look.secs, 6.0, 20.0),
            Self::Short => ramp(look.secs, 4.0, 1.0),
            Self::Upright => f32::from(u8::from(look.upright)),
            Self::Photo => f32::from(u8::from(look.photo)),
            Self::Scale(s) => f32::from(u8::from(look.scale == Some(s))),
        }
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        use Trait::*;
        let plain = [
            Bright, Dark, Contrasty, Flat, Colourful, Colourless, Warm, Cold, Still, Moving, Fast, Slow, Pan, PanLeft, PanRight, Tilt,
            TiltUp, TiltDown, Steady, Shaky, Sharp, Blurred, Loud, Quiet, Silent, Speech, NoSpeech, Long, Short, Upright, Photo,
        ];
        let scales = [super::Scale::Wide, super::Scale::Medium, super::Scale::Close].map(Scale);
        plain.into_iter().chain(crate::analysis::footage::Colour::ALL.into_iter().map(Trait::Colour)).chain(scales)
    }

    /// As scripts read it and texts are keyed: `pan-left`, `blue`, `close`.
    pub fn name(self) -> String {
        let word = match self {
            Self::Colour(c) => format!("{c:?}"),
            Self::Scale(s) => format!("{s:?}"),
            other => format!("{other:?}"),
        };
        let mut name = String::with_capacity(word.len() + 2);
        for (i, c) in word.chars().enumerate() {
            if i > 0 && c.is_uppercase() {
                name.push('-');
            }
            name.extend(c.to_lowercase());
        }
        name
    }
}

/// How much moves, in widths per second: things or the whole.
fn movement(m: &Moment) -> f32 {
    let (x, y) = m.way();
    m.motion.max(x.hypot(y))
}

/// A movement in a direction, with little across it.
fn along(way: f32, across: f32) -> f32 {
    ramp(way, 0.015, 0.10) * ramp(across.abs() / way.max(1e-3), 1.2, 0.5)
}

/// The part of the picture that has a colour in the narrower sense, 0–1.
fn chromatic(m: &Moment) -> f32 {
    (0..COLOURS).filter(|i| Colour::ALL[*i].is_chromatic()).map(|i| f32::from(m.colours[i])).sum::<f32>() / 100.0
}

/// How much a colour with this part of the picture is seen: 0.63 at a seventh, and more with every further bit.
fn share(part: f32) -> f32 {
    1.0 - (-7.0 * part).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_word_fits_what_was_measured_and_its_opposite_does_not() {
        let look = |m: Moment| Look { moment: Some(m), secs: 5.0, ..Look::default() };
        let plain = Moment { bright: MIDDLE_GREY, contrast: 0.14, ..Moment::default() };
        for (m, yes, no) in [
            (Moment { bright: 0.9, ..plain }, Trait::Bright, Trait::Dark),
            (Moment { bright: 0.05, ..plain }, Trait::Dark, Trait::Bright),
            (Moment { pan: (0.5, 0.0), motion: 0.5, ..plain }, Trait::PanLeft, Trait::PanRight),
            (Moment { slow_pan: (-0.1, 0.0), ..plain }, Trait::PanRight, Trait::PanLeft),
            (Moment { slow_pan: (0.0, 0.12), ..plain }, Trait::TiltUp, Trait::TiltDown),
            (Moment { slow_pan: (0.0, -0.12), ..plain }, Trait::Tilt, Trait::Pan),
            (Moment { motion: 0.8, ..plain }, Trait::Fast, Trait::Still),
            (Moment { slow_pan: (0.06, 0.0), ..plain }, Trait::Slow, Trait::Fast),
            (plain, Trait::Still, Trait::Moving),
            (Moment { shake: 0.7, ..plain }, Trait::Shaky, Trait::Steady),
            (Moment { tint: (-0.1, 0.1), ..plain }, Trait::Warm, Trait::Cold),
        ] {
            assert!(yes.fits(&look(m)) > 0.6 && no.fits(&look(m)) == 0.0, "{yes:?} {} {no:?} {}", yes.fits(&look(m)), no.fits(&look(m)));
        }
        let talk = Look { sound: Some((-18.0, 0.8)), ..Look::default() };
        assert!(Trait::Speech.fits(&talk) > 0.9 && Trait::NoSpeech.fits(&talk) < 0.1 && Trait::Silent.fits(&talk) == 0.0);
        assert!(Trait::all().all(|t| t.fits(&Look::default()) == 0.0 || t == Trait::Short), "nothing is known of what nobody looked at");
    }

    #[test]
    fn names_are_all_different() {
        let names: BTreeSet<String> = Trait::all().map(Trait::name).collect();
        assert_eq!(names.len(), Trait::all().count());
        assert!(names.contains("pan-left") && names.contains("blue") && names.contains("close"));
    }
}
