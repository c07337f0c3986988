//! Where a clip's picture lies in the frame, for handles that are dragged on the screen.

use super::place::{Canvas, cropped, place_canvas_picture, place_media};
use crate::model::{Clip, ClipContent, Project, Transform};

/// The corners of a clip's picture under `transform`, in sequence pixels: left top, right top, right bottom, left bottom of
/// the picture before it is turned. None for sound and for what fills the frame whatever its transform.
pub fn outline(project: &Project, clip: &Clip, transform: &Transform) -> Option<[(f64, f64); 4]> {
    let s = &project.sequence;
    let canvas = Canvas::new((s.width, s.height), 1);
    let (map, size) = match &clip.content {
        ClipContent::Media { media, .. } => {
            let size = project.media.get(media)?.info.video.as_ref()?.display_size();
            (place_media(canvas, size, transform), size)
        }
        ClipContent::Title(_) => (place_canvas_picture(canvas, transform), canvas.size),
        ClipContent::Sequence { sequence, .. } => {
            let inner = project.sequence_of(*sequence)?;
            let size = (inner.width, inner.height);
            (place_media(canvas, size, transform), size)
        }
        ClipContent::Solid { .. } | ClipContent::Adjustment => return None,
    };
    let [left, top, right, bottom] = cropped(size, &transform.crop)?.map(f64::from);
    Some([(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| map.apply(x, y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, Time},
        model::{Crop, fixture::*},
    };

    #[test]
    fn corners_follow_crop_scale_turn_and_place() {
        let p = project(FrameRate::FPS_25);
        let c = clip(20, 0, 10, media_content(10, Time::ZERO));
        let (w, h) = (f64::from(p.sequence.width), f64::from(p.sequence.height));
        let whole = outline(&p, &c, &Transform::default()).unwrap();
        assert_eq!(whole, [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]);
        let t = Transform {
            scale: 0.5,
            rotation: 180.0,
            position: (10.0, 0.0),
            crop: Crop { left: 0.5, ..Crop::default() },
            ..Transform::default()
        };
        let turned = outline(&p, &c, &t).unwrap();
        assert_eq!(turned[0], (w / 2.0 + 10.0, h * 0.75), "the middle of the upper edge, turned around");
        assert_eq!(turned[2], (w / 4.0 + 10.0, h * 0.25));
        assert_eq!(outline(&p, &clip(21, 0, 10, ClipContent::Solid { color: [1.0; 4] }), &t), None);
    }
}
