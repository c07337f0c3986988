//! One segment of a long video: pictures in, coded pictures in a file of their own. A fresh encoder for each, so that the segment is the
//! same whoever makes it and whenever.

use super::{
    Container, EncodeError, VideoSettings,
    available::Chosen,
    branch::{add, encoding, link},
    feed::{Feed, LOOK, STALL_LIMIT},
    format,
    packets::{self, Manifest, PacketWriter},
    part::io_error,
    table,
};
use crate::base::Picture;
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as gst_app;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// An open segment.
pub(super) struct Segment {
    pipeline: gst::Pipeline,
    bus: gst::Bus,
    feed: Feed,
    /// The encoder's thread writes, [`Segment::finish`] takes it away. Held for the time of one write.
    out: Arc<Mutex<Out>>,
    folder: PathBuf,
    number: usize,
    chosen: Chosen,
    times: Vec<u64>,
    end: u64,
    sealed: bool,
}

struct Out {
    writer: Option<PacketWriter>,
    caps: Option<String>,
    failed: Option<std::io::Error>,
}

impl Out {
    fn take(&mut self, sample: &gst::Sample) {
        if self.failed.is_some() {
            return;
        }
        if self.caps.is_none() {
            self.caps = sample.caps().map(|c| c.to_string());
        }
        let (Some(buffer), Some(writer)) = (sample.buffer(), &mut self.writer) else { return };
        let pts = buffer.pts().map_or(0, gst::ClockTime::nseconds);
        let key = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
        let written = match buffer.map_readable() {
            Ok(map) => writer.write(pts, key, &map),
            Err(e) => Err(std::io::Error::other(e)),
        };
        self.failed = written.err();
    }
}

