//! Which clips belong together, as far as a format can say it.

use super::Reducer;
use crate::{
    interchange::{carries::Links, losses::Place, pieces::is_still},
    model::{Sequence, TrackKind},
};
use std::{collections::HashMap, sync::Arc};

impl Reducer<'_> {
    /// Whether two clips are picture and sound of one file that stand together, with nothing between them to tell apart.
    fn is_pair(&self, s: &Sequence, a: (usize, usize), b: (usize, usize)) -> bool {
        let (ta, tb) = (&s.tracks[a.0], &s.tracks[b.0]);
        if ta.kind == tb.kind {
            return false;
        }
        let (picture, sound) =
            if ta.kind == TrackKind::Video { (&ta.clips[a.1], &tb.clips[b.1]) } else { (&tb.clips[b.1], &ta.clips[a.1]) };
        let media = self.project.media_of(&picture.content);
        (picture.start, picture.duration, picture.enabled, &picture.name) == (sound.start, sound.duration, sound.enabled, &sound.name)
            && picture.content == sound.content
            && media.is_some_and(|m| m.info.audio.is_some() && m.info.video.is_some() && !is_still(m))
            && !self.joined.contains(&sound.id)
    }

    /// Which clips belong together, as far as the format can say it.
    pub(super) fn links(&mut self, s: &mut Sequence) {
        if self.carries.keeps_rest {
            if self.carries.links == Links::None && s.tracks.iter().flat_map(|t| &t.clips).any(|c| c.link.is_some()) {
                self.lost(Place::Timeline, "interchange-lost-links");
            }
            return;
        }
        let mut groups: HashMap<u64, Vec<(usize, usize)>> = HashMap::new();
        for (t, track) in s.tracks.iter().enumerate() {
            for (i, c) in track.clips.iter().enumerate() {
                if let Some(l) = c.link {
                    groups.entry(l).or_default().push((t, i));
                }
            }
        }
        let (links, mut broken) = (self.carries.links, false);
        for members in groups.values() {
            let whole = match links {
                Links::All => members.len() > 1,
                Links::Pairs => match members[..] {
                    [a, b] => self.is_pair(s, a, b),
                    _ => false,
                },
                Links::None => false,
            };
            if !whole {
                broken |= members.len() > 1;
                for (t, i) in members {
                    Arc::make_mut(&mut Arc::make_mut(&mut s.tracks[*t]).clips[*i]).link = None;
                }
            }
        }
        if broken {
            self.approximate(Place::Timeline, "interchange-lost-links", "");
        }
    }
}
