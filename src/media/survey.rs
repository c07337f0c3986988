//! Reads the packets of a stream without decoding them. Blocks for as long as reading the file takes.

use super::{
    MediaError, PacketIndex,
    chain::{Chain, Output, Pulled, Spec},
    container::Container,
    index::Packet,
};
use crate::base::{FrameRate, MediaInfo};
use gstreamer as gst;
use std::path::Path;

/// What the packets of one stream tell.
pub(super) struct Survey {
    pub packets: Vec<Packet>,
    /// Rate that the container states.
    pub nominal: Option<FrameRate>,
    /// False where the scan was stopped before the end.
    pub complete: bool,
}

/// Read all packets, or those until `stop` says so.
pub(super) fn survey(path: &Path, container: Container, sound: bool, stop: &dyn Fn() -> bool) -> Result<Survey, MediaError> {
    let _span = tracing::debug_span!("scan packets", path = %path.display(), sound).entered();
    let output = Output::Packets { sound };
    let mut chain = Chain::open(&Spec::plain(path, container, output))?;
    let nominal = nominal_rate(&chain.stream);
    let mut packets = Vec::new();
    let complete = loop {
        if packets.len() % 64 == 63 && stop() {
            break false;
        }
        match chain.pull() {
            Ok(Pulled::Sample(sample)) => packets.extend(packet(&sample)),
            Ok(Pulled::End) => break true,
            // what was read before the damage counts
            Err(e) if packets.is_empty() => return Err(e),
            Err(error) => {
                tracing::warn!(%error, "the packets end early");
                break true;
            }
        }
    };
    Ok(Survey { packets, nominal, complete })
}

/// The index of a file's picture.
pub(super) fn scan_video(path: &Path, info: &MediaInfo, cancel: &dyn Fn() -> bool) -> Result<PacketIndex, MediaError> {
    let container = Container::from_name(&info.container).ok_or_else(|| MediaError::NoVideo(path.into()))?;
    let survey = survey(path, container, false, cancel)?;
    if !survey.complete {
        return Err(MediaError::Cancelled);
    }
    PacketIndex::new(survey.packets, survey.nominal)
        .ok_or_else(|| MediaError::Damaged { path: path.into(), reason: "there are no pictures in it".into() })
}

/// The rate that caps state; 0/1 and 1/0 stand for "not known".
pub(super) fn nominal_rate(caps: &gst::Caps) -> Option<FrameRate> {
    let f = caps.structure(0)?.get::<gst::Fraction>("framerate").ok()?;
    FrameRate::new(u32::try_from(f.numer()).ok()?, u32::try_from(f.denom()).ok()?)
}

/// None for packets that show nothing: outside of the edit list, or marked as only decoded.
fn packet(sample: &gst::Sample) -> Option<Packet> {
    let buffer = sample.buffer()?;
    if buffer.flags().contains(gst::BufferFlags::DECODE_ONLY) {
        return None;
    }
    Some(Packet {
        nanos: stream_nanos(sample)?,
        duration_nanos: buffer.duration().map(|d| d.nseconds()),
        key: !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT),
    })
}

/// Stream time of a sample: the position in the media, whatever was sought before.
pub(super) fn stream_nanos(sample: &gst::Sample) -> Option<u64> {
    // AVI knows no other order than that of the file
    let pts = sample.buffer().and_then(|b| b.pts().or(b.dts()))?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    Some(segment.to_stream_time(pts)?.nseconds())
}
