//! The branches of an encoding pipeline: pictures or sound from their source to the muxer.

use super::{
    AudioSettings, Container, EncodeError, VideoCodec, VideoSettings,
    available::{self, Chosen},
    bitstream,
    feed::Feed,
    format,
    table::AudioElement,
};
use crate::base::{FrameRate, MIX_RATE};
use gstreamer::{self as gst, prelude::*};
use gstreamer_audio as gst_audio;
use gstreamer_video as gst_video;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Where the times of coded pictures begin: an hour is more than any encoder reorders.
pub(super) const PACKET_BASE: gst::ClockTime = gst::ClockTime::from_seconds(3600);

/// Bytes of pictures that may wait in front of the encoder (its own look-ahead comes on top).
pub(super) const VIDEO_ROOM_BYTES: usize = 24 << 20;
/// Sound waits in pieces of at most this many samples …
pub(super) const AUDIO_PIECE: usize = 4800;
/// … and, where there is no picture to keep step with, this many of them.
pub(super) const AUDIO_ROOM: usize = 64;

pub(super) struct VideoIn {
    pub feed: Feed,
    pub rate: FrameRate,
    pub frames: u64,
    /// Pictures that arrived in the muxer. Shared with its thread, which counts.
    pub arrived: Arc<AtomicU64>,
}

pub(super) struct AudioIn {
    pub feed: Feed,
    pub samples: u64,
    pub priming: u32,
}

pub(super) fn make(factory: &str) -> Result<gst::Element, EncodeError> {
    gst::ElementFactory::make(factory).build().map_err(|_| EncodeError::NoEncoder {
        codec: "this file",
        package: "gstreamer1.0-plugins-base, -good, -bad, -ugly and gstreamer1.0-libav",
    })
}

/// A queue bounded by bytes only; 0 = not at all.
pub(super) fn queue(bytes: u32) -> Result<gst::Element, EncodeError> {
    let q = make("queue")?;
    q.set_property("max-size-bytes", bytes);
    q.set_property("max-size-buffers", 0u32);
    q.set_property("max-size-time", 0u64);
    Ok(q)
}

pub(super) fn capsfilter(caps: &str) -> Result<gst::Element, EncodeError> {
    let caps: gst::Caps = caps.parse().map_err(|e| EncodeError::Failed(format!("caps {caps}: {e}")))?;
    let f = make("capsfilter")?;
    f.set_property("caps", caps);
    Ok(f)
}

pub(super) fn add(pipeline: &gst::Pipeline, elements: &[&gst::Element]) -> Result<(), EncodeError> {
    pipeline.add_many(elements.iter().copied()).map_err(|e| EncodeError::Failed(e.to_string()))
}

pub(super) fn link(a: &gst::Element, b: &gst::Element) -> Result<(), EncodeError> {
    a.link(b).map_err(|_| EncodeError::Failed(format!("{} does not go into {}", a.name(), b.name())))
}

pub(super) fn chain(pipeline: &gst::Pipeline, elements: &[gst::Element]) -> Result<(), EncodeError> {
    add(pipeline, &elements.iter().collect::<Vec<_>>())?;
    for w in elements.windows(2) {
        link(&w[0], &w[1])?;
    }
    Ok(())
}

pub(super) fn video_branch(
    pipeline: &gst::Pipeline,
    mux: &gst::Element,
    v: &VideoSettings,
    chosen: &Chosen,
) -> Result<VideoIn, EncodeError> {
    let (feed, last) = encoding(pipeline, v, chosen)?;
    link(&last, mux)?;
    Ok(VideoIn { feed, rate: v.rate, frames: 0, arrived: count_arrivals(&last)? })
}

/// Pictures in, coded pictures out of the returned queue, which is not linked yet.
pub(super) fn encoding(pipeline: &gst::Pipeline, v: &VideoSettings, chosen: &Chosen) -> Result<(Feed, gst::Element), EncodeError> {
    let bits = chosen.format.bits();
    let small = |n: u32| i32::try_from(n).map_err(|_| EncodeError::BadInput("a frame rate or pixel aspect of such size".into()));
    let info = gst_video::VideoInfo::builder(format::video_format(chosen.format), v.width, v.height)
        .fps(gst::Fraction::new(small(v.rate.num())?, small(v.rate.den())?))
        .par(gst::Fraction::new(small(v.pixel_aspect.0.max(1))?, small(v.pixel_aspect.1.max(1))?))
        .colorimetry(&format::colorimetry(v.color, bits))
        .build()
        .map_err(|e| EncodeError::BadInput(format!("pictures of {}×{}: {e}", v.width, v.height)))?;
    let caps = info.to_caps().map_err(|e| EncodeError::Failed(e.to_string()))?;
    let room = (VIDEO_ROOM_BYTES / info.size().max(1)).clamp(2, 32);
    let feed = Feed::new("pictures", &caps, room)?;
    let encoder = make(chosen.element.factory)?;
    (chosen.element.configure)(&encoder, v);
    stamp_colours(&encoder, v, bits);
    let mut elements = vec![feed.element().clone(), encoder];
    if let Some(caps) = chosen.element.caps[usize::from(bits > 8)] {
        elements.push(capsfilter(caps)?);
    }
    if let Some(p) = chosen.element.parser {
        elements.push(make(p)?);
    }
    let last = queue(64 << 20)?;
    elements.push(last.clone());
    chain(pipeline, &elements)?;
    Ok((feed, last))
}

