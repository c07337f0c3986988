//! The automatic montage: looks at footage and music, asks `assist` for a plan, and makes a project of it; chooses single shots anew.
//!
//! [`make`] and [`reroll`] block for as long as looking takes; files that were looked at before come from the cache. A file that cannot
//! be read is left out and named in the decisions. What a window's session does with the results is in `window.rs`.

mod ask;
mod content;
mod llm;
mod look;
mod notes;
mod plan;
mod reroll;
mod window;

pub use crate::assist::{
    Style,
    profile::{RATES, SHORT_SIDE},
    style::DEFAULT_STYLE,
    words::{reason, style as style_words},
};
pub use crate::base::counting::{self, Counting};
pub use llm::{Assistant, DEFAULT_MODEL, DEFAULT_URL, has_key};
pub use notes::{Note, notes};
pub use reroll::{Reroll, Rerolled, Shown, reroll};
pub(super) use window::Montages;
pub use window::{Ask, MontageWish};

use crate::{
    assist,
    base::{FrameRate, Trouble, UserError, words::say},
    model::Project,
    store::Dirs,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;

/// Parts of the work that looking, and setting the loudness, are.
const LOOKING: f32 = 0.85;
const PLANNED: f32 = 0.9;

/// What is to be made of what.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    pub media: Vec<PathBuf>,
    pub music: Option<PathBuf>,
    pub style: Option<String>,
    pub prompt: String,
    pub duration_secs: Option<f64>,
    /// Point of the music at which the film begins.
    pub music_start_secs: f64,
    pub seed: u64,
    /// Width to height; as most of the footage has it unless given.
    pub aspect: Option<(u32, u32)>,
    /// Pixels of the shorter side, within [`SHORT_SIDE`]; as most of the footage unless given.
    pub short_side: Option<u32>,
    /// Within [`RATES`]; as most of the footage unless given.
    pub frame_rate: Option<FrameRate>,
    pub counting: Counting,
    /// The language model that is asked what the prompt means.
    pub assistant: Option<Assistant>,
    /// What one has said before; it is not asked again then.
    pub record: String,
    /// The cache that remembers what was looked at; None: this user's.
    #[serde(skip)]
    pub cache: Option<PathBuf>,
}

/// A montage.
pub struct Made {
    pub project: Project,
    pub style: String,
    /// Times of the cuts, in seconds.
    pub cuts: Vec<f64>,
    /// What was understood, left out and forced, and why each shot is where it is.
    pub decisions: Value,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum MontageError {
    #[error("stopped")]
    Stopped,
    #[error("{}", .0.text)]
    Failed(Trouble),
}

impl From<Trouble> for MontageError {
    fn from(t: Trouble) -> Self {
        Self::Failed(t)
    }
}

impl UserError for MontageError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Stopped => None,
            Self::Failed(t) => t.hint.clone(),
        }
    }
}

/// All styles: those that come with the program, then the user's own, which may take the place of one of the same name. Also what is
/// wrong with files that could not be taken.
pub fn styles() -> (Vec<Style>, Vec<String>) {
    let mut styles = assist::builtin();
    let mut wrong = Vec::new();
    let folder = style_folder();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "ron"));
    files.sort();
    for file in files {
        let read = std::fs::read_to_string(&file).map_err(|e| e.to_string()).and_then(|t| Style::parse(&t).map_err(|e| e.to_string()));
        match read {
            Ok(style) => match styles.iter_mut().find(|s| s.name == style.name) {
                Some(there) => *there = style,
                None => styles.push(style),
            },
            Err(e) => wrong.push(format!("{e}: {}", file.display())),
        }
    }
    (styles, wrong)
}

/// Where a user's own styles lie, as .ron files.
pub fn style_folder() -> PathBuf {
    Dirs::find().config.join("styles")
}

/// What the rules make of a sentence: the style, and what was understood, line by line. For a dialog; touches nothing.
pub fn understood(style: Option<&str>, prompt: &str, styles: &[Style]) -> (String, Vec<String>) {
    assist::direct(style, prompt, styles).map_or_else(|e| (String::new(), vec![e.0]), |b| (b.style.name, b.understood))
}

/// Make a montage. `cancel` is asked several times a second; `progress` gets the part done and what is being done.
///
/// # Errors
/// No style of that name, no footage that can be read, music that cannot, or it was stopped.
pub fn make(wish: &Wish, cancel: &(dyn Fn() -> bool + Sync), progress: &mut dyn FnMut(f32, &str)) -> Result<Made, MontageError> {
    let (styles, wrong) = styles();
    let mut told = ask::brief(wish, &styles, cancel)?;
    progress(0.01, &say!("assist-step-listening").text());
    let music = wish.music.as_deref().map(|path| look::hear(path, wish, cancel)).transpose()?;
    let (looked, skipped) = look::look(wish, cancel, &mut |part| progress(LOOKING * part, &say!("assist-step-looking").text()))?;
    if looked.is_empty() {
        let why = skipped.first().cloned().unwrap_or_else(|| say!("assist-nothing-given").text());
        return Err(say!("assist-nothing-to-cut", why = why).trouble().into());
    }
    told.notes.extend(wrong.into_iter().map(|why| Note::StyleRefused { why }));
    progress(LOOKING, &say!("assist-step-planning").text());
    let mut made = plan::plan(wish, told, music, looked, skipped)?;
    progress(PLANNED, &say!("assist-step-loudness").text());
    plan::level(&mut made, cancel)?;
    Ok(made)
}
