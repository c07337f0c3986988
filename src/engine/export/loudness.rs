//! How loud a film is, after EBU R128 (ITU-R BS.1770-4), and by how much its sound is to be changed to be as loud as others are.
//!
//! Blocks for as long as decoding and mixing all of the sound takes. The mix is the one that an export to AAC writes, limiter included.

use super::{ExportError, footage::Files, footage::Footage, sound};
use crate::{
    base::MIX_RATE,
    engine::master::Master,
    media::MediaError,
    model::{Project, TrackKind},
    plan::sample_of_frame,
};
use crossbeam::channel::bounded;
use ebur128::{EbuR128, Mode};
use std::{sync::Arc, thread};

/// How loud films on the net are, in LUFS.
pub const TARGET_LUFS: f64 = -14.0;
/// Near enough, in LU.
const NEAR: f64 = 0.1;
/// Quieter is taken for silence, which is not to be made loud.
const SILENCE_LUFS: f64 = -60.0;
/// The sound is measured so much lower, in dB, that the limiter has nothing to do.
const HEADROOM_DB: f64 = 24.0;
/// The limiter may take so much from the loudest peak, in dB; a film with higher ones stays quieter.
const MOST_LIMITED_DB: f64 = 9.0;
/// What the limiter takes is made good in so many steps.
const STEPS: usize = 3;
/// Mixed blocks that wait to be measured, half a second each.
const WAITING: usize = 4;

/// A film's sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// Integrated; −∞ for silence.
    pub lufs: f64,
    /// Highest sample, in dB of full scale.
    pub peak_db: f64,
}

/// Measure the sound of the open sequence. `cancel` is asked twice for each second of sound.
///
/// # Errors
/// A file's sound cannot be read, or it was cancelled.
pub fn loudness(project: &Project, cancel: &dyn Fn() -> bool) -> Result<Loudness, ExportError> {
    measure(project, &Files { proxies: false }, cancel)
}

/// By how many dB all of the sound is to be changed to come out at [`TARGET_LUFS`], and how loud it then is. None where there is
/// nothing to be heard.
///
/// # Errors
/// As [`loudness`].
pub fn gain_to_target(project: &Project, cancel: &dyn Fn() -> bool) -> Result<Option<(f32, Loudness)>, ExportError> {
    gain(project, &Files { proxies: false }, cancel)
}

/// All of the sound so much louder, by its tracks.
pub fn louder(project: &Project, gain_db: f32) -> Project {
    let mut project = project.clone();
    let sequence = Arc::make_mut(&mut project.sequence);
    for track in sequence.tracks.iter_mut().filter(|t| t.kind == TrackKind::Audio && !t.clips.is_empty()) {
        Arc::make_mut(track).gain_db += gain_db;
    }
    project
}

fn gain(project: &Project, footage: &dyn Footage, cancel: &dyn Fn() -> bool) -> Result<Option<(f32, Loudness)>, ExportError> {
    let low = measure(&louder(project, -HEADROOM_DB as f32), footage, cancel)?;
    let (plain, peak) = (low.lufs + HEADROOM_DB, low.peak_db + HEADROOM_DB);
    if !plain.is_finite() || plain < SILENCE_LUFS {
        return Ok(None);
    }
    let most = MOST_LIMITED_DB - peak;
    let mut gain = (TARGET_LUFS - plain).min(most);
    let mut now = Loudness { lufs: plain + gain, peak_db: peak + gain };
    // below the ceiling nothing but the gain changes; above it the limiter takes of the loudness what has to be made good
    let steps = if now.peak_db > 20.0 * f64::from(Master::LOSSY).log10() { STEPS } else { 0 };
    for step in 1..=steps {
        now = measure(&louder(project, gain as f32), footage, cancel)?;
        let missing = TARGET_LUFS - now.lufs;
        let next = (gain + missing).min(most);
        if missing.abs() <= NEAR || (next - gain).abs() < 0.01 || step == steps {
            break;
        }
        gain = next;
    }
    // hundredths, so that a project reads well
    Ok(Some(((gain * 100.0).round() as f32 / 100.0, now)))
}

