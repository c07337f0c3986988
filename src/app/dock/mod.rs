//! Where the panels stand: tabs and splits that the user drags, closes and reopens. Owns the tree of tiles and what each
//! panel remembers; draws each panel into its tile. UI thread; keeps nothing itself: the shell puts [`Dock::changed`] layouts
//! into the settings.

mod fit;
mod layout;
mod panel;
mod tabs;

pub use layout::{Layout, Part};
pub use panel::{Home, PANELS, PanelId, PanelSpec};

use super::{
    bin::{self, BinState},
    footage::{self, FootageState},
    history,
    inspector::{self, InspectorState},
    jobs,
    markers::{self, MarkersState},
    state::Cx,
    timeline::{self, TimelineState},
    transcript::{self, TranscriptState},
    viewer::{self, ViewerState},
};
use egui::{Frame, Id, Margin, Rect, Ui, UiBuilder, Vec2};
use egui_tiles::{Container, Tile, TileId, Tree};
use std::collections::BTreeSet;

/// What each panel remembers between passes.
#[derive(Debug, Default)]
pub struct Panels {
    pub bin: BinState,
    pub viewer: ViewerState,
    pub inspector: InspectorState,
    pub timeline: TimelineState,
    pub markers: MarkersState,
    pub transcript: TranscriptState,
    pub footage: FootageState,
}

impl Panels {
    /// Draw a panel into all of `ui`.
    fn panel_ui(&mut self, panel: PanelId, ui: &mut Ui, cx: &mut Cx<'_>) {
        match panel {
            PanelId::Media => bin::bin_ui(ui, &mut self.bin, cx),
            PanelId::Source => viewer::source_ui(ui, &mut self.viewer.source, cx),
            PanelId::Program => viewer::program_ui(ui, &mut self.viewer, cx),
            PanelId::Scopes => viewer::scopes_ui(ui, &mut self.viewer.scopes, cx),
            PanelId::Timeline => timeline::timeline_ui(ui, &mut self.timeline, cx),
            PanelId::Markers => markers::markers_ui(ui, &mut self.markers, cx),
            PanelId::Transcript => transcript::transcript_ui(ui, &mut self.transcript, cx),
            PanelId::Footage => footage::footage_ui(ui, &mut self.footage, cx),
            PanelId::Jobs => jobs::jobs_ui(ui, cx),
            PanelId::History => history::history_ui(ui, cx),
            PanelId::Inspector => inspector::inspector_ui(ui, &mut self.inspector, cx),
        }
    }
}

/// The arrangement of the panels.
pub struct Dock {
    tree: Tree<PanelId>,
    closed: BTreeSet<PanelId>,
    /// The one panel that takes all the room for now.
    maximised: Option<PanelId>,
    /// Room at the last pass; its panels were fitted to it.
    size: Vec2,
    /// The layout has to be made for the room of the next pass.
    fresh: bool,
    /// Something was moved since [`Dock::changed`] was asked.
    touched: bool,
    /// Tab containers whose one panel needs no tab.
    bare: Vec<TileId>,
}

impl Default for Dock {
    fn default() -> Self {
        Self {
            tree: Tree::empty(tree_id()),
            closed: BTreeSet::new(),
            maximised: None,
            size: Vec2::ZERO,
            fresh: true,
            touched: false,
            bare: Vec::new(),
        }
    }
}

fn tree_id() -> Id {
    Id::unique("dock")
}

impl Dock {
    /// Take an arrangement from the settings; the first one where the text is none or no use.
    pub fn load(&mut self, text: Option<&str>) {
        match text.and_then(Layout::from_text) {
            Some(layout) => {
                (self.tree, self.closed) = layout.tree(tree_id());
                self.fresh = false;
            }
            None => self.fresh = true,
        }
        (self.maximised, self.size) = (None, Vec2::ZERO);
    }

    /// Back to the first arrangement.
    pub fn reset(&mut self) {
        self.load(None);
        self.touched = true;
    }

    /// The arrangement for the settings, if it is another than when last asked and nothing is being dragged.
    pub fn changed(&mut self, ui: &Ui) -> Option<Layout> {
        if !self.touched || self.fresh || ui.input(|i| i.pointer.any_down()) {
            return None;
        }
        self.touched = false;
        Layout::of(&self.tree, &self.closed)
    }

    /// Panels that are open, whether in front or behind another.
    pub fn open_panels(&self) -> BTreeSet<PanelId> {
        PANELS.iter().map(|p| p.id).filter(|p| !self.closed.contains(p)).collect()
    }

    fn tile(&self, panel: PanelId) -> Option<TileId> {
        self.tree.tiles.find_pane(&panel)
    }

    /// Was the panel drawn in the last pass?
    pub fn is_in_front(&self, panel: PanelId) -> bool {
        match self.maximised {
            Some(p) => p == panel,
            None => self.tile(panel).is_some_and(|t| self.tree.active_tiles().contains(&t)),
        }
    }

