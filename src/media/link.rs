//! Puts the elements of a [`super::chain::Chain`] together: the fixed part before the demuxer at once, the decoder and
//! what follows when the demuxer shows its streams, which happens on the pipeline's own thread. Reports over a channel.

use super::{
    MediaError,
    chain::{Output, Spec},
    format, registry,
};
use crossbeam::channel::Sender;
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// What the linking code has to tell the chain's owner.
pub(super) enum Report {
    /// The wanted stream is joined to the sink.
    Linked(Joined),
    NoStream,
    NoDecoder(gst::Caps),
    Broken {
        reason: String,
        more: bool,
    },
}

/// A stream on its way to the sink.
pub(super) struct Joined {
    /// Caps as the demuxer gives them.
    pub stream: gst::Caps,
    pub decoder: Option<gst::Element>,
    /// A further decoder is left to try.
    pub more: bool,
    /// Where the chain is to start elsewhere than at the beginning: true once packets flow, and a seek may be made. The decoder
    /// gets nothing before that.
    pub flowing: Option<Arc<AtomicBool>>,
}

/// A pipeline in state Null, ready to start, and its sink.
///
/// # Errors
/// An element is missing.
pub(super) fn build(spec: &Spec, attempt: usize, reports: Sender<Report>) -> Result<(gst::Pipeline, gst_app::AppSink), MediaError> {
    let path: &Path = &spec.path;
    let pipeline = gst::Pipeline::new();
    if let Some(bus) = pipeline.bus() {
        // nobody reads the rest, and a long life would pile it up
        bus.set_sync_handler(|_, m| if m.type_() == gst::MessageType::Error { gst::BusSyncReply::Pass } else { gst::BusSyncReply::Drop });
    }
    let source = registry::make("filesrc", path)?;
    source.set_property("location", path);
    let mut front = vec![source];
    for name in spec.container.demuxers().unwrap_or_default() {
        front.push(registry::make(name, path)?);
    }
    let (tail, sink) = tail(spec)?;
    let broken = |_| MediaError::Init("elements do not go together".into());
    pipeline.add_many(front.iter().chain(&tail)).map_err(broken)?;
    gst::Element::link_many(&tail).map_err(broken)?;

    let linker = Arc::new(Linker {
        pipeline: pipeline.downgrade(),
        entry: tail[0].downgrade(),
        spec: spec.clone(),
        attempt,
        done: AtomicBool::new(false),
        reports,
    });
    // elements with a source pad from the start are joined now; those that grow pads are joined when they do
    for (i, element) in front.iter().enumerate() {
        let next = front.get(i + 1).cloned();
        match (element.static_pad("src"), next) {
            (Some(_), Some(next)) => element.link(&next).map_err(broken)?,
            (Some(pad), None) => linker.clone().offer(&pad),
            (None, Some(next)) => {
                element.connect_pad_added(move |_, pad| {
                    if let Some(target) = next.static_pad("sink").filter(|t| !t.is_linked()) {
                        // a failure shows as "not linked" on the bus
                        let _ = pad.link(&target);
                    }
                });
            }
            (None, None) => {
                let (on_pad, on_end) = (linker.clone(), linker.clone());
                element.connect_pad_added(move |_, pad| on_pad.clone().offer(pad));
                element.connect_no_more_pads(move |_| {
                    if !on_end.done.load(Ordering::SeqCst) {
                        on_end.tell(Report::NoStream);
                    }
                });
            }
        }
    }
    Ok((pipeline, sink))
}

