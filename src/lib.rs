//! Montage AI: a native video editor. See README.md for the tour and the module map.

pub mod analysis;
pub mod api;
pub mod app;
pub mod assist;
pub mod base;
pub mod bench;
pub mod cli;
pub mod edit;
pub mod engine;
pub mod gpu;
pub mod interchange;
pub mod jobs;
pub mod media;
pub mod ml;
pub mod model;
pub mod plan;
pub mod sample;
pub mod search;
pub mod session;
pub mod speech;
pub mod store;
