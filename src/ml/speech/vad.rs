//! Who finds out where somebody speaks: Silero's network, which whisper.cpp runs.

use super::{Rule, SpeechError, can_compute, log, stretches};
use crate::ml::models::{self, SILERO};
use std::{fmt, ops::Range, path::Path};
use whisper_rs::{WhisperVadContext, WhisperVadContextParams};

/// Samples that the network takes at a time (v6, 16 kHz).
const WINDOW: usize = 512;
/// Windows of one call: 30 s, after which it can be stopped.
const BLOCK: usize = 938;
/// Windows before a block that are heard again: the network remembers, and a call begins without memory. 2 s.
const BEFORE: usize = 63;

/// Finds speech in sound.
pub struct Vad {
    context: WhisperVadContext,
}

impl fmt::Debug for Vad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vad")
    }
}

impl Vad {
    /// The network of a file. Only the official file is taken: whisper.cpp trusts what it reads.
    ///
    /// # Errors
    /// The file cannot be read or is another one, or the processor is too old.
    pub fn load(path: &Path) -> Result<Self, SpeechError> {
        can_compute()?;
        let wrong = |reason: String| SpeechError::Model { path: path.to_owned(), reason };
        let sum = models::sum_of(path).map_err(|e| wrong(e.to_string()))?;
        if sum != SILERO.sha256 {
            return Err(wrong(format!("it is not {}", SILERO.file)));
        }
        log::route();
        let name = path.to_str().ok_or_else(|| wrong("its path is no text".into()))?;
        let mut params = WhisperVadContextParams::new();
        // a window is computed in a fraction of a millisecond: more threads wait for each other
        params.set_n_threads(1);
        let context = WhisperVadContext::new(name, params).map_err(|_| wrong("it cannot be used".into()))?;
        Ok(Self { context })
    }

    /// Where somebody speaks, in samples at [`super::RATE`].
    ///
    /// # Errors
    /// The network failed, or it was stopped.
    pub fn find(&mut self, samples: &[f32], rule: &Rule, stop: &dyn Fn() -> bool) -> Result<Vec<Range<usize>>, SpeechError> {
        let likely = self.likely(samples, stop)?;
        Ok(stretches(&likely, WINDOW, samples.len(), rule))
    }

    /// How likely it is that somebody speaks, 0–1, each 32 ms.
    fn likely(&mut self, samples: &[f32], stop: &dyn Fn() -> bool) -> Result<Vec<f32>, SpeechError> {
        let windows = samples.len().div_ceil(WINDOW);
        let mut all = Vec::with_capacity(windows);
        for first in (0..windows).step_by(BLOCK) {
            if stop() {
                return Err(SpeechError::Cancelled);
            }
            let before = first.min(BEFORE);
            let part = &samples[(first - before) * WINDOW..((first + BLOCK) * WINDOW).min(samples.len())];
            self.context.detect_speech(part).map_err(|_| SpeechError::Engine("the search for speech failed".into()))?;
            all.extend_from_slice(self.context.probabilities().get(before..).unwrap_or_default());
        }
        Ok(all)
    }
}
