//! Painted clips are invisible to screen readers and tests; here each visible one gets a node of its own.

use super::{clips::clip_name, lanes::Lanes};
use crate::{
    app::{
        state::{Cx, Selection},
        words::{tr, tr_args},
    },
    base::ClipId,
};
use egui::{Id, Ui, accesskit};

/// Id of a clip's node.
pub fn clip_node_id(clip: ClipId) -> Id {
    Id::unique(("timeline clip", clip.0))
}

/// What a clip's node is called: name, track, start, duration, and what is done to it.
fn clip_label(cx: &Cx<'_>, track: &str, clip: &crate::model::Clip) -> String {
    let s = &cx.project.sequence;
    let length = crate::base::format_timecode(clip.duration, s.frame_rate, false);
    let args = [
        ("clip", clip_name(&cx.project, clip).into()),
        ("track", track.into()),
        ("start", s.timecode(clip.start).into()),
        ("length", length.into()),
    ];
    let mut label = tr_args("timeline-clip", &args);
    let effects = clip.effects.iter().filter(|e| e.enabled).count();
    for (says, key) in [(!clip.enabled, "timeline-is-off"), (effects > 0, "timeline-has-effects")] {
        if says {
            label.push_str(", ");
            label.push_str(&tr(key));
        }
    }
    label
}

/// Add nodes for the visible clips, unless nobody listens. A click from a screen reader selects the clip.
pub fn add_nodes(ui: &Ui, cx: &mut Cx<'_>, lanes: &Lanes, lanes_id: Id) {
    let listening = ui.ctx().accesskit_node_builder(lanes_id, |node| {
        node.set_role(accesskit::Role::List);
        node.set_label(tr("timeline-lanes"));
    });
    if listening.is_none() {
        return;
    }
    let (from, to) = lanes.visible();
    for lane in &lanes.lanes {
        for clip in lane.track.clips_in(from, to) {
            let rect = lanes.clip_rect(lane, clip.start, clip.end()).intersect(lanes.rect);
            if rect.width() < 3.0 || rect.height() <= 0.0 {
                continue;
            }
            let id = clip_node_id(clip.id);
            let label = clip_label(cx, &lane.label, clip);
            let selected = cx.shared.selection.clips.contains(&clip.id);
            ui.ctx().accesskit_node_builder(id, |node| {
                node.set_role(accesskit::Role::ListItem);
                node.set_label(label);
                node.set_selected(selected);
                node.add_action(accesskit::Action::Click);
                node.add_action(accesskit::Action::ScrollIntoView);
                node.set_bounds(accesskit::Rect {
                    x0: rect.left().into(),
                    y0: rect.top().into(),
                    x1: rect.right().into(),
                    y1: rect.bottom().into(),
                });
            });
            if ui.input(|i| i.has_accesskit_action_request(id, accesskit::Action::Click)) {
                cx.out.select(Selection::clips([clip.id]));
            }
            if ui.input(|i| i.has_accesskit_action_request(id, accesskit::Action::ScrollIntoView)) {
                cx.out.send(crate::session::Command::Seek(clip.start));
            }
        }
    }
}
