//! Which plug-in does what: elements by name, decoders and parsers by rank for the caps at hand, and what to install
//! where one is missing. Touches GStreamer's registry only; any thread.

use super::MediaError;
use gstreamer::{self as gst, prelude::*};
use std::{cmp::Reverse, path::Path};

/// Whether decoders that run on graphics hardware may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecoderPreference {
    /// Software only: the same pictures on every machine.
    #[default]
    Software,
    /// Hardware first where the registry has one; software when it fails.
    Hardware,
}

/// How the packets reach a decoder.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// Brings packets into the form the decoder takes, where they are not in it already.
    pub parser: Option<gst::ElementFactory>,
    pub decoder: gst::ElementFactory,
}

/// An element that must exist; a missing one names its package.
pub(super) fn make(name: &str, path: &Path) -> Result<gst::Element, MediaError> {
    gst::ElementFactory::make(name).build().map_err(|_| MediaError::NoDecoder {
        path: path.into(),
        codec: format!("this kind of file (GStreamer element {name})"),
        package: Some(package_of_element(name)),
    })
}

/// Ways to decode a stream of these caps, best first: decoders that take the packets as they are, then those behind a parser.
///
/// Alpha decoders of VP8/VP9 claim every stream of their codec, so they are left out unless the stream says that it has
/// alpha; then they come first (they want whole super-frames, which only the parser promises).
pub(super) fn routes(caps: &gst::Caps, preference: DecoderPreference) -> Vec<Route> {
    let alpha = caps.structure(0).and_then(|s| s.get::<bool>("codec-alpha").ok()).unwrap_or(false);
    let (direct, loose) = (decoders(preference, |f| f.can_sink_all_caps(caps)), without_packing(caps));
    let mut routes: Vec<Route> =
        direct.into_iter().filter(|f| !is_alpha_decoder(f)).map(|decoder| Route { parser: None, decoder }).collect();
    if (routes.is_empty() || alpha)
        && let Some(parser) = parser(caps)
    {
        let behind = decoders(preference, |f| f.can_sink_any_caps(&loose) && (alpha || !is_alpha_decoder(f)));
        let wanted = behind.into_iter().filter(|f| routes.is_empty() || is_alpha_decoder(f));
        let behind: Vec<Route> = wanted.map(|decoder| Route { parser: Some(parser.clone()), decoder }).collect();
        routes.splice(0..0, behind);
    }
    routes
}

/// Decoders that `fits`, by rank; hardware first or not at all.
fn decoders(preference: DecoderPreference, fits: impl Fn(&gst::ElementFactory) -> bool) -> Vec<gst::ElementFactory> {
    let hardware_wanted = preference == DecoderPreference::Hardware;
    let mut found: Vec<_> = gst::ElementFactory::factories_with_type(gst::ElementFactoryType::DECODER, gst::Rank::MARGINAL)
        .into_iter()
        .filter(|f| fits(f) && (hardware_wanted || !is_hardware(f)))
        .collect();
    found.sort_by_key(|f| Reverse((is_hardware(f), i32::from(f.rank()), f.name().to_string())));
    found
}

fn parser(caps: &gst::Caps) -> Option<gst::ElementFactory> {
    gst::ElementFactory::factories_with_type(gst::ElementFactoryType::PARSER, gst::Rank::MARGINAL)
        .into_iter()
        .filter(|f| f.can_sink_any_caps(caps) && !f.has_type(gst::ElementFactoryType::DEMUXER))
        .max_by_key(|f| (i32::from(f.rank()), f.name().to_string()))
}

/// Caps without the fields that a parser may change.
fn without_packing(caps: &gst::Caps) -> gst::Caps {
    let mut out = caps.copy();
    for s in out.make_mut().iter_mut() {
        s.remove_fields(["stream-format", "alignment", "parsed", "framed", "codec_data", "streamheader", "profile", "level"]);
    }
    out
}

fn is_alpha_decoder(f: &gst::ElementFactory) -> bool {
    f.name().contains("alphadecodebin")
}

fn is_hardware(f: &gst::ElementFactory) -> bool {
    f.metadata("klass").is_some_and(|k| k.contains("Hardware"))
}

