//! The head of an FCPXML: formats, files, compound clips and effects, each once.

use crate::{
    base::{ColorTags, FrameRate, MediaId, SequenceId, Time},
    interchange::{
        cicp,
        pieces::{is_still, media_start_time},
        url,
        xml::El,
    },
    model::{Media, Rendition, Sequence},
};
use std::collections::HashMap;

/// Resources of a file in the making.
#[derive(Default)]
pub(super) struct Resources {
    list: Vec<El>,
    formats: HashMap<String, String>,
    assets: HashMap<MediaId, String>,
    effects: HashMap<&'static str, String>,
    pub nests: HashMap<SequenceId, String>,
    styles: usize,
    last: usize,
}

impl Resources {
    pub fn id(&mut self) -> String {
        self.last += 1;
        format!("r{}", self.last)
    }

    pub fn into_element(self) -> El {
        // formats first: some readers want what is referred to before it is used
        let (formats, others): (Vec<El>, Vec<El>) = self.list.into_iter().partition(|e| e.is("format"));
        El::new("resources").with_all(formats).with_all(others)
    }

    fn once(&mut self, key: String, make: impl FnOnce(&str) -> El) -> String {
        if let Some(id) = self.formats.get(&key) {
            return id.clone();
        }
        let id = self.id();
        self.list.push(make(&id));
        self.formats.insert(key, id.clone());
        id
    }

    /// A picture format; a still has no rate.
    pub fn format(&mut self, size: (u32, u32), rate: Option<FrameRate>, color: ColorTags) -> String {
        let (width, height) = size;
        let name = match rate {
            Some(rate) => format_name(width, height, rate),
            None => Some("FFVideoFormatRateUndefined".to_owned()),
        };
        self.once(format!("{width}x{height} {rate:?} {color:?}"), |id| {
            El::new("format")
                .attr("id", id)
                .attr_if("name", name)
                .attr_if("frameDuration", rate.map(|r| r.frame_duration()))
                .attr("width", width)
                .attr("height", height)
                .attr("colorSpace", cicp::fcpxml(color))
        })
    }

    /// A file. `most` is how long its longest use is, for what has no length of its own.
    pub fn asset(&mut self, id: MediaId, m: &Media, timeline: FrameRate) -> String {
        if let Some(r) = self.assets.get(&id) {
            return r.clone();
        }
        let color = m.color_override.or_else(|| m.info.video.as_ref().map(|v| v.color)).unwrap_or_default();
        let format = m.info.video.as_ref().map(|v| {
            // as shown: a phone's upright video is declared upright
            self.format(v.display_size(), (!v.still).then_some(v.frame_rate), color)
        });
        let r = self.id();
        let file = m.file.path.file_name().map_or_else(|| m.name.clone(), |n| n.to_string_lossy().into_owned());
        let audio = m.info.audio.as_ref();
        let duration = if is_still(m) { Time::ZERO } else { m.info.duration };
        let rep = El::new("media-rep").attr("kind", "original-media").attr("src", url::file_uri(&m.file.path));
        let proxy =
            m.usable(Rendition::Proxy).map(|v| El::new("media-rep").attr("kind", "proxy-media").attr("src", url::file_uri(&v.path)));
        let asset = El::new("asset")
            .attr("id", &r)
            // Resolve links by the whole file name
            .attr("name", file)
            .attr("start", media_start_time(m, timeline))
            .attr("duration", duration)
            .attr_if("hasVideo", m.info.video.as_ref().map(|_| 1))
            .attr_if("format", format)
            .attr_if("hasAudio", audio.map(|_| 1))
            .attr_if("videoSources", m.info.video.as_ref().map(|_| 1))
            .attr_if("audioSources", audio.map(|_| 1))
            .attr_if("audioChannels", audio.map(|a| a.channels))
            .attr_if("audioRate", audio.map(|a| a.rate))
            .with(rep)
            .with_if(proxy);
        self.list.push(asset);
        self.assets.insert(id, r.clone());
        r
    }

    pub fn effect(&mut self, (name, uid): (&'static str, &'static str)) -> String {
        if let Some(r) = self.effects.get(name) {
            return r.clone();
        }
        let r = self.id();
        self.list.push(El::new("effect").attr("id", &r).attr("name", name).attr("uid", uid));
        self.effects.insert(name, r.clone());
        r
    }

    pub fn style(&mut self) -> String {
        self.styles += 1;
        format!("ts{}", self.styles)
    }

    /// A compound clip: its sequence has been written.
    pub fn compound(&mut self, r: &str, s: &Sequence, inside: El) {
        self.list.push(El::new("media").attr("id", r).attr("name", nest_name(s)).with(inside));
    }
}

/// What a nested sequence is called.
pub(super) fn nest_name(s: &Sequence) -> String {
    if s.name.is_empty() { s.id.to_string() } else { s.name.clone() }
}

/// Final Cut Pro's own name of a format; None for sizes and rates that it has none for.
fn format_name(width: u32, height: u32, rate: FrameRate) -> Option<String> {
    let rate = match (rate.num(), rate.den()) {
        (24000, 1001) => "2398",
        (24, 1) => "24",
        (25, 1) => "25",
        (30000, 1001) => "2997",
        (30, 1) => "30",
        (50, 1) => "50",
        (60000, 1001) => "5994",
        (60, 1) => "60",
        _ => return None,
    };
    match (width, height) {
        (1920, 1080) => Some(format!("FFVideoFormat1080p{rate}")),
        (1280, 720) => Some(format!("FFVideoFormat720p{rate}")),
        (3840, 2160) | (4096, 2160) => Some(format!("FFVideoFormat{width}x{height}p{rate}")),
        _ => None,
    }
}
