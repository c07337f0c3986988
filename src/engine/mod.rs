//! Where plans meet devices: the viewer's render thread, playback, mixing, exporting, background reading. Knows the
//! document, media and renderers; no window, no command line. Every part says in its header which thread it runs on.

mod decoders;
mod export;
mod files;
mod imports;
mod joining;
mod library;
mod master;
mod meters;
pub mod mixer;
mod paths;
mod playback;
mod presets;
mod preview;
mod progress;
mod proxy;
mod relay;
mod search;
mod sound;
pub mod steady;
mod survey;
mod upscale;

pub use crate::media::Peaks;
pub use decoders::{Decoders, Fetched, Got};
pub use export::{
    CaptionsTo, ExportError, ExportReport, ExportRequest, Loudness, TARGET_LUFS, captions_within, export, gain_to_target, louder, loudness,
};
pub use imports::{ImportNews, ImportRequest, MEDIA_EXTENSIONS, media_in};
pub use library::{Found, Library, THUMBNAIL_HEIGHT_PX, Task, stamp_of};
pub use meters::{Level, Levels, Meters};
pub use paths::{Motions, Paths, SteadyNote, SteadyPath};
pub use presets::{Preset, SizeRule, VideoPreset, preset_for, presets};
pub use preview::{Enlarge, Enlarged, MakeUpscaler, Monitor, Preview, PreviewCommand, PreviewEvent};
pub use progress::ExportProgress;
pub use proxy::{ProxyError, ProxyFormat, ProxyReport, ProxyRequest, SHORT_SIDE_PX, make_proxy, proxy_path, proxy_size};
pub use search::{FoundBy, Search, SearchHit, search};
pub use survey::{LookError, Seen, Speech, Survey, TranscribeError, Watched, listen, look, seen, seen_file, transcribe, watch, watched};
pub use upscale::{
    Enlargement, Moment, UpscaleError, UpscaleReport, UpscaleRequest, UpscaleTarget, picture_of, planes_of, upscale_file, upscale_for_view,
    upscale_picture, upscaler,
};
