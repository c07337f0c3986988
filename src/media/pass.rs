//! One pass over all pictures of a film, small and upright: for looking at what it shows. Blocks; any worker thread. Decoding and
//! scaling run on the pipeline's threads, `each` on the caller's.

use super::{
    MediaError,
    chain::{Chain, Output, Pulled, Spec},
    container::Container,
    thumbs::{coded_size, picture, small_still, upright},
};
use crate::base::{MediaInfo, Picture, Rotation, Time};
use std::path::Path;

/// Give `each` every picture in the order shown, as RGBA of `height_px` rows without gaps, with the time from which it is shown; false from it
/// stops. A still is given once. A film that is damaged further on ends there.
///
/// # Errors
/// No picture, no decoder, nothing can be decoded, or no answer within 5 s.
pub fn every_picture(
    path: &Path,
    info: &MediaInfo,
    height_px: u32,
    each: &mut dyn FnMut(&Picture, Time) -> bool,
) -> Result<(), MediaError> {
    let _span = tracing::info_span!("every picture", path = %path.display()).entered();
    let video = info.video.as_ref().ok_or_else(|| MediaError::NoVideo(path.into()))?;
    let (width, height) = coded_size(video, height_px);
    if video.still {
        each(&small_still(path, video, (width, height))?, Time::ZERO);
        return Ok(());
    }
    let container = Container::from_name(&info.container).ok_or_else(|| MediaError::NoVideo(path.into()))?;
    // reading straight on, all cores may decode
    let spec = Spec { max_threads: 0, ..Spec::plain(path, container, Output::Rgba { width, height }) };
    let mut chain = Chain::open(&spec)?;
    loop {
        let sample = match chain.pull() {
            Ok(Pulled::Sample(sample)) => sample,
            Ok(Pulled::End) => return Ok(()),
            Err(error @ MediaError::Stalled { .. }) => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "the pictures end early");
                return Ok(());
            }
        };
        let Some((picture, time)) = picture(&sample) else { continue };
        let as_it_is = video.rotation == Rotation::None && picture.planes[0].stride == picture.width as usize * 4;
        let go_on = if as_it_is { each(&picture, time) } else { each(&upright(&picture, video.rotation), time) };
        if !go_on {
            return Ok(());
        }
    }
}
