//! Pictures of any kind through a network: grey ones, those with alpha, in tiles, on whichever device was chosen.
//!
//! As xinntao/Real-ESRGAN does it: grey becomes RGB and grey again; alpha goes through the network by itself; the output is held to 0–1.

use super::{
    MlError, Net, Planes,
    cpu::CpuNet,
    device::upscaled_there,
    resized,
    tile::{Cut, Forward, tiled},
};
use crate::{
    base::{Picture, PixelFormat},
    gpu::DevicePicture,
};
use std::sync::atomic::AtomicBool;

/// A picture of opaque colours for an upscaler on a device.
#[derive(Clone, Copy)]
pub enum DeviceSource<'a> {
    /// It goes up as it is.
    Memory(&'a Picture),
    /// It lies there already.
    Device(&'a DevicePicture),
}

/// Makes pictures larger. One thread owns it.
pub trait Upscaler: Send {
    /// How many times wider and higher pictures become.
    fn scale(&self) -> usize;

    /// The network and what computes it, for people.
    fn describe(&self) -> String;

    /// A picture of one plane (grey), two (with alpha), three (R'G'B') or four, larger by the scale, its values within 0 to 1.
    /// `told` hears of the share that is done, tile by tile.
    ///
    /// # Errors
    /// The device failed or has no room, the picture has no pixels, or `stop` was set: it is looked at for each layer.
    fn upscale(&mut self, picture: &Planes, stop: &AtomicBool, told: &mut dyn FnMut(f32)) -> Result<Planes, MlError>;

    /// A picture made larger without leaving the device: upright R, G, B, A code values in the picture's own transfer curve (`Rgba8` or
    /// `Rgba16`), finished when this returns. None where the picture or what becomes of it has no room there as a whole, or this computes
    /// elsewhere: [`Upscaler::upscale`] is the way then.
    ///
    /// # Errors
    /// As [`Upscaler::upscale`].
    fn upscale_on_device(
        &mut self,
        _picture: DeviceSource<'_>,
        _format: PixelFormat,
        _stop: &AtomicBool,
        _told: &mut dyn FnMut(f32),
    ) -> Option<Result<DevicePicture, MlError>> {
        None
    }

    /// Whether it may be quick enough for pictures that play: it computes on graphics hardware.
    fn may_play(&mut self) -> bool {
        false
    }
}

/// An upscaler on the processor. `side`: of the tiles in pixels; None = what suits it, 0 = whole pictures.
pub fn on_cpu(net: &Net, side: Option<usize>) -> Box<dyn Upscaler> {
    Box::new(Tiled::new(net, Box::new(CpuNet::new(net)), "CPU", side))
}

pub(super) struct Tiled {
    net: Box<dyn Forward>,
    cut: Cut,
    name: String,
}

impl Tiled {
    pub fn new(net: &Net, forward: Box<dyn Forward>, device: &str, side: Option<usize>) -> Self {
        let cut = Cut { scale: net.scale(), pad: net.pad(), multiple: net.multiple(), side };
        Self { net: forward, cut, name: format!("{}, {device}", net.describe()) }
    }

    fn three(&mut self, picture: &Planes, stop: &AtomicBool, told: &mut dyn FnMut(f32)) -> Result<Planes, MlError> {
        tiled(&mut *self.net, picture, &mut self.cut, stop, told)
    }

    /// One plane through the network, as grey.
    fn one(&mut self, picture: &Planes, plane: usize, stop: &AtomicBool, told: &mut dyn FnMut(f32)) -> Result<Vec<f32>, MlError> {
        let data = picture.plane(plane).repeat(3);
        let out = self.three(&Planes { channels: 3, data, ..*picture }, stop, told)?;
        // BT.601, as OpenCV makes grey of RGB
        let rgb = out.plane(0).iter().zip(out.plane(1)).zip(out.plane(2));
        Ok(rgb.map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b).collect())
    }
}

impl Upscaler for Tiled {
    fn scale(&self) -> usize {
        self.cut.scale
    }

    fn describe(&self) -> String {
        self.name.clone()
    }

    fn upscale(&mut self, picture: &Planes, stop: &AtomicBool, told: &mut dyn FnMut(f32)) -> Result<Planes, MlError> {
        let (width, height) = (picture.width, picture.height);
        let _span = tracing::debug_span!("upscale", width, height).entered();
        if width == 0 || height == 0 || !(1..=4).contains(&picture.channels) || picture.data.len() != width * height * picture.channels {
            return Err(MlError::Size { width, height });
        }
        let colours = if picture.channels < 3 { 1 } else { 3 };
        let alpha = (picture.channels > colours).then(|| picture.plane(colours));
        // most pictures with alpha have none to speak of
        let clear = alpha.filter(|a| a.iter().any(|v| *v < 1.0));
        let share = if clear.is_some() { 0.5 } else { 1.0 };
        let mut first = |f: f32| told(f * share);
        let mut data = match colours {
            1 => self.one(picture, 0, stop, &mut first)?,
            _ if picture.channels == 3 => self.three(picture, stop, &mut first)?.data,
            _ => {
                let colour = Planes { channels: 3, data: picture.data[..3 * width * height].to_vec(), ..*picture };
                self.three(&colour, stop, &mut first)?.data
            }
        };
        if clear.is_some() {
            data.extend(self.one(picture, colours, stop, &mut |f| told(0.5 + 0.5 * f))?);
        }
        let (w, h) = (width * self.cut.scale, height * self.cut.scale);
        if alpha.is_some() && clear.is_none() {
            data.resize(data.len() + w * h, 1.0);
        }
        data.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
        Ok(Planes { width: w, height: h, channels: picture.channels, data })
    }

    fn upscale_on_device(
        &mut self,
        picture: DeviceSource<'_>,
        format: PixelFormat,
        stop: &AtomicBool,
        told: &mut dyn FnMut(f32),
    ) -> Option<Result<DevicePicture, MlError>> {
        let liked = self.net.side();
        let net = self.net.on_device()?;
        upscaled_there(net, &mut self.cut, liked, picture, format, stop, told).transpose()
    }

    fn may_play(&mut self) -> bool {
        self.net.on_device().is_some_and(|n| n.is_hardware())
    }
}

/// A picture through an upscaler, more than once where its scale is less than is asked for, and then into the size.
///
/// # Errors
/// As [`Upscaler::upscale`].
pub fn upscaled_to(
    upscaler: &mut dyn Upscaler,
    picture: &Planes,
    size: (usize, usize),
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<Planes, MlError> {
    let mut large = upscaler.upscale(picture, stop, told)?;
    // a network of ×2 that is asked for more does it again
    while large.width < size.0 && large.height < size.1 && upscaler.scale() > 1 {
        large = upscaler.upscale(&large, stop, told)?;
    }
    resized_to(large, size)
}

/// A picture that was made larger, in the size that is wanted.
///
/// # Errors
/// The size has no pixels, or too many.
pub fn resized_to(large: Planes, size: (usize, usize)) -> Result<Planes, MlError> {
    if (large.width, large.height) == size {
        return Ok(large);
    }
    let mut out = resized(&large, size)?;
    // the kernel overshoots beside edges
    out.data.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
    Ok(out)
}
