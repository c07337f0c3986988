//! The window, driven by its labels on a software adapter, with a made-up program behind it.

mod archive;
mod bin;
mod cutting;
mod fake;
mod film;
mod footage;
mod frame;
mod inspector;
mod inspector_looks;
mod inspector_things;
mod lanes;
mod looks;
mod many;
mod missing;
mod montage;
mod panels;
mod proxies;
mod sources;
mod steady;
mod support;
mod tools;
mod upscaling;
mod viewers;
mod views;
mod wild;
mod words;
