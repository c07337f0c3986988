//! Writing media files: H.264, HEVC, ProRes, VP9, AV1, MJPEG and PNG; AAC, Opus, FLAC, PCM and MP3.
//!
//! [`Encoder`] belongs to one thread, which pushes pictures and sound in step; GStreamer's threads encode. Nothing
//! appears under the final name before the whole file is on the disk.

mod available;
mod bitstream;
mod branch;
mod copied_sound;
mod encoder;
mod error;
mod feed;
mod format;
mod matroska_sound;
mod mp3;
mod mp4;
mod mp4_sound;
mod packets;
mod part;
mod png;
mod room;
mod segment;
mod segmented;
#[cfg(test)]
mod segmented_tests;
mod settings;
mod still;
mod stream;
mod table;
mod text;

pub use available::{AvailableEncoder, EncoderState, available_encoders, can_encode_audio, can_encode_video};
pub use copied_sound::{add_sound, takes_sound_of};
pub use encoder::{EncodeReport, Encoder};
pub use error::EncodeError;
pub(in crate::media) use format::{buffer as picture_buffer, colorimetry, video_format};
pub use part::unfinished_files;
pub use segmented::{Aim, Joiner, SegmentedEncoder};
pub use settings::{
    AudioCodec, AudioSettings, Container, EncodeSettings, Hardware, Quality, Speed, TextTrack, TimedText, VideoCodec, VideoSettings,
};
pub use still::{STILL_EXTENSIONS, write_still};