/// Short name of a codec by its caps, as ffmpeg's tools spell it.
pub(super) fn codec_name(caps: &gst::Caps) -> String {
    let Some(s) = caps.structure(0) else { return "unknown".into() };
    let version = s.get::<i32>("mpegversion").ok();
    let name = s.name().as_str();
    let short = match name {
        "video/x-h264" => "h264",
        "video/x-h265" => "hevc",
        "video/x-vp8" => "vp8",
        "video/x-vp9" => "vp9",
        "video/x-av1" => "av1",
        "video/x-prores" => "prores",
        "video/x-dnxhd" => "dnxhd",
        "video/x-theora" => "theora",
        "video/x-dv" => "dvvideo",
        "video/x-raw" => "rawvideo",
        "video/x-ffv" => "ffv1",
        "video/x-flash-video" => "flv1",
        "image/jpeg" | "video/x-jpeg" => "mjpeg",
        "image/png" => "png",
        "video/mpeg" => match version {
            Some(1) => "mpeg1video",
            Some(2) => "mpeg2video",
            _ => "mpeg4",
        },
        "audio/mpeg" if version == Some(1) => match s.get::<i32>("layer") {
            Ok(1) => "mp1",
            Ok(2) => "mp2",
            _ => "mp3",
        },
        "audio/mpeg" => "aac",
        "audio/x-opus" => "opus",
        "audio/x-vorbis" => "vorbis",
        "audio/x-flac" => "flac",
        "audio/x-alac" => "alac",
        "audio/x-ac3" => "ac3",
        "audio/x-eac3" => "eac3",
        "audio/x-dts" => "dts",
        "audio/x-raw" => return pcm_name(s.get::<&str>("format").unwrap_or_default()),
        _ => "",
    };
    if !short.is_empty() {
        return short.into();
    }
    // the DNxHR of Avid's tools; the caps carry the bare four-letter code
    let bare = name.rsplit('/').next().unwrap_or(name);
    match bare.strip_prefix("x-gst-fourcc-") {
        Some("AVdh" | "AVdn") => "dnxhd".into(),
        Some(fourcc) => fourcc.to_lowercase(),
        None => bare.trim_start_matches("x-").to_lowercase(),
    }
}

/// GStreamer's `S16LE` as ffmpeg's `pcm_s16le`.
fn pcm_name(format: &str) -> String {
    format!("pcm_{}", format.to_lowercase().replace("_", ""))
}

/// The Debian package with the decoder of a codec (by [`codec_name`]).
pub(super) fn package_of_codec(codec: &str) -> Option<&'static str> {
    Some(match codec {
        "vp8" | "vp9" | "mjpeg" | "png" | "flac" | "mp3" | "dvvideo" => "gstreamer1.0-plugins-good",
        "av1" | "mpeg2video" => "gstreamer1.0-plugins-bad",
        "opus" | "vorbis" | "theora" | "rawvideo" => "gstreamer1.0-plugins-base",
        // Avid DNxHR: gst-libav has no decoder for it in 1.22
        "dnxhd" => return None,
        "h264" | "hevc" | "prores" | "aac" | "alac" | "ac3" | "eac3" | "dts" | "mpeg1video" | "mpeg4" | "ffv1" | "flv1" | "mp1" | "mp2" => {
            "gstreamer1.0-libav"
        }
        _ => return None,
    })
}

fn package_of_element(name: &str) -> &'static str {
    match name {
        "filesrc" | "typefind" | "fakesink" => "libgstreamer1.0-0",
        "aiffparse" => "gstreamer1.0-plugins-bad",
        "oggdemux" | "appsink" | "videoconvert" | "videoconvertscale" | "audioconvert" | "audioresample" => "gstreamer1.0-plugins-base",
        _ => "gstreamer1.0-plugins-good",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_have_the_names_ffmpeg_gives_them() {
        gst::init().unwrap();
        for (caps, want) in [
            ("video/x-h264,stream-format=avc", "h264"),
            ("audio/mpeg,mpegversion=4", "aac"),
            ("audio/mpeg,mpegversion=1,layer=3", "mp3"),
            ("audio/x-raw,format=S24LE", "pcm_s24le"),
            ("video/x-gst-fourcc-AVdh", "dnxhd"),
            ("video/x-gst-fourcc-CFHD", "cfhd"),
        ] {
            assert_eq!(codec_name(&caps.parse().unwrap()), want);
        }
    }

    #[test]
    fn a_plain_vp9_stream_is_not_given_to_the_alpha_decoder() {
        gst::init().unwrap();
        let plain = routes(&"video/x-vp9,width=16,height=16".parse().unwrap(), DecoderPreference::Software);
        assert!(!plain.is_empty() && plain.iter().all(|r| !is_alpha_decoder(&r.decoder)));
        let alpha = routes(&"video/x-vp9,width=16,height=16,codec-alpha=true".parse().unwrap(), DecoderPreference::Software);
        assert!(is_alpha_decoder(&alpha[0].decoder));
    }

    #[test]
    fn packets_that_no_decoder_takes_go_through_a_parser() {
        gst::init().unwrap();
        let found = routes(&"video/x-h264,stream-format=byte-stream".parse().unwrap(), DecoderPreference::Software);
        assert_eq!(found[0].parser.as_ref().unwrap().name(), "h264parse");
        let none = routes(&"video/x-gst-fourcc-AVdh".parse().unwrap(), DecoderPreference::Software);
        assert!(none.is_empty());
    }
}
