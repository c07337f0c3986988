//! What kind of file this is: GStreamer's type finders asked on their own, under a watchdog, and the demuxer that
//! goes with the answer. Decides by content, never by the file's name. Blocks; any worker thread.

use super::MediaError;
use gstreamer::{self as gst, prelude::*};
use std::{
    fs::File,
    io::Read,
    path::Path,
    time::{Duration, Instant},
};

/// Longest wait for a verdict about a file's type.
const TYPE_LIMIT: Duration = Duration::from_secs(5);

/// File formats that can be read. MPEG transport streams and FLV are not among them: after a seek, their demuxers in
/// GStreamer 1.22 give other times to the same pictures, so no picture could be named exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Container {
    Mp4,
    Mov,
    Matroska,
    WebM,
    Avi,
    Ogg,
    Wav,
    Aiff,
    Mp3,
    Aac,
    Flac,
    Png,
    Jpeg,
    WebP,
}

impl Container {
    const ALL: [(Self, &'static str); 14] = [
        (Self::Mp4, "mp4"),
        (Self::Mov, "mov"),
        (Self::Matroska, "matroska"),
        (Self::WebM, "webm"),
        (Self::Avi, "avi"),
        (Self::Ogg, "ogg"),
        (Self::Wav, "wav"),
        (Self::Aiff, "aiff"),
        (Self::Mp3, "mp3"),
        (Self::Aac, "aac"),
        (Self::Flac, "flac"),
        (Self::Png, "png"),
        (Self::Jpeg, "jpeg"),
        (Self::WebP, "webp"),
    ];

    /// The name that [`crate::base::MediaInfo`] carries.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(c, _)| *c == self).map_or("", |(_, n)| n)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(c, _)| *c)
    }

    /// Elements between the file and its streams, in order. None for stills, which GStreamer does not read here.
    pub fn demuxers(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Mp4 | Self::Mov => &["qtdemux"],
            Self::Matroska | Self::WebM => &["matroskademux"],
            Self::Avi => &["avidemux"],
            Self::Ogg => &["oggdemux"],
            Self::Wav => &["wavparse"],
            Self::Aiff => &["aiffparse"],
            // id3demux passes a file without a tag through
            Self::Mp3 => &["id3demux", "mpegaudioparse"],
            Self::Aac => &["id3demux", "aacparse"],
            Self::Flac => &["id3demux", "flacparse"],
            Self::Png | Self::Jpeg | Self::WebP => return None,
        })
    }

    pub fn is_still(self) -> bool {
        self.demuxers().is_none()
    }

    pub fn is_sound_only(self) -> bool {
        matches!(self, Self::Wav | Self::Aiff | Self::Mp3 | Self::Aac | Self::Flac)
    }

    /// Containers that keep time in whole milliseconds so that a frame's time is off its true place.
    pub fn rounds_times(self) -> bool {
        matches!(self, Self::Matroska | Self::WebM)
    }

    fn from_caps(caps: &gst::Caps) -> Option<Self> {
        let s = caps.structure(0)?;
        let mpeg_version = s.get::<i32>("mpegversion").ok();
        Some(match s.name().as_str() {
            "video/quicktime" if matches!(s.get::<&str>("variant"), Ok("iso" | "iso-fragmented" | "3gpp" | "3g2")) => Self::Mp4,
            "video/quicktime" => Self::Mov,
            "audio/x-m4a" | "application/x-3gp" | "video/mj2" => Self::Mp4,
            "video/x-matroska" | "audio/x-matroska" => Self::Matroska,
            "video/webm" | "audio/webm" => Self::WebM,
            "video/x-msvideo" => Self::Avi,
            "application/ogg" | "video/ogg" | "audio/ogg" => Self::Ogg,
            "audio/x-wav" | "audio/x-rf64" => Self::Wav,
            "audio/x-aiff" => Self::Aiff,
            "audio/mpeg" if mpeg_version == Some(1) => Self::Mp3,
            "audio/mpeg" => Self::Aac,
            "audio/x-flac" => Self::Flac,
            "image/png" => Self::Png,
            "image/jpeg" => Self::Jpeg,
            "image/webp" => Self::WebP,
            _ => return None,
        })
    }

    /// Find the type of a file by its content.
    ///
    /// # Errors
    /// The file is missing, unreadable, empty, of no readable kind, or the type finders did not answer in time.
    pub fn detect(path: &Path) -> Result<Self, MediaError> {
        let head = read_head(path)?;
        let caps = find_type(path, &head)?;
        match (Self::from_caps(&caps), caps.structure(0).map(|s| s.name().to_string())) {
            // an ID3 tag says nothing about what follows it
            (None, Some(name)) if name == "application/x-id3" => Ok(after_id3(&head)),
            (Some(kind), _) => Ok(kind),
            (None, name) => {
                let found = match name.as_deref() {
                    Some(n) if n.starts_with("text/") || n == "application/x-subtitle" => "this is a text file".into(),
                    Some(n) => format!("this is a file of type {n}"),
                    None => "nothing is known about this file".into(),
                };
                Err(MediaError::NotMedia { path: path.into(), found })
            }
        }
    }
}

