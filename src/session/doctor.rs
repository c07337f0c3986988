//! What works on this machine, and what to install for what does not.

use super::{AdapterChoice, jobs::has_recogniser};
use crate::{
    base::UserError,
    media,
    ml::{
        models::{self, speech::Machine},
        speech,
    },
    store,
};

/// One thing that was looked at.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Check {
    pub name: String,
    pub ok: bool,
    pub detail: String,
    /// What to do, where it is not well.
    pub fix: Option<String>,
    /// Without this the main job fails; the others only narrow what can be opened or written.
    pub needed: bool,
}

/// What a user gains, the GStreamer elements of which one is enough, the Debian package, and whether the main job needs it.
const ELEMENTS: &[(&str, &[&str], &str, bool)] = &[
    ("open mp4 and mov", &["qtdemux"], "gstreamer1.0-plugins-good", true),
    ("open mkv and webm", &["matroskademux"], "gstreamer1.0-plugins-good", false),
    ("open avi", &["avidemux"], "gstreamer1.0-plugins-good", false),
    ("decode H.264", &["avdec_h264", "openh264dec"], "gstreamer1.0-libav", true),
    ("decode HEVC", &["avdec_h265", "libde265dec"], "gstreamer1.0-libav", false),
    ("decode VP8 and VP9", &["vp9dec"], "gstreamer1.0-plugins-good", false),
    ("decode AV1", &["av1dec", "dav1ddec"], "gstreamer1.0-plugins-bad", false),
    ("decode ProRes and DNxHD", &["avdec_prores"], "gstreamer1.0-libav", false),
    ("decode MJPEG", &["jpegdec"], "gstreamer1.0-plugins-good", false),
    ("decode AAC", &["avdec_aac", "faad"], "gstreamer1.0-libav", true),
    ("decode MP3", &["mpg123audiodec", "avdec_mp3"], "gstreamer1.0-plugins-good", false),
    ("decode Opus and Vorbis", &["opusdec"], "gstreamer1.0-plugins-base", false),
    ("decode FLAC", &["flacdec"], "gstreamer1.0-plugins-good", false),
    ("encode H.264", &["x264enc", "openh264enc"], "gstreamer1.0-plugins-ugly", true),
    ("encode HEVC", &["x265enc"], "gstreamer1.0-plugins-bad", false),
    ("encode VP9", &["vp9enc"], "gstreamer1.0-plugins-good", false),
    ("encode AV1", &["av1enc", "svtav1enc"], "gstreamer1.0-plugins-bad", false),
    ("encode ProRes", &["avenc_prores_ks"], "gstreamer1.0-libav", false),
    ("encode AAC", &["avenc_aac"], "gstreamer1.0-libav", true),
    ("play sound", &["pulsesink", "alsasink", "pipewiresink"], "gstreamer1.0-pulseaudio", false),
];

/// Look at everything. Never fails: what is wrong is in the checks.
pub fn doctor(adapter: &AdapterChoice) -> Vec<Check> {
    let mut checks = vec![adapter_check(adapter)];
    if let Err(e) = media::init() {
        checks.push(Check {
            name: "GStreamer".into(),
            ok: false,
            detail: e.to_string(),
            fix: Some("install gstreamer1.0-plugins-base".into()),
            needed: true,
        });
        return checks;
    }
    checks.push(Check { name: "GStreamer".into(), ok: true, detail: media::version(), fix: None, needed: true });
    for (name, elements, package, needed) in ELEMENTS {
        let found = elements.iter().find(|e| media::has_element(e));
        checks.push(Check {
            name: (*name).into(),
            ok: found.is_some(),
            detail: found.map_or_else(|| format!("none of {}", elements.join(", ")), |e| (*e).to_owned()),
            fix: found.is_none().then(|| format!("install {package}")),
            needed: *needed,
        });
    }
    checks.push(speech_check());
    checks.push(folder_check());
    checks
}

/// Whether speech can be recognised, and with what.
fn speech_check() -> Check {
    let name = "recognise speech".to_owned();
    let of = |ok, detail, fix| Check { name, ok, detail, fix, needed: false };
    let dirs = store::Dirs::find();
    if let Err(e) = speech::can_compute() {
        return of(has_recogniser(), e.to_string(), e.hint().filter(|_| !has_recogniser()));
    }
    let machine = Machine::here();
    let version = speech::whisper::version();
    match models::speech::choose(None, None, &super::models::folder(&dirs), machine) {
        Ok(path) => {
            let model = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            of(true, format!("{version} with {model}"), None)
        }
        Err(_) if has_recogniser() => of(true, "a server, as MONTAGE_AI_SPEECH_URL says".to_owned(), None),
        Err(_) => {
            let fix = format!("montage-ai models pull {}", models::speech::advised(machine));
            of(false, format!("{version} without a model"), Some(fix))
        }
    }
}

fn adapter_check(adapter: &AdapterChoice) -> Check {
    let name = "graphics adapter".to_owned();
    match adapter.context() {
        Ok(ctx) if ctx.is_software() => {
            Check { name, ok: true, detail: format!("{} (software: the processor draws the film)", ctx.name()), fix: None, needed: true }
        }
        Ok(ctx) => Check { name, ok: true, detail: ctx.name(), fix: None, needed: true },
        Err(t) => Check { name, ok: false, detail: t.text, fix: t.hint, needed: true },
    }
}

fn folder_check() -> Check {
    let name = "cache folder".to_owned();
    let dir = store::Dirs::find().cache;
    let made = std::fs::create_dir_all(&dir).and_then(|()| tempfile::tempfile_in(&dir)).map_err(|e| format!("{e}: {}", dir.display()));
    match made {
        Ok(_) => Check { name, ok: true, detail: dir.display().to_string(), fix: None, needed: true },
        Err(detail) => {
            Check { name, ok: false, detail, fix: Some("set MONTAGE_AI_HOME to a folder that can be written".into()), needed: true }
        }
    }
}
