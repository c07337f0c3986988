//! How tabs, gaps and drop targets look: text tabs with a line below the one in front, as a panel's title.

use super::{Panels, body_ui, panel::PanelId};
use crate::app::{
    commands::{self, CommandId as C},
    fonts, icons, jobs,
    state::Cx,
    theme::size,
    widgets,
    words::tr,
};
use egui::{
    Align, Color32, CornerRadius, Id, Layout, PointerButton, Rect, Response, RichText, Sense, Stroke, StrokeKind, Style, Ui, UiBuilder,
    Visuals, WidgetInfo, WidgetText, accesskit::Role, pos2, vec2,
};
use egui_tiles::{Behavior, EditAction, ResizeState, SimplificationOptions, TabState, Tabs, Tile, TileId, Tiles, UiResponse};

/// Height of a tab bar, in points.
pub(super) const HEIGHT: f32 = 34.0;
/// Between panels, in points: room for the line.
pub(super) const GAP: f32 = 1.0;

/// What a tab asks of the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Close(PanelId),
    Maximise(PanelId),
    Restore,
}

/// Draws tiles for one pass.
pub(super) struct Docked<'a, 'b> {
    pub panels: &'a mut Panels,
    pub cx: &'a mut Cx<'b>,
    /// Tab containers whose one panel needs no tab.
    pub bare: &'a [TileId],
    pub wish: Option<Wish>,
    /// The user moved, resized or chose something.
    pub edited: bool,
}

impl Docked<'_, '_> {
    /// A panel that has all the room: its tab, and below it the panel.
    pub fn alone_ui(&mut self, ui: &mut Ui, panel: PanelId, room: Rect) {
        let (bar, body) = room.split_top_bottom_at_y(room.top() + HEIGHT);
        ui.painter().rect_filled(bar, CornerRadius::ZERO, self.cx.theme.surface(1));
        let mut tabs = ui.new_child(UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center)));
        tabs.add_space(4.0);
        let state = TabState { active: true, ..TabState::default() };
        self.tab(&mut tabs, Id::unique("maximised tab"), panel, &state, Sense::click());
        tabs.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(6.0);
            let tip = commands::spec(C::MaximisePanel).hover_text(ui.ctx());
            let name = tr("shell-restore-panels");
            if widgets::icon_button(ui, self.cx.theme, icons::RESTORE, &name, &tip, true, true).clicked() {
                self.wish = Some(Wish::Restore);
            }
        });
        body_ui(ui, self.panels, self.cx, panel, body);
    }

    fn tab(&mut self, ui: &mut Ui, id: Id, panel: PanelId, state: &TabState, sense: Sense) -> Response {
        let title = panel.title();
        let theme = self.cx.theme;
        let (font, color) =
            if state.active { (fonts::semibold(size::TEXT), theme.text()) } else { (fonts::regular(size::TEXT), theme.secondary()) };
        let galley = ui.painter().layout_no_wrap(title.clone(), font, color);
        let count = if panel == PanelId::Jobs { jobs::running(self.cx.program.jobs()) } else { 0 };
        let note = (count > 0).then(|| ui.painter().layout_no_wrap(count.to_string(), fonts::regular(size::SMALL), theme.secondary()));
        let width = galley.size().x + note.as_ref().map_or(0.0, |n| n.size().x + 5.0);
        let (_, rect) = ui.allocate_space(vec2(width + 16.0, HEIGHT));
        let response = ui.interact(rect, id, sense);
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, state.active, &title));
        if !ui.is_rect_visible(rect) || state.is_being_dragged {
            return response;
        }
        let color = if response.hovered() || response.has_focus() { theme.text() } else { color };
        let at = pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0);
        let line_x = at.x..=at.x + galley.size().x;
        ui.painter().galley_with_override_text_color(at, galley, color);
        if let Some(note) = note {
            let at = pos2(rect.right() - 8.0 - note.size().x, rect.center().y - note.size().y / 2.0 + 0.5);
            ui.painter().galley(at, note, color);
        }
        if state.active {
            let line = Rect::from_x_y_ranges(line_x, rect.bottom() - 5.0..=rect.bottom() - 3.0);
            ui.painter().rect_filled(line, CornerRadius::same(1), theme.accent());
        }
        if response.has_focus() {
            let edge = rect.shrink2(vec2(1.0, 5.0));
            ui.painter().rect_stroke(edge, CornerRadius::same(4), Stroke::new(1.0, theme.accent()), StrokeKind::Inside);
        }
        response
    }

    fn tab_menu(&mut self, response: &Response, panel: PanelId) {
        response.context_menu(|ui| {
            let entry = |ui: &mut Ui, icon: char, text: String| {
                ui.button(format!("{icon}  {text}")).clicked() && {
                    ui.close();
                    true
                }
            };
            if entry(ui, icons::MAXIMISE, commands::spec(C::MaximisePanel).text()) {
                self.wish = Some(Wish::Maximise(panel));
            }
            if entry(ui, icons::CLOSE, tr("shell-close-panel")) {
                self.wish = Some(Wish::Close(panel));
            }
            ui.separator();
            if entry(ui, icons::LAYOUT, commands::spec(C::ResetLayout).text()) {
                self.cx.out.run(C::ResetLayout);
            }
        });
        if response.clicked_by(PointerButton::Middle) {
            self.wish = Some(Wish::Close(panel));
        }
    }
}

