//! An export that can go on after an interruption: first the pictures, in parts that stay as they are finished, then the sound with
//! the joined parts. Sound is quick to mix and is always made anew.

use super::{CaptionsTo, Drawn, ExportError, Inputs, Work};
use crate::{
    engine::progress::Teller,
    gpu::Renderer,
    media::{
        encode::{EncodeReport, Joiner, SegmentedEncoder},
        quick_stamp,
    },
    model::Project,
};
use std::{fmt::Write, ops::Range, path::Path, sync::atomic::Ordering};

/// What the parts depend on beside what names their folder: the frames, who draws them, the files as they are now, and clips that cannot be
/// steadied yet.
pub(super) fn recipe(project: &Project, captions: CaptionsTo, range: &Range<i64>, renderer: &str, unsteadied: &[String]) -> String {
    let mut text = format!("export {range:?} drawn by {renderer}");
    if captions != CaptionsTo::Project {
        let _ = write!(text, "\ncaptions: {captions:?}");
    }
    if !unsteadied.is_empty() {
        let _ = write!(text, "\nnot steadied: {unsteadied:?}");
    }
    for media in project.media.values() {
        let _ = write!(text, "\n{} {:?}", media.file.path.display(), quick_stamp(&media.file.path).ok());
    }
    text
}

pub(super) fn run(
    work: &Work<'_>,
    encoder: SegmentedEncoder,
    output: &Path,
    renderer: &mut dyn Renderer,
    range: &Range<i64>,
    teller: &mut Teller<'_>,
) -> Result<(EncodeReport, Drawn), ExportError> {
    let finished = i64::try_from(encoder.finished_frames()).unwrap_or(i64::MAX);
    let rest = range.start.saturating_add(finished).min(range.end)..range.end;
    let format = encoder.video_format();
    teller.resume(rest.start - range.start);
    let pictures = if rest.is_empty() { None } else { Some((renderer, rest.clone(), format)) };
    let (joiner, drawn) = work.pass(pictures, false, |ins| {
        let first = range.start;
        encode(encoder, &ins, rest, output, &mut |frame| teller.tell(frame + 1 - first))
    })?;
    let (report, _) = work.pass(None, true, |ins| join(joiner, &ins, work, range))?;
    Ok((report, drawn))
}

fn encode(
    mut encoder: SegmentedEncoder,
    ins: &Inputs<'_>,
    rest: Range<i64>,
    output: &Path,
    done: &mut dyn FnMut(i64),
) -> Result<Joiner, ExportError> {
    if let Some(frames) = &ins.frames {
        for frame in rest {
            let picture = ins.next(frames, "the pictures ended early")?;
            let _span = tracing::debug_span!("encode", frame).entered();
            encoder.push(&picture)?;
            done(frame);
        }
    }
    Ok(encoder.join(output)?)
}

fn join(mut joiner: Joiner, ins: &Inputs<'_>, work: &Work<'_>, range: &Range<i64>) -> Result<EncodeReport, ExportError> {
    let mut pushed = 0;
    for frame in range.clone() {
        if let Some(mixed) = &ins.mixed {
            while pushed < work.sample(frame + 1) {
                let block = ins.next(mixed, "the sound ended early")?;
                pushed += block.len() as u64 / 2;
                joiner.push_audio(&block)?;
            }
        }
        if ins.cancel.load(Ordering::Relaxed) {
            return Err(ExportError::Cancelled);
        }
        if !joiner.push_picture()? {
            return Err(ExportError::Stopped("a finished part of the video is gone"));
        }
    }
    Ok(joiner.finish()?)
}