fn lock(out: &Mutex<Out>) -> std::sync::MutexGuard<'_, Out> {
    out.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Segment {
    pub fn create(folder: &Path, number: usize, v: &VideoSettings, container: Container, chosen: Chosen) -> Result<Self, EncodeError> {
        let (path, manifest) = packets::names(folder, number);
        // what is made anew does not count until it is finished anew
        let _ = std::fs::remove_file(manifest);
        let writer = PacketWriter::create(&path).map_err(|e| io_error(&path, &e))?;
        let out = Arc::new(Mutex::new(Out { writer: Some(writer), caps: None, failed: None }));
        let sink = gst_app::AppSink::builder().sync(false).build();
        sink.set_caps(wanted_caps(container, v).as_ref());
        let taker = out.clone();
        let callbacks = gst_app::AppSinkCallbacks::builder().new_sample(move |sink| {
            let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let mut out = lock(&taker);
            out.take(&sample);
            if out.failed.is_some() { Err(gst::FlowError::Error) } else { Ok(gst::FlowSuccess::Ok) }
        });
        sink.set_callbacks(callbacks.build());
        let pipeline = gst::Pipeline::new();
        let (feed, last) = encoding(&pipeline, v, &chosen)?;
        add(&pipeline, &[sink.upcast_ref()])?;
        link(&last, sink.upcast_ref())?;
        let bus = pipeline.bus().ok_or_else(|| EncodeError::Failed("the pipeline has no bus".into()))?;
        let segment =
            Self { pipeline, bus, feed, out, folder: folder.to_owned(), number, chosen, times: Vec::new(), end: 0, sealed: false };
        if segment.pipeline.set_state(gst::State::Playing).is_err() {
            return Err(segment.failed().unwrap_or_else(|| EncodeError::Failed("the encoder could not be started".into())));
        }
        Ok(segment)
    }

    pub fn frames(&self) -> u64 {
        self.times.len() as u64
    }

    /// Bytes that the coded pictures take so far.
    pub fn bytes(&self) -> u64 {
        lock(&self.out).writer.as_ref().map_or(0, |w| w.bytes)
    }

    fn failed(&self) -> Option<EncodeError> {
        if let Some(e) = &lock(&self.out).failed {
            return Some(io_error(&packets::names(&self.folder, self.number).0, e));
        }
        let m = self.bus.pop_filtered(&[gst::MessageType::Error])?;
        let gst::MessageView::Error(e) = m.view() else { return None };
        Some(EncodeError::Failed(e.error().to_string()))
    }

    /// A picture that is shown from `start` to `end`, in nanoseconds from the first picture of all.
    pub fn push(&mut self, picture: &Picture, start: u64, end: u64) -> Result<(), EncodeError> {
        if let Some(e) = self.failed() {
            return Err(e);
        }
        let mut buffer = format::buffer(picture)?;
        if let Some(b) = buffer.get_mut() {
            b.set_pts(gst::ClockTime::from_nseconds(start));
            // av1enc moves a picture that starts at its predecessor's very end on by 1 ns, and adds this up
            b.set_duration(gst::ClockTime::from_nseconds(end.saturating_sub(start).saturating_sub(1)));
        }
        self.feed.push(buffer, true, &|| self.failed())?;
        self.times.push(start);
        self.end = end;
        Ok(())
    }

    /// Codes what is still waiting, puts the segment on the disk and makes it count. Blocks. `for_good`: waits until it would outlast a
    /// failing machine; a killed program it outlasts either way.
    pub fn finish(mut self, for_good: bool) -> Result<Manifest, EncodeError> {
        self.feed.end();
        let mut since = (0, Instant::now());
        loop {
            let wait = gst::ClockTime::from_mseconds(4 * LOOK.as_millis() as u64);
            let m = self.bus.timed_pop_filtered(wait, &[gst::MessageType::Eos, gst::MessageType::Error]);
            match m.as_ref().map(|m| m.view()) {
                Some(gst::MessageView::Eos(_)) => break,
                Some(gst::MessageView::Error(e)) => {
                    let words = e.error().to_string();
                    return Err(self.failed().unwrap_or(EncodeError::Failed(words)));
                }
                _ => {}
            }
            let count = lock(&self.out).writer.as_ref().map_or(0, |w| w.count);
            if count != since.0 {
                since = (count, Instant::now());
            } else if since.1.elapsed() > STALL_LIMIT {
                return Err(EncodeError::Stalled(STALL_LIMIT.as_secs()));
            }
        }
        if let Some(e) = self.failed() {
            return Err(e);
        }
        let (writer, caps) = {
            let mut out = lock(&self.out);
            (out.writer.take(), out.caps.take())
        };
        let path = packets::names(&self.folder, self.number).0;
        let (Some(writer), Some(caps)) = (writer, caps) else { return Err(EncodeError::Failed("nothing came out of the encoder".into())) };
        let (count, wanted) = (writer.count, self.times.len());
        if count != wanted {
            return Err(EncodeError::Failed(format!("{count} coded pictures for {wanted} came out of the encoder")));
        }
        let (bytes, hash) = writer.finish(for_good).map_err(|e| io_error(&path, &e))?;
        let manifest = Manifest {
            caps,
            encoder: self.chosen.element.factory.to_owned(),
            hardware: self.chosen.element.hardware,
            times: std::mem::take(&mut self.times),
            end: self.end,
            bytes,
            hash,
        };
        packets::seal(&self.folder, self.number, &manifest, for_good).map_err(|e| io_error(&path, &e))?;
        self.sealed = true;
        Ok(manifest)
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
        if !self.sealed {
            // it would only take room: the next run makes it anew
            let _ = std::fs::remove_file(packets::names(&self.folder, self.number).0);
        }
    }
}

/// What the container's muxer takes of this codec: the encoder's parser shapes the packets to it.
fn wanted_caps(container: Container, v: &VideoSettings) -> Option<gst::Caps> {
    let media = match v.codec {
        super::VideoCodec::H264 => "video/x-h264",
        super::VideoCodec::Hevc => "video/x-h265",
        super::VideoCodec::Av1 => "video/x-av1",
        super::VideoCodec::Vp9 => "video/x-vp9",
        // nothing to choose between
        super::VideoCodec::ProRes | super::VideoCodec::Mjpeg | super::VideoCodec::Png => return None,
    };
    let factory = gst::ElementFactory::find(table::muxer(container)?.0)?;
    let templates = factory.static_pad_templates();
    let fitting = templates.iter().filter(|t| t.direction() == gst::PadDirection::Sink).map(|t| t.caps());
    let mut all = gst::Caps::new_empty();
    for caps in fitting {
        let structures = caps.iter().filter(|s| s.name() == media).map(|s| s.to_owned());
        all.get_mut()?.append(gst::Caps::from_iter(structures));
    }
    (!all.is_empty()).then_some(all)
}