fn read_head(path: &Path) -> Result<Vec<u8>, MediaError> {
    let fail = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => MediaError::NotFound(path.into()),
        _ => MediaError::Unreadable { path: path.into(), reason: e.to_string() },
    };
    if std::fs::metadata(path).map_err(fail)?.is_dir() {
        return Err(MediaError::Unreadable { path: path.into(), reason: "it is a folder".into() });
    }
    let mut head = Vec::new();
    File::open(path).map_err(fail)?.take(512 * 1024).read_to_end(&mut head).map_err(fail)?;
    if head.is_empty() { Err(MediaError::Empty(path.into())) } else { Ok(head) }
}

/// What follows an ID3v2 tag (its length is a 28-bit "synchsafe" number, id3.org §3.1).
fn after_id3(head: &[u8]) -> Container {
    let len = head.get(6..10).map_or(0, |b| b.iter().fold(0usize, |n, v| n << 7 | usize::from(v & 0x7f))) + 10;
    match head.get(len..len + 4) {
        Some(b"fLaC") => Container::Flac,
        // ADTS: sync word, layer 0 (ISO/IEC 13818-7 §6.2)
        Some([0xff, b, ..]) if b & 0xf6 == 0xf0 => Container::Aac,
        _ => Container::Mp3,
    }
}

fn find_type(path: &Path, head: &[u8]) -> Result<gst::Caps, MediaError> {
    super::init()?;
    let not_media = |found: &str| MediaError::NotMedia { path: path.into(), found: found.into() };
    let (answer, answers) = crossbeam::channel::bounded(1);
    let pipeline = gst::Pipeline::new();
    let source = super::registry::make("filesrc", path)?;
    source.set_property("location", path);
    let finder = super::registry::make("typefind", path)?;
    finder.connect("have-type", false, move |values| {
        if let Some(caps) = values.get(2).and_then(|v| v.get::<gst::Caps>().ok()) {
            // a second answer finds the channel full and is not wanted
            let _ = answer.try_send(caps);
        }
        None
    });
    let sink = super::registry::make("fakesink", path)?;
    let chain = [&source, &finder, &sink];
    let failed = |e: &gst::glib::BoolError| MediaError::Init(e.to_string());
    pipeline.add_many(chain).map_err(|e| failed(&e))?;
    gst::Element::link_many(chain).map_err(|e| failed(&e))?;
    let started = pipeline.set_state(gst::State::Paused);
    let bus = pipeline.bus();
    let deadline = Instant::now() + TYPE_LIMIT;
    let verdict = loop {
        if let Ok(caps) = answers.recv_timeout(Duration::from_millis(5)) {
            break Ok(caps);
        }
        let error = bus.as_ref().and_then(|b| b.pop_filtered(&[gst::MessageType::Error]));
        if started.is_err() || error.is_some() {
            break Err(not_media(if looks_like_text(head) { "this is a text file" } else { "the content is of no known type" }));
        }
        if Instant::now() > deadline {
            break Err(MediaError::Stalled { path: path.into(), doing: "finding out its type", secs: TYPE_LIMIT.as_secs() });
        }
    };
    super::chain::shut(pipeline, matches!(verdict, Err(MediaError::Stalled { .. })));
    verdict
}

fn looks_like_text(head: &[u8]) -> bool {
    std::str::from_utf8(&head[..head.len().min(1000)]).is_ok_and(|t| !t.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_containers_read_back() {
        for (container, name) in Container::ALL {
            assert_eq!(Container::from_name(name), Some(container));
            assert_eq!(container.name(), name);
        }
        assert_eq!(Container::from_name("exe"), None);
    }

    #[test]
    fn what_follows_an_id3_tag_is_looked_at() {
        let tagged = |body: &[u8]| [b"ID3\x04\0\0\0\0\x01\x02".as_slice(), &[0; 130], body].concat();
        assert_eq!(after_id3(&tagged(b"fLaC")), Container::Flac);
        assert_eq!(after_id3(&tagged(&[0xff, 0xf1, 0x50, 0x80])), Container::Aac);
        assert_eq!(after_id3(&tagged(&[0xff, 0xfb, 0x90, 0x64])), Container::Mp3);
        assert_eq!(after_id3(b"ID3"), Container::Mp3);
    }
}