fn measure(project: &Project, footage: &dyn Footage, cancel: &dyn Fn() -> bool) -> Result<Loudness, ExportError> {
    let rate = project.sequence.frame_rate;
    let samples = sample_of_frame(0, rate)..sample_of_frame(project.sequence.duration(), rate);
    let silent = Loudness { lufs: f64::NEG_INFINITY, peak_db: f64::NEG_INFINITY };
    // two channels at a usual rate: it cannot be refused
    let Ok(mut meter) = EbuR128::new(2, MIX_RATE, Mode::I | Mode::SAMPLE_PEAK) else { return Ok(silent) };
    let (send, blocks) = bounded::<Vec<f32>>(WAITING);
    thread::scope(|scope| {
        let mixing = scope.spawn(move || sound::run(project, footage, samples, Master::LOSSY, &send));
        while let Ok(block) = blocks.recv() {
            if cancel() {
                // nobody listens any more: the mixing ends
                drop(blocks);
                let _ = mixing.join();
                return Err(MediaError::Cancelled.into());
            }
            let _ = meter.add_frames_f32(&block);
        }
        mixing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    let peak = [0, 1].into_iter().filter_map(|c| meter.sample_peak(c).ok()).fold(0.0, f64::max);
    Ok(Loudness { lufs: meter.loudness_global().unwrap_or(f64::NEG_INFINITY), peak_db: 20.0 * peak.log10() })
}

#[cfg(test)]
mod tests {
    use super::{super::footage::Pictures, *};
    use crate::{
        base::{ClipId, FrameRate, MediaId, Time},
        engine::sound::Sounds,
        model::{Clip, ClipContent, Media, Rendition, Sequence, Speed, fixture::song},
    };

    /// A tone of 997 Hz in both channels, after so many samples beats of a hundredth of a second, so much louder.
    #[derive(Clone, Copy)]
    struct Tone {
        level: f32,
        beats: Option<(i64, f32)>,
    }

    impl Sounds for Tone {
        fn read(&mut self, start: i64, out: &mut [f32]) -> Result<(), MediaError> {
            for (i, pair) in out.chunks_exact_mut(2).enumerate() {
                let n = start + i as i64;
                let louder = self.beats.filter(|(every, _)| n.rem_euclid(*every) < 480).map_or(1.0, |b| b.1);
                pair.fill(self.level * louder * (std::f32::consts::TAU * 997.0 * n as f32 / 48_000.0).sin());
            }
            Ok(())
        }
    }

    impl Footage for Tone {
        fn pictures(&self, media: &Media, _: Rendition) -> Result<Box<dyn Pictures>, MediaError> {
            Err(MediaError::NoVideo(media.file.path.clone()))
        }
        fn sounds(&self, _: &Media) -> Result<Box<dyn Sounds>, MediaError> {
            Ok(Box::new(*self))
        }
    }

    fn film(secs: i64) -> Project {
        let mut p = Project::new("loud", Sequence::new(64, 48, FrameRate::FPS_25));
        p.media.insert(MediaId(10), Arc::new(song("tone", secs)));
        let content = ClipContent::Media { media: MediaId(10), source_in: Time::ZERO, speed: Speed::NORMAL };
        let s = Arc::make_mut(&mut p.sequence);
        Arc::make_mut(&mut s.tracks[1]).clips = vec![Arc::new(Clip::new(ClipId(20), 0, secs * 25, content))];
        p
    }

    #[test]
    fn a_tone_is_as_loud_as_the_norm_says_and_the_gain_is_what_is_missing() {
        // BS.1770: a sine of 997 Hz at full scale in one channel is −3.01 LUFS, in two 0
        let tone = Tone { level: 0.05, beats: None };
        let measured = measure(&film(6), &tone, &|| false).unwrap();
        assert!((measured.lufs + 26.02).abs() < 0.1 && (measured.peak_db + 26.02).abs() < 0.05, "{measured:?}");
        let (gain, then) = super::gain(&film(6), &tone, &|| false).unwrap().unwrap();
        assert!((f64::from(gain) - 12.02).abs() < 0.1 && (then.lufs + 14.0).abs() < 0.1, "{gain} {then:?}");
        let after = measure(&louder(&film(6), gain), &tone, &|| false).unwrap();
        assert!((after.lufs + 14.0).abs() < 0.1, "{after:?}");
    }

    #[test]
    fn beats_that_would_clip_are_limited_and_the_rest_is_as_loud_as_wanted() {
        let tone = Tone { level: 0.06, beats: Some((24_000, 7.0)) };
        let (gain, then) = super::gain(&film(6), &tone, &|| false).unwrap().unwrap();
        let after = measure(&louder(&film(6), gain), &tone, &|| false).unwrap();
        assert!((after.lufs + 14.0).abs() < 0.5 && after.peak_db <= 0.0, "{gain} {then:?} {after:?}");
        // a quiet film with single loud beats is not pressed flat for it
        let tone = Tone { level: 0.001, beats: Some((48_000, 900.0)) };
        let (gain, _) = super::gain(&film(6), &tone, &|| false).unwrap().unwrap();
        assert!(f64::from(gain) <= MOST_LIMITED_DB + 1.0, "{gain}");
    }

    #[test]
    fn silence_stays_silent_and_a_stop_is_heard() {
        assert!(super::gain(&film(3), &Tone { level: 0.0, beats: None }, &|| false).unwrap().is_none());
        let stopped = measure(&film(3), &Tone { level: 0.1, beats: None }, &|| true);
        assert!(matches!(stopped, Err(ExportError::Media(MediaError::Cancelled))));
    }
}