/// What follows the decoder, first element first.
fn tail(spec: &Spec) -> Result<(Vec<gst::Element>, gst_app::AppSink), MediaError> {
    let path: &Path = &spec.path;
    let (converters, caps, queue): (&[&str], gst::Caps, u32) = match spec.output {
        // a scrubbing reader (one thread) that decodes ahead decodes for nothing: the next request is elsewhere
        Output::Native => (&["videoconvert"], format::accepted_caps(), if spec.max_threads == 1 { 1 } else { 2 }),
        Output::Rgba { width, height } => {
            let caps = gst_video::VideoCapsBuilder::new()
                .format(gst_video::VideoFormat::Rgba)
                .width(width as i32)
                .height(height as i32)
                .pixel_aspect_ratio(gst::Fraction::new(1, 1));
            (&["videoconvertscale"], caps.build(), 1)
        }
        Output::Sound => {
            let caps = gst::Caps::builder("audio/x-raw")
                .field("format", "F32LE")
                .field("rate", crate::base::MIX_RATE as i32)
                .field("channels", 2i32)
                .field("layout", "interleaved");
            (&["audioconvert", "audioresample"], caps.build(), 8)
        }
        Output::Packets { .. } => (&[], gst::Caps::new_any(), 64),
    };
    let sink = gst_app::AppSink::builder().caps(&caps).sync(false).max_buffers(queue).drop(false).enable_last_sample(false).build();
    accept_padded_strides(&sink);
    let mut tail = Vec::new();
    for name in converters {
        let element = registry::make(name, path)?;
        if element.has_property("add-borders") {
            // the caps already have the right proportions; borders would only hide a rounded pixel
            element.set_property("add-borders", false);
        }
        tail.push(element);
    }
    tail.push(sink.clone().upcast());
    Ok((tail, sink))
}

/// Tells decoders that rows may be padded, so that they hand out their own buffers and copy nothing.
fn accept_padded_strides(sink: &gst_app::AppSink) {
    let Some(pad) = sink.static_pad("sink") else { return };
    pad.add_probe(gst::PadProbeType::QUERY_DOWNSTREAM, |_, info| {
        if let Some(gst::QueryViewMut::Allocation(query)) = info.query_mut().map(|q| q.view_mut()) {
            query.add_allocation_meta::<gst_video::VideoMeta>(None);
            return gst::PadProbeReturn::Handled;
        }
        gst::PadProbeReturn::Ok
    });
}

/// Joins the first fitting stream to the tail. Runs on the pipeline's thread.
struct Linker {
    pipeline: gst::glib::WeakRef<gst::Pipeline>,
    entry: gst::glib::WeakRef<gst::Element>,
    spec: Spec,
    /// How many decoders to pass over because they failed before.
    attempt: usize,
    done: AtomicBool,
    reports: Sender<Report>,
}

impl Linker {
    fn tell(&self, report: Report) {
        // the owner may have given up; then nobody listens
        let _ = self.reports.send(report);
    }

    /// Look at a pad now, or as soon as its caps are known.
    fn offer(self: Arc<Self>, pad: &gst::Pad) {
        if let Some(caps) = pad.current_caps() {
            return self.consider(pad, &caps);
        }
        pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, move |pad, info| match info.event().map(|e| e.view()) {
            Some(gst::EventView::Caps(event)) => {
                self.consider(pad, &event.caps_owned());
                gst::PadProbeReturn::Remove
            }
            _ => gst::PadProbeReturn::Ok,
        });
    }

    fn consider(&self, pad: &gst::Pad, caps: &gst::Caps) {
        if !self.wanted(caps) || self.done.swap(true, Ordering::SeqCst) {
            return;
        }
        match self.join(pad, caps) {
            Ok(joined) => self.tell(Report::Linked(joined)),
            Err(report) => self.tell(report),
        }
    }

    fn wanted(&self, caps: &gst::Caps) -> bool {
        let Some(name) = caps.structure(0).map(|s| s.name()) else { return false };
        if self.spec.output.is_sound() { name.starts_with("audio/") } else { name.starts_with("video/") || name.starts_with("image/") }
    }

    fn join(&self, pad: &gst::Pad, caps: &gst::Caps) -> Result<Joined, Report> {
        let broken = |more| move |reason: &str| Report::Broken { reason: reason.into(), more };
        let (Some(pipeline), Some(entry)) = (self.pipeline.upgrade(), self.entry.upgrade()) else {
            return Err(broken(false)("the pipeline is gone"));
        };
        let is_raw = caps.structure(0).is_some_and(|s| s.name().ends_with("/x-raw"));
        let (mut elements, mut more) = (Vec::new(), false);
        if !is_raw && !matches!(self.spec.output, Output::Packets { .. }) {
            let mut routes = registry::routes(caps, self.spec.preference).into_iter().skip(self.attempt);
            let Some(route) = routes.next() else { return Err(Report::NoDecoder(caps.clone())) };
            more = routes.next().is_some();
            for factory in route.parser.iter().chain([&route.decoder]) {
                elements.push(factory.create().build().map_err(|_| broken(more)("a decoder could not be made"))?);
            }
        }
        let fail = broken(more);
        let decoder = elements.last().cloned();
        if let Some(d) = &decoder
            && self.spec.max_threads > 0
        {
            set_threads(d, self.spec.max_threads);
        }
        pipeline.add_many(&elements).map_err(|_| fail("the decoder could not be added"))?;
        let target = elements.first().unwrap_or(&entry).static_pad("sink");
        elements.push(entry);
        gst::Element::link_many(&elements).map_err(|_| fail("the decoder's format is not understood"))?;
        for element in elements.iter().rev() {
            element.sync_state_with_parent().map_err(|_| fail("the decoder did not start"))?;
        }
        let target = target.ok_or_else(|| fail("the decoder has no input"))?;
        if matches!(self.spec.output, Output::Sound) {
            cut_cleanly(&target);
        }
        let flowing = self.spec.start_nanos.map(|_| hold_back_until_sought(&target));
        pad.link(&target).map_err(|_| fail("the stream's format is not understood"))?;
        Ok(Joined { stream: caps.clone(), decoder, more, flowing })
    }
}

