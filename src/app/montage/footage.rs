//! What a montage is made of: which media are its footage, and its music. UI thread.

use crate::{
    app::{
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    base::MediaId,
    model::{Media, Project},
    session::montage::Ask,
};
use egui::{ComboBox, RichText, Ui};
use std::collections::BTreeSet;

/// Footage and music of a selection: pictures and films are footage, sound alone is music. Without a picture among them everything in the
/// bin is footage; without sound among them the first sound of the bin is the music.
pub(super) fn of(project: &Project, selected: &BTreeSet<MediaId>) -> (Vec<MediaId>, Option<MediaId>) {
    let picture = |m: &Media| m.info.video.is_some();
    let all = || project.media.iter();
    let mut footage: Vec<MediaId> = all().filter(|(id, m)| selected.contains(id) && picture(m)).map(|(id, _)| *id).collect();
    if footage.is_empty() {
        footage = all().filter(|(_, m)| picture(m)).map(|(id, _)| *id).collect();
    }
    let sounds = || all().filter(|(_, m)| !picture(m) && m.info.audio.is_some()).map(|(id, _)| *id);
    let music = sounds().find(|id| selected.contains(id)).or_else(|| sounds().next());
    (footage, music)
}

/// How much footage there is, and which music.
pub(super) fn footage_ui(ui: &mut Ui, cx: &Cx<'_>, ask: &mut Ask) {
    let secs: f64 = ask.footage.iter().filter_map(|id| cx.project.media.get(id)).map(|m| m.info.duration.as_secs_f64()).sum();
    ui.horizontal(|ui| {
        let text = tr_args("assist-footage", &[("n", ask.footage.len().into()), ("time", widgets::duration_text(secs).into())]);
        ui.label(RichText::new(text).color(cx.theme.secondary()));
        ui.add_space(12.0);
        ui.label(RichText::new(tr("assist-music")).size(size::SMALL).color(cx.theme.secondary()));
        let name = |id: Option<MediaId>| match id.and_then(|id| cx.project.media.get(&id)) {
            Some(m) => m.name.clone(),
            None => tr("assist-no-music"),
        };
        let combo = ComboBox::from_id_salt("montage music").selected_text(name(ask.music)).width(240.0).show_ui(ui, |ui| {
            let sounds = cx.project.media.iter().filter(|(_, m)| m.info.audio.is_some());
            // sound alone first: that is what music mostly is
            let (mut alone, with): (Vec<_>, Vec<_>) = sounds.partition(|(_, m)| m.info.video.is_none());
            alone.extend(with);
            // "none" where it is seen however many sounds there are
            for id in [None].into_iter().chain(alone.into_iter().map(|(id, _)| Some(*id))) {
                ui.selectable_value(&mut ask.music, id, name(id));
            }
        });
        combo.response.accessible_name(tr("assist-music"));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::FrameRate,
        model::{Sequence, fixture},
    };
    use std::sync::Arc;

    #[test]
    fn pictures_are_footage_and_sound_alone_is_music() {
        let mut p = Project::new("a", Sequence::new(640, 360, FrameRate::FPS_25));
        let mut add = |id, m| drop(p.media.insert(MediaId(id), Arc::new(m)));
        add(10, fixture::film("a", FrameRate::FPS_25, 100));
        add(11, fixture::still("b"));
        add(12, fixture::song("c", 60));
        add(13, fixture::song("d", 60));
        let chosen = |ids: &[u64]| of(&p, &ids.iter().map(|id| MediaId(*id)).collect());
        let ids = |ids: &[u64]| ids.iter().map(|id| MediaId(*id)).collect::<Vec<_>>();
        assert_eq!(chosen(&[]), (ids(&[10, 11]), Some(MediaId(12))));
        assert_eq!(chosen(&[11, 13]), (ids(&[11]), Some(MediaId(13))));
        assert_eq!(chosen(&[13]), (ids(&[10, 11]), Some(MediaId(13))));
    }
}
