//! Which of a media's files its pictures come from.

use crate::{
    base::{ColorTags, MediaId},
    model::{Media, Rendition},
};
use std::{collections::BTreeSet, sync::Arc};

/// What is preferred where a media has more files than its own. The default is what is exported: never a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Small stand-ins that are quick to decode, where there are any.
    pub proxies: bool,
    /// Media whose file is no longer what the project remembers: what was made from it shows something else.
    pub changed: Arc<BTreeSet<MediaId>>,
    /// Captions are shown also where they are no part of the finished picture.
    pub captions: bool,
    /// Upscaled pictures are left out: what was there before.
    pub plain: bool,
    /// How many times as wide and high as its sequence a frame of full quality is drawn; 0 and 1 = as large.
    pub larger: u32,
}

impl Choice {
    /// The file to read.
    pub fn of(&self, id: MediaId, media: &Media) -> Rendition {
        let fits = |r: &Rendition| media.usable(*r).is_some();
        let allowed = |r: &Rendition| if *r == Rendition::Proxy { self.proxies } else { !self.plain };
        [Rendition::Proxy, Rendition::Upscaled]
            .into_iter()
            .filter(allowed)
            .find(fits)
            .filter(|_| !self.changed.contains(&id))
            .unwrap_or_default()
    }
}

/// The colours that the user says a file has, for this one of a media's files: a variant that states other colours than the
/// original was converted when it was made, and is right in itself.
pub(super) fn color_of(media: &Media, rendition: Rendition) -> Option<ColorTags> {
    let stated = |r: Rendition| Some(media.source(r)?.1.video.as_ref()?.color);
    media.color_override.filter(|_| rendition == Rendition::Original || stated(rendition) == stated(Rendition::Original))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{CaptionId, ContentHash, FrameRate, Time},
        model::{Caption, Project, fixture::*},
        plan::{FramePlan, Source, frame, frame_by},
    };

    /// Media 10 with both variants, turned and cropped in frame 3.
    fn film_with_variants() -> Project {
        let mut p = project(FrameRate::NTSC_30);
        let m = Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap());
        (m.proxy, m.upscaled) = (Some(Box::new(proxy_of(m))), Some(Box::new(upscaled_of(m))));
        let mut c = clip(20, 0, 100, media_content(10, Time::from_frames(7, FrameRate::NTSC_30)));
        (c.transform.rotation, c.transform.scale, c.transform.crop.left) = (12.0, 0.7, 0.2);
        put(&mut p, 2, [c]);
        p
    }

    fn change(p: &mut Project, change: impl FnOnce(&mut Media)) {
        change(Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()));
    }

    fn shown(plan: &FramePlan) -> Rendition {
        plan.media_refs().next().unwrap().rendition
    }

    #[test]
    fn an_export_takes_the_upscaled_picture_or_the_original_and_never_a_proxy() {
        let mut p = film_with_variants();
        assert_eq!(shown(&frame(&p, 3, 1)), Rendition::Upscaled);
        change(&mut p, |m| m.upscaled = None);
        assert_eq!(shown(&frame(&p, 3, 1)), Rendition::Original);
    }

    #[test]
    fn a_preview_takes_what_it_is_told_to_while_that_is_of_the_present_file() {
        let mut p = film_with_variants();
        let fast = Choice { proxies: true, ..Choice::default() };
        assert_eq!(shown(&frame_by(&p, 3, 1, &fast)), Rendition::Proxy);
        let changed = Choice { changed: Arc::new([MediaId(10)].into()), ..fast.clone() };
        assert_eq!(shown(&frame_by(&p, 3, 1, &changed)), Rendition::Original);
        change(&mut p, |m| m.file.hash = Some(ContentHash(2)));
        assert_eq!(shown(&frame_by(&p, 3, 1, &fast)), Rendition::Original, "stale");
        change(&mut p, |m| (m.file.hash, m.proxy) = (None, None));
        assert_eq!(shown(&frame_by(&p, 3, 1, &fast)), Rendition::Upscaled);
    }

    #[test]
    fn another_file_is_another_picture_in_the_same_place_at_the_same_moment() {
        let p = film_with_variants();
        let fast = Choice { proxies: true, ..Choice::default() };
        for divisor in [1, 2, 4] {
            let (full, quick) = (frame(&p, 3, divisor), frame_by(&p, 3, divisor, &fast));
            assert_ne!(full.hash, quick.hash);
            let mut same = quick.clone();
            for input in same.layers.iter_mut().flat_map(|l| &mut l.inputs) {
                if let Source::Media(m) = &mut input.source {
                    m.rendition = Rendition::Upscaled;
                }
            }
            assert_eq!(same.layers, full.layers, "size, crop and place are the original's");
        }
    }

    #[test]
    fn colours_that_the_user_states_are_those_of_the_original() {
        let mut p = film_with_variants();
        change(&mut p, |m| m.color_override = Some(ColorTags::SRGB));
        let m = &p.media[&MediaId(10)];
        assert_eq!([Rendition::Original, Rendition::Proxy].map(|r| color_of(m, r)), [Some(ColorTags::SRGB); 2]);
        change(&mut p, |m| m.proxy.as_mut().unwrap().info.video.as_mut().unwrap().color = ColorTags::SRGB);
        assert_eq!(color_of(&p.media[&MediaId(10)], Rendition::Proxy), None);
    }

    #[test]
    fn captions_show_in_the_viewer_and_in_the_film_where_they_are_burnt_in() {
        let mut p = film_with_variants();
        let caption = Caption { id: CaptionId(90), start: 2, duration: 3, text: "Hello".into(), words: Vec::new() };
        Arc::make_mut(&mut p.sequence).captions.push(caption);
        let said = |plan: &FramePlan| matches!(&plan.layers.last().unwrap().inputs[0].source, Source::Title(t) if t.text == "Hello");
        let viewer = Choice { captions: true, ..Choice::default() };
        assert_eq!([1, 2, 4, 5].map(|f| said(&frame_by(&p, f, 1, &viewer))), [false, true, true, false]);
        assert!(!said(&frame(&p, 2, 1)));
        Arc::make_mut(&mut p.sequence).burn_captions = true;
        assert_eq!(frame(&p, 2, 1).hash, frame_by(&p, 2, 1, &viewer).hash);
        assert!(said(&frame(&p, 2, 1)) && !said(&frame(&p, 5, 1)));
    }
}
