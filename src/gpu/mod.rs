//! Pictures from plans: one trait, two implementations. `GpuRenderer` runs compute passes in WGSL on the shared wgpu
//! device; `CpuRenderer` is their twin in plain Rust and the renderer where there is no hardware adapter.
//! Knows plans and pictures; no document, no files, no decoders.

mod context;
mod cpu;
pub mod device;
mod families;
mod grade;
mod nest;
pub mod params;
mod prepare;
mod resolve;
pub mod scopes;
mod slate;
pub mod text;
mod text_mask;
mod warp;

pub(crate) use context::block_on;
pub use context::{AdapterPick, GpuContext, device_descriptor};
pub use cpu::CpuRenderer;
pub use device::{
    DevicePicture, GpuRenderer, KeptPicture, MotionLayers, MotionPasses, MotionTiles, Numbers, Part, TensorPasses, TensorSource,
};
pub use families::font_families;
pub use scopes::ScopeData;

use crate::{
    base::{
        Picture, PixelFormat, UserError,
        words::{Said, say},
    },
    plan::{FramePlan, MediaRef},
};
use std::{fmt, sync::Arc};

/// What a frame is wanted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// Opaque RGBA8 code values for the screen. The GPU renderer leaves it on the device.
    Display,
    /// Planes for an encoder, with the plan's colour tags (`Nv12`, `I420`, `P010`, `I420p10`, `I422p10`, `Rgba8`, …).
    Planes(PixelFormat),
}

/// A finished frame.
#[derive(Clone)]
pub enum Rendered {
    /// RGBA8 texture on the shared device, usage TEXTURE_BINDING, not written again while any clone lives.
    Texture(Arc<wgpu::Texture>),
    Picture(Picture),
}

impl Rendered {
    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        match self {
            Self::Texture(t) => (t.width(), t.height()),
            Self::Picture(p) => (p.width, p.height),
        }
    }
}

/// Gives the renderer the decoded picture of a media reference; the last good one when the media ended early,
/// None when the media is offline (the renderer draws the offline slate in its place).
pub type PictureSource<'a> = dyn FnMut(&MediaRef) -> Option<Picture> + 'a;

/// Why a frame could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    DeviceLost,
    NoAdapter,
    TooLarge(u32, u32),
    NoSuchAdapter(String),
    Device(String),
}

impl RenderError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::DeviceLost => say!("error-render-lost"),
            Self::NoAdapter => say!("error-render-no-adapter"),
            Self::TooLarge(width, height) => say!("error-render-too-large", width = width.to_string(), height = height.to_string()),
            Self::NoSuchAdapter(name) => say!("error-render-no-such-adapter", name = name.as_str()),
            Self::Device(reason) => say!("error-render-device", reason = reason.as_str()),
        }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for RenderError {
    fn hint(&self) -> Option<String> {
        self.said().hint()
    }
}

/// A frame that was begun and may still be on the device. Several can be under way: begin the next before waiting for this.
pub struct Pending(PendingFrame);

enum PendingFrame {
    Ready(Rendered),
    OnDevice(device::Readback),
}

impl Pending {
    pub(crate) fn ready(rendered: Rendered) -> Self {
        Self(PendingFrame::Ready(rendered))
    }
    pub(crate) fn on_device(readback: device::Readback) -> Self {
        Self(PendingFrame::OnDevice(readback))
    }
    /// Blocks until the frame is finished.
    ///
    /// # Errors
    /// The device failed.
    pub fn wait(self) -> Result<Rendered, RenderError> {
        match self.0 {
            PendingFrame::Ready(r) => Ok(r),
            PendingFrame::OnDevice(r) => r.wait(),
        }
    }
}

/// Draws plans. One thread owns it.
pub trait Renderer: Send {
    /// Draw one frame.
    ///
    /// # Errors
    /// The device failed or the canvas is too large; nothing was drawn.
    fn render(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>, output: Output) -> Result<Rendered, RenderError>;
    /// Begin a frame without waiting for the device, so that the export draws ahead while pictures come back.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    fn start(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>, output: Output) -> Result<Pending, RenderError> {
        self.render(plan, sources, output).map(Pending::ready)
    }
    /// Counts a frame that this renderer drew for [`Output::Display`]. May wait for the device.
    ///
    /// # Errors
    /// The frame is not such a one, or the device failed.
    fn scopes(&mut self, frame: &Rendered) -> Result<ScopeData, RenderError> {
        scopes::on_processor(frame)
    }
    /// Pictures that lie on this renderer's device are drawn from there as long as they live, and not uploaded.
    fn adopt(&mut self, _picture: &DevicePicture) {}
    /// For the status line: adapter or processor.
    fn name(&self) -> String;
}