/// Counts what a queue hands on to the muxer.
fn count_arrivals(last: &gst::Element) -> Result<Arc<AtomicU64>, EncodeError> {
    let arrived = Arc::new(AtomicU64::new(0));
    let count = arrived.clone();
    muxer_pad(last)?.add_probe(gst::PadProbeType::BUFFER, move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
        gst::PadProbeReturn::Ok
    });
    Ok(arrived)
}

fn muxer_pad(last: &gst::Element) -> Result<gst::Pad, EncodeError> {
    last.static_pad("src").and_then(|p| p.peer()).ok_or_else(|| EncodeError::Failed("the muxer has no input".into()))
}

/// Coded pictures in, as they were finished earlier. Their times begin at [`PACKET_BASE`], so that those of reordered ones may lie
/// before the first picture's. `ticks`: ticks a second in which a MOV or MP4 file counts their times; None = by frame rate.
pub(super) fn packet_branch(
    pipeline: &gst::Pipeline,
    mux: &gst::Element,
    caps: &gst::Caps,
    rate: FrameRate,
    ticks: Option<u32>,
) -> Result<VideoIn, EncodeError> {
    let feed = Feed::new("pictures", caps, 32)?;
    let start = feed.element().static_pad("src").ok_or_else(|| EncodeError::Failed("the pipeline's source has no output".into()))?;
    start.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, |_, info| {
        if let Some(gst::PadProbeData::Event(event)) = &mut info.data
            && event.type_() == gst::EventType::Segment
        {
            let mut segment = gst::FormattedSegment::<gst::ClockTime>::new();
            segment.set_start(PACKET_BASE);
            *event = gst::event::Segment::new(&segment);
        }
        gst::PadProbeReturn::Ok
    });
    // without it the muxer cannot know which kind of input it is asked for
    let last = make("capsfilter")?;
    last.set_property("caps", caps);
    chain(pipeline, &[feed.element().clone(), queue(64 << 20)?, last.clone()])?;
    link(&last, mux)?;
    let pad = muxer_pad(&last)?;
    if let Some(ticks) = ticks.filter(|_| pad.has_property("trak-timescale")) {
        pad.set_property("trak-timescale", ticks);
    }
    Ok(VideoIn { feed, rate, frames: 0, arrived: count_arrivals(&last)? })
}

/// Writes the colours into each coded picture of the encoders that do not.
fn stamp_colours(encoder: &gst::Element, v: &VideoSettings, bits: u32) {
    let (primaries, transfer, matrix, _) = format::cicp(v.color, bits);
    let (cicp, codec) = ((primaries, transfer, matrix), v.codec);
    if !matches!(codec, VideoCodec::ProRes | VideoCodec::Av1 | VideoCodec::Vp9) {
        return;
    }
    let Some(pad) = encoder.static_pad("src") else { return };
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        let Some(buffer) = info.buffer_mut() else { return gst::PadProbeReturn::Ok };
        if let VideoCodec::ProRes | VideoCodec::Vp9 = codec {
            if let Ok(mut map) = buffer.make_mut().map_writable() {
                let tag = if codec == VideoCodec::Vp9 { bitstream::tag_vp9 } else { bitstream::tag_prores };
                tag(&mut map, cicp);
            }
        } else if let Some(unit) = buffer.map_readable().ok().and_then(|map| bitstream::tag_av1(&map, cicp)) {
            let b = buffer.make_mut();
            b.remove_all_memory();
            b.append_memory(gst::Memory::from_mut_slice(unit));
        }
        gst::PadProbeReturn::Ok
    });
}

pub(super) fn audio_branch(
    pipeline: &gst::Pipeline,
    mux: &gst::Element,
    a: AudioSettings,
    container: Container,
) -> Result<AudioIn, EncodeError> {
    let element: &AudioElement = available::choose_audio(a.codec)?;
    let info = gst_audio::AudioInfo::builder(gst_audio::AudioFormat::F32le, MIX_RATE, 2)
        .build()
        .map_err(|e| EncodeError::Failed(e.to_string()))?;
    let caps = info.to_caps().map_err(|e| EncodeError::Failed(e.to_string()))?;
    let feed = Feed::new("sound", &caps, AUDIO_ROOM)?;
    let convert = make("audioconvert")?;
    let encoder = make(element.factory)?;
    (element.configure)(&encoder, a.bitrate_kbps);
    let mut elements = vec![feed.element().clone(), convert, capsfilter(&format!("audio/x-raw,format={}", element.format))?, encoder];
    if let Some(p) = element.parser {
        elements.push(make(p)?);
    }
    if container == Container::Ogg && a.codec == super::AudioCodec::Flac {
        elements.push(make("flacparse")?);
    }
    // not bounded: it holds what an encoder's look-ahead keeps the pictures back for, and the caller keeps step
    elements.push(queue(0)?);
    chain(pipeline, &elements)?;
    elements.last().map_or(Ok(()), |last| link(last, mux))?;
    Ok(AudioIn { feed, samples: 0, priming: element.priming })
}