    /// Bring a panel to the front, opening it where it is closed.
    pub fn show(&mut self, panel: PanelId) {
        self.closed.remove(&panel);
        if let Some(tile) = self.tile(panel) {
            self.tree.set_visible(tile, true);
            self.tree.make_active(|id, _| id == tile);
        }
        if self.maximised.is_some_and(|p| p != panel) {
            self.maximised = None;
        }
        self.settle();
    }

    pub fn close(&mut self, panel: PanelId) {
        self.closed.insert(panel);
        if let Some(tile) = self.tile(panel) {
            self.tree.set_visible(tile, false);
        }
        if self.maximised == Some(panel) {
            self.maximised = None;
        }
        self.settle();
    }

    /// Bring a panel to the front, or close it where it is there already.
    pub fn toggle(&mut self, panel: PanelId) {
        if self.is_in_front(panel) { self.close(panel) } else { self.show(panel) }
    }

    /// Give all room to the panel under the pointer (the program viewer where there is none), or take it back.
    pub fn toggle_maximised(&mut self, pointer: Option<egui::Pos2>) {
        self.maximised = match self.maximised {
            Some(_) => None,
            None => Some(pointer.and_then(|pos| self.panel_at(pos)).unwrap_or(PanelId::Program)),
        };
    }

    pub fn maximised(&self) -> Option<PanelId> {
        self.maximised
    }

    fn panel_at(&self, pos: egui::Pos2) -> Option<PanelId> {
        let active = self.tree.active_tiles();
        active.into_iter().find_map(|id| match self.tree.tiles.get(id) {
            Some(Tile::Pane(panel)) if self.area(*panel)?.contains(pos) => Some(*panel),
            _ => None,
        })
    }

    /// Where a panel was drawn, its tab included.
    pub fn area(&self, panel: PanelId) -> Option<Rect> {
        let tile = self.tile(panel)?;
        let parent = self.tree.tiles.parent_of(tile)?;
        self.tree.tiles.rect(tile).map(|r| self.tree.tiles.rect(parent).map_or(r, |p| r.union(p.intersect(r.expand(tabs::HEIGHT)))))
    }

    /// After a change that the room must be shared out anew for.
    fn settle(&mut self) {
        self.size = Vec2::ZERO;
        self.touched = true;
    }

    /// Hide what is closed and what a narrow window has no room for, and share the room out where it has changed.
    fn arrange(&mut self, room: Vec2) {
        if self.fresh {
            (self.tree, self.closed) = Layout::first(room).tree(tree_id());
            self.fresh = false;
        }
        let mut changed = (room - self.size).abs().max_elem() > 0.5;
        for spec in PANELS {
            let Some(tile) = self.tile(spec.id) else { continue };
            let visible = !self.closed.contains(&spec.id) && room.x >= spec.from_width;
            changed |= visible != self.tree.is_visible(tile);
            self.tree.set_visible(tile, visible);
        }
        if changed && let Some(root) = self.tree.root() {
            fit::fit(&mut self.tree.tiles, root, room.x, tabs::GAP);
        }
        self.size = room;
        self.bare = self.tree.tiles.iter().filter(|(_, tile)| self.is_bare(tile)).map(|(id, _)| *id).collect();
    }

    fn is_bare(&self, tile: &Tile<PanelId>) -> bool {
        let Tile::Container(Container::Tabs(tabs)) = tile else { return false };
        let mut shown = tabs.children.iter().filter(|t| self.tree.is_visible(**t));
        match (shown.next().and_then(|t| self.tree.tiles.get(*t)), shown.next()) {
            (Some(Tile::Pane(panel)), None) => panel.spec().bare,
            _ => false,
        }
    }

    /// Draw the panels into all of `ui`.
    pub fn ui(&mut self, ui: &mut Ui, panels: &mut Panels, cx: &mut Cx<'_>) {
        let room = ui.available_rect_before_wrap();
        self.arrange(room.size());
        let mut behavior = tabs::Docked { panels, cx, bare: &self.bare, wish: None, edited: false };
        match self.maximised {
            Some(panel) => behavior.alone_ui(ui, panel, room),
            None => self.tree.ui(&mut behavior, ui),
        }
        let (wish, edited) = (behavior.wish, behavior.edited);
        self.touched |= edited;
        match wish {
            Some(tabs::Wish::Close(panel)) => self.close(panel),
            Some(tabs::Wish::Maximise(panel)) => self.maximised = Some(panel),
            Some(tabs::Wish::Restore) => self.maximised = None,
            None => {}
        }
    }
}

/// Draw one panel into `rect`, on the panels' surface.
fn body_ui(ui: &mut Ui, panels: &mut Panels, cx: &mut Cx<'_>, panel: PanelId, rect: Rect) {
    let margin = if panel.spec().bare { Margin::ZERO } else { Margin { left: 12, right: 12, top: 6, bottom: 4 } };
    let mut ui = ui.new_child(UiBuilder::new().id_salt(panel.spec().name).max_rect(rect));
    ui.shrink_clip_rect(rect);
    Frame::new().fill(cx.theme.surface(1)).inner_margin(margin).show(&mut ui, |ui| {
        ui.set_min_size(ui.available_size());
        panels.panel_ui(panel, ui, cx);
    });
}