/// A decoder that is to start elsewhere than at the beginning gets nothing before the seek. The gate opens with the seek's own
/// flush, in the order of the stream: opened any later, it would swallow the first pictures from there, and a decoder that
/// begins amid a group gives what it makes of it the times of those it never got.
///
/// Returns what becomes true with the first packet. A seek before it finds matroskademux amid its headers, and now and then the
/// packets from there get times of the first cluster.
fn hold_back_until_sought(decoder_input: &gst::Pad) -> Arc<AtomicBool> {
    let sought = AtomicBool::new(false);
    let flowing = Arc::new(AtomicBool::new(false));
    let first = flowing.clone();
    decoder_input.add_probe(gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_FLUSH, move |_, info| {
        if let Some(event) = info.event() {
            if event.type_() == gst::EventType::FlushStop {
                sought.store(true, Ordering::SeqCst);
            }
            return gst::PadProbeReturn::Ok;
        }
        // "handled" swallows the buffer; "drop" would make GStreamer 1.22 complain about each
        if sought.load(Ordering::SeqCst) {
            return gst::PadProbeReturn::Ok;
        }
        first.store(true, Ordering::SeqCst);
        gst::PadProbeReturn::Handled
    });
    flowing
}

/// Where an edit list begins inside of the stream, its start in whole nanoseconds may lie before the end of the priming that
/// it hides, and one sample too many is kept (AAC at 44.1 kHz). Half a microsecond later the cut falls on the right sample.
fn cut_cleanly(decoder_input: &gst::Pad) {
    const LATER: gst::ClockTime = gst::ClockTime::from_nseconds(500);
    decoder_input.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, |_, info| {
        let Some(gst::EventView::Segment(event)) = info.event().map(|e| e.view()) else { return gst::PadProbeReturn::Ok };
        let Some(segment) = event.segment().downcast_ref::<gst::ClockTime>() else { return gst::PadProbeReturn::Ok };
        if let (Some(start), Some(time)) = (segment.start().filter(|s| !s.is_zero()), segment.time()) {
            let mut later = segment.clone();
            later.set_start(start + LATER);
            // the same moment of the media as before
            later.set_time(time + LATER);
            info.data = Some(gst::PadProbeData::Event(gst::event::Segment::builder(&later).seqnum(event.seqnum()).build()));
        }
        gst::PadProbeReturn::Ok
    });
}

fn set_threads(decoder: &gst::Element, threads: u32) {
    for name in ["max-threads", "threads"] {
        if decoder.has_property_with_type(name, i32::static_type()) {
            decoder.set_property(name, threads as i32);
        } else if decoder.has_property_with_type(name, u32::static_type()) {
            decoder.set_property(name, threads);
        }
    }
}
