//! FCPXML 1.9 to 1.13: Final Cut Pro's and Resolve's XML. One magnetic storyline, everything else connected to it.

mod clips;
mod format;
mod nests;
mod parts;
mod read;
mod resources;
mod sort;
mod times;
mod write;

pub(super) use read::read;
pub(super) use write::write;

/// Name and identity of the effects that we name, as Final Cut Pro writes them (its own files).
const DISSOLVE: (&str, &str) = ("Cross Dissolve", "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265");
const AUDIO_CROSSFADE: (&str, &str) = ("Audio Crossfade", "FFAudioTransition");
/// Reported (ReCut): not seen in a file of Final Cut Pro.
const FADE_TO_COLOR: (&str, &str) = ("Fade To Color", "FxPlug:F779C565-486D-4633-8035-0374B4DB8F5C");
const BASIC_TITLE: (&str, &str) = ("Basic Title", ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti");

/// What audio roles of ours begin with; the number of the track follows.
const OUR_ROLE: &str = "dialogue.Audio ";
