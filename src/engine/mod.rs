//! Where plans meet devices: mixing, exporting. Knows the document, media and renderers; no window, no command line.

mod export;
pub mod mixer;
mod presets;

pub use export::{ExportError, ExportProgress, ExportReport, ExportRequest, export};
pub use presets::{Preset, SizeRule, VideoPreset, preset_for, presets};
