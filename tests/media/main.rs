//! Reading media, held against files made by ffmpeg.

#[path = "../common/mod.rs"]
mod common;

mod bad;
mod exact;
mod proxies;
mod sound;
mod truth;
