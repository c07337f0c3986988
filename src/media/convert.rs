//! Pictures into another size, layout and range, by GStreamer's converter. One thread owns it; the converter uses all cores.

use super::encode::{colorimetry, picture_buffer, video_format};
use crate::base::{ColorTags, Picture, PixelFormat, PlaneLayout};
use gstreamer as gst;
use gstreamer_video::{self as gst_video, VideoFrameRef};

/// Layout, size in pixels and colours of pictures.
pub type Shape = (PixelFormat, u32, u32, ColorTags);

/// From one kind of picture to another. Scales with a triangle filter, widened when shrinking so that all pixels count.
pub struct Converter {
    converter: gst_video::VideoConverter,
    from: gst_video::VideoInfo,
    to: gst_video::VideoInfo,
    shape: Shape,
}

impl Converter {
    /// # Errors
    /// GStreamer's reason why these two do not go together.
    pub fn new(from: Shape, to: Shape) -> Result<Self, String> {
        super::init().map_err(|e| e.to_string())?;
        let info = |(format, w, h, color): Shape| {
            gst_video::VideoInfo::builder(video_format(format), w, h)
                .colorimetry(&colorimetry(color, format.bits()))
                .build()
                .map_err(|e| e.to_string())
        };
        let (from, shape, to) = (info(from)?, to, info(to)?);
        let mut config = gst_video::VideoConverterConfig::new();
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        config.set_threads(u32::try_from(threads).unwrap_or(1));
        config.set_resampler_method(gst_video::VideoResamplerMethod::Linear);
        // the curve and the primaries stay: only sizes, layouts and ranges differ
        let converter = gst_video::VideoConverter::new(&from, &to, Some(config)).map_err(|e| e.to_string())?;
        Ok(Self { converter, from, to, shape })
    }

    /// # Errors
    /// The picture is not of the kind that this was made for, or memory ran out.
    pub fn convert(&mut self, picture: &Picture) -> Result<Picture, String> {
        let source = picture_buffer(picture).map_err(|e| e.to_string())?;
        let mut target = gst::Buffer::with_size(self.to.size()).map_err(|e| e.to_string())?;
        {
            let from = VideoFrameRef::from_buffer_ref_readable(&source, &self.from).map_err(|e| e.to_string())?;
            let buffer = target.get_mut().ok_or("the target is in use")?;
            let mut to = VideoFrameRef::from_buffer_ref_writable(buffer, &self.to).map_err(|e| e.to_string())?;
            self.converter.frame_ref(&from, &mut to);
        }
        let (format, w, h, color) = self.shape;
        let mut planes = [PlaneLayout::default(); 3];
        for (plane, (offset, stride)) in planes.iter_mut().zip(self.to.offset().iter().zip(self.to.stride())) {
            *plane = PlaneLayout { offset: *offset, stride: usize::try_from(*stride).map_err(|e| e.to_string())? };
        }
        let map = target.into_mapped_buffer_readable().map_err(|_| "the picture could not be read back".to_owned())?;
        Picture::with_layout(format, w, h, planes, std::sync::Arc::new(map), color).map_err(|e| e.to_string())
    }
}
