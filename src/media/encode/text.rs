//! Captions as a stream of text beside pictures and sound: timed text (`tx3g`, which QuickTime and players call mov_text) in MP4 and MOV,
//! SubRip in Matroska.

use super::{
    Container, EncodeError, TextTrack,
    branch::{chain, link, make, queue},
    feed::Feed,
    segmented::nanos,
    stream::movie_timescale,
};
use crate::base::{FrameRate, Time};
use gstreamer::{self as gst, prelude::*};

/// All captions are known before the first picture is: they go in at once, and the muxer takes them as their times come.
pub(super) struct TextIn {
    feed: Feed,
    buffers: Vec<gst::Buffer>,
}

/// Connects a stream of text to the muxer. Nothing flows before [`TextIn::push_all`].
pub(super) fn text_branch(
    pipeline: &gst::Pipeline,
    mux: &gst::Element,
    track: &TextTrack,
    container: Container,
    rate: Option<FrameRate>,
) -> Result<TextIn, EncodeError> {
    let caps = gst::Caps::builder("text/x-raw").field("format", "utf8").build();
    let feed = Feed::new("captions", &caps, track.captions.len() + 2)?;
    let mut elements = vec![feed.element().clone()];
    // part of plugins-good; without it the language stays unsaid
    if let Ok(inject) = gst::ElementFactory::make("taginject").build() {
        let primary = track.language.split('-').next().unwrap_or_default();
        // "und" is ISO 639's word for what nobody has said; Matroska would take English for granted
        let known = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
        let language = if known { primary.to_ascii_lowercase() } else { "und".to_owned() };
        inject.set_property("tags", format!("language-code=\"{language}\""));
        elements.push(inject);
    }
    // as many as there are: a caption waits for its time, and the pictures must not wait for it
    let last = queue(0)?;
    elements.push(last.clone());
    // without it the muxer cannot know which kind of input it is asked for
    let filter = make("capsfilter")?;
    filter.set_property("caps", &caps);
    elements.push(filter.clone());
    chain(pipeline, &elements)?;
    link(&filter, mux)?;
    let pad = filter.static_pad("src").and_then(|p| p.peer());
    if let Some(pad) = pad.filter(|p| p.has_property("trak-timescale")) {
        pad.set_property("trak-timescale", movie_timescale(rate));
    }
    Ok(TextIn { feed, buffers: buffers(track, container) })
}

fn buffers(track: &TextTrack, container: Container) -> Vec<gst::Buffer> {
    let time = |t: Time| gst::ClockTime::from_nseconds(nanos(t));
    let one = |text: &str, start: Time, end: Time| {
        let mut buffer = gst::Buffer::from_slice(text.as_bytes().to_vec());
        if let Some(b) = buffer.get_mut() {
            b.set_pts(time(start));
            b.set_duration(time(end).saturating_sub(time(start)));
        }
        buffer
    };
    let mut all = Vec::with_capacity(track.captions.len() + 2);
    // qtmux reckons the last length from the first start: a silent one from the film's start on keeps it right
    if let Some(first) = track.captions.first().filter(|c| container != Container::Mkv && c.start > Time::ZERO) {
        all.push(one("", Time::ZERO, first.start));
    }
    all.extend(track.captions.iter().map(|c| one(&c.text, c.start, c.end)));
    // MP4 has times between samples only: the muxer forgets how long the last one lasts, so a silent one follows it
    if let Some(last) = track.captions.last().filter(|_| container != Container::Mkv) {
        all.push(one("", last.end, last.end));
    }
    all
}

impl TextIn {
    /// Hand all captions in and end the stream. The pipeline must have been started.
    pub fn push_all(&mut self, failed: &dyn Fn() -> Option<EncodeError>) -> Result<(), EncodeError> {
        for buffer in std::mem::take(&mut self.buffers) {
            self.feed.push(buffer, false, failed)?;
        }
        self.feed.end();
        Ok(())
    }
}