fn pane(tiles: &Tiles<PanelId>, tile: TileId) -> Option<PanelId> {
    match tiles.get(tile)? {
        Tile::Pane(panel) => Some(*panel),
        Tile::Container(_) => None,
    }
}

impl Behavior<PanelId> for Docked<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, panel: &mut PanelId) -> UiResponse {
        let rect = ui.max_rect();
        body_ui(ui, self.panels, self.cx, *panel, rect);
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, panel: &PanelId) -> WidgetText {
        panel.title().into()
    }

    fn tab_title_for_tile(&mut self, tiles: &Tiles<PanelId>, tile: TileId) -> WidgetText {
        let titles: Vec<String> = match tiles.get(tile) {
            Some(Tile::Pane(panel)) => vec![panel.title()],
            Some(Tile::Container(c)) => c.children().filter_map(|t| pane(tiles, *t)).map(PanelId::title).collect(),
            None => Vec::new(),
        };
        titles.join(" · ").into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<PanelId>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> Response {
        let Some(panel) = pane(tiles, tile) else {
            // a split among tabs cannot be made by dragging; one from a foreign layout has no tab
            return ui.allocate_response(vec2(0.0, HEIGHT), Sense::hover());
        };
        let response = self.tab(ui, id, panel, state, Sense::click_and_drag());
        self.tab_menu(&response, panel);
        response
    }

    fn drag_ui(&mut self, tiles: &Tiles<PanelId>, ui: &mut Ui, tile: TileId) {
        let theme = self.cx.theme;
        let frame = egui::Frame::new()
            .fill(theme.surface(3))
            .corner_radius(CornerRadius::same(size::RADIUS))
            .inner_margin(egui::Margin::symmetric(12, 6))
            .shadow(ui.visuals().popup_shadow);
        let title = self.tab_title_for_tile(tiles, tile);
        frame.show(ui, |ui| ui.label(RichText::new(title.text()).font(fonts::semibold(size::TEXT)).color(theme.text())));
    }

    fn is_tab_bar_visible(&self, tile: TileId, _tabs: &Tabs) -> bool {
        !self.bare.contains(&tile)
    }

    fn tab_bar_left_ui(&mut self, _tiles: &Tiles<PanelId>, ui: &mut Ui, _tile: TileId, _tabs: &Tabs) {
        ui.add_space(4.0);
    }

    fn tab_bar_height(&self, _style: &Style) -> f32 {
        HEIGHT
    }

    fn gap_width(&self, _style: &Style) -> f32 {
        GAP
    }

    fn min_size(&self) -> f32 {
        120.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, flatten_tabs_in_tabs: true, ..SimplificationOptions::default() }
    }

    fn resize_stroke(&self, _style: &Style, state: ResizeState) -> Stroke {
        match state {
            ResizeState::Idle => self.cx.theme.hairline(),
            ResizeState::Hovering => Stroke::new(2.0, self.cx.theme.faint()),
            ResizeState::Dragging => Stroke::new(2.0, self.cx.theme.accent()),
        }
    }

    fn tab_bar_color(&self, _visuals: &Visuals) -> Color32 {
        self.cx.theme.surface(1)
    }

    fn drag_preview_stroke(&self, _visuals: &Visuals) -> Stroke {
        Stroke::new(1.5, self.cx.theme.accent())
    }

    fn drag_preview_color(&self, _visuals: &Visuals) -> Color32 {
        self.cx.theme.accent_tint()
    }

    fn dragged_overlay_color(&self, _visuals: &Visuals) -> Color32 {
        self.cx.theme.veil()
    }

    fn on_edit(&mut self, _action: EditAction) {
        self.edited = true;
    }
}
