//! The sound of one Matroska or WebM file put into another, packet by packet as it is, by GStreamer's demuxer and muxer. Blocks; any worker
//! thread.

use super::{
    Container, EncodeError,
    branch::{add, link, make, queue},
    part::PartFile,
    table,
};
use crate::media::MediaError;
use gstreamer::{self as gst, prelude::*};
use std::path::Path;

/// Packets that wait for those of the other stream.
const WAITING_BYTES: u32 = 16 << 20;
/// No packet for this long: something hangs.
const LIMIT: gst::ClockTime = gst::ClockTime::from_seconds(120);

/// Writes `to`: the pictures of `film`, which has no sound, and the first sound of `source`.
///
/// # Errors
/// A file cannot be read or written, or the sound's coding has no place in such a file.
pub(super) fn add_sound(film: &Path, source: &Path, to: &Path, container: Container) -> Result<(), MediaError> {
    let part = PartFile::create(to)?;
    let pipeline = gst::Pipeline::new();
    let done = run(&pipeline, film, source, part.part(), container);
    // whatever happened, its threads end before their file is put away
    let _ = pipeline.set_state(gst::State::Null);
    done?;
    part.publish(false)?;
    Ok(())
}

fn run(pipeline: &gst::Pipeline, film: &Path, source: &Path, to: &Path, container: Container) -> Result<(), EncodeError> {
    let (mux, sink) = (make(if container == Container::WebM { "webmmux" } else { "matroskamux" })?, make("filesink")?);
    table::set(&mux, "writing-app", "Montage AI");
    sink.set_property("location", to);
    sink.set_property("sync", false);
    sink.set_property("async", false);
    add(pipeline, &[&mux, &sink])?;
    link(&mux, &sink)?;
    let failed = |what: &str| EncodeError::Failed(format!("the sound cannot be taken over: {what}"));
    for (path, kind) in [(film, "video"), (source, "audio")] {
        let (file, demux, waiting) = (make("filesrc")?, make("matroskademux")?, queue(WAITING_BYTES)?);
        file.set_property("location", path);
        add(pipeline, &[&file, &demux, &waiting])?;
        link(&file, &demux)?;
        let (from, to) = (waiting.static_pad("src"), mux.request_pad_simple(&format!("{kind}_%u")));
        if from.zip(to).is_none_or(|(from, to)| from.link(&to).is_err()) {
            return Err(failed("the muxer takes no such stream"));
        }
        take_first(pipeline, &demux, &waiting, kind);
    }
    let bus = pipeline.bus().ok_or_else(|| failed("there is no bus"))?;
    pipeline.set_state(gst::State::Playing).map_err(|_| failed("nothing starts"))?;
    // a message each second at least while packets flow
    let ended = bus.timed_pop_filtered(LIMIT, &[gst::MessageType::Eos, gst::MessageType::Error]);
    match ended.as_ref().map(|m| m.view()) {
        Some(gst::MessageView::Eos(_)) => Ok(()),
        Some(gst::MessageView::Error(e)) => Err(failed(&e.error().to_string())),
        _ => Err(failed("it took too long")),
    }
}

/// The first stream of a kind goes on to `next`, the others nowhere.
fn take_first(pipeline: &gst::Pipeline, demux: &gst::Element, next: &gst::Element, kind: &'static str) {
    let (pipeline, next) = (pipeline.downgrade(), next.downgrade());
    demux.connect_pad_added(move |_, pad| {
        let (Some(pipeline), Some(next)) = (pipeline.upgrade(), next.upgrade()) else { return };
        if pad.name().starts_with(kind)
            && let Some(to) = next.static_pad("sink").filter(|s| !s.is_linked())
        {
            // what cannot be linked stops the pipeline with an error of its own
            let _ = pad.link(&to);
            return;
        }
        let Ok(nowhere) = gst::ElementFactory::make("fakesink").property("sync", false).property("async", false).build() else { return };
        if pipeline.add(&nowhere).is_ok()
            && let Some(to) = nowhere.static_pad("sink")
        {
            let _ = nowhere.sync_state_with_parent();
            let _ = pad.link(&to);
        }
    });
}
