//! The top bar: mark, menus, the project's name and whether it is saved, Export. UI thread.

use super::{
    commands::{self, CommandId as C, Menu},
    dock::PanelId,
    fonts, icons,
    state::Cx,
    theme::size,
    widgets,
    words::{tr, tr_args},
};
use egui::{Align, Align2, Button, Layout, MenuBar, RichText, ScrollArea, Sense, Shape, Stroke, Ui, vec2};

pub fn top_bar_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    MenuBar::new().ui(ui, |ui| {
        ui.set_min_height(rect.height() - 4.0);
        ui.add_space(4.0);
        logo(ui, cx);
        ui.add_space(8.0);
        for menu in Menu::ALL {
            let name = menu.title();
            let title = RichText::new(&name).color(cx.theme.secondary());
            ui.menu_button(title, |ui| menu_ui(ui, cx, menu)).response.accessible_name(name);
        }
        let right = ui.available_rect_before_wrap();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(4.0);
            let spec = commands::spec(C::Export);
            let enabled = spec.when.holds(&cx.facts);
            let export = widgets::primary_button(ui, cx.theme, &tr("shell-export"), enabled);
            if export.on_hover_text(spec.hover_text(ui.ctx())).clicked() {
                cx.out.run(C::Export);
            }
            let spec = commands::spec(C::Montage);
            let text = format!("{}  {}", icons::SPARKLE, spec.text());
            let montage = ui.add_enabled(spec.when.holds(&cx.facts), Button::new(text).min_size(vec2(0.0, 26.0)));
            if montage.accessible_name(spec.text()).on_hover_text(spec.hover_text(ui.ctx())).clicked() {
                cx.out.run(C::Montage);
            }
        });
        project_name(ui, cx, rect, right.left());
    });
}

fn logo(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
    let c = rect.center();
    let points = vec![c + vec2(-7.0, 6.0), c + vec2(7.0, -7.0), c + vec2(7.0, 6.0)];
    ui.painter().add(Shape::convex_polygon(points, cx.theme.accent(), Stroke::NONE));
    ui.label(RichText::new("Montage").font(fonts::semibold(14.0)));
}

/// The entries of a menu; in a low window they scroll.
fn menu_ui(ui: &mut Ui, cx: &mut Cx<'_>, menu: Menu) {
    let room = (ui.ctx().content_rect().height() - size::TOP_BAR - 24.0).max(80.0);
    ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, |ui| entries_ui(ui, cx, menu));
}

fn entries_ui(ui: &mut Ui, cx: &mut Cx<'_>, menu: Menu) {
    let rows: Vec<_> = commands::all().filter(|s| s.menu == menu).collect();
    let mut after_submenu = true;
    for group in rows.chunk_by(|a, b| a.group == b.group) {
        let submenu = commands::submenu(menu, group[0].group);
        // submenus stand together; other groups are parted
        if !after_submenu {
            ui.separator();
        }
        after_submenu = submenu.is_some();
        match submenu {
            Some(title) => {
                let title = tr(title);
                ui.menu_button(&title, |ui| group_ui(ui, cx, group)).response.accessible_name(title);
            }
            None => group_ui(ui, cx, group),
        }
    }
}

fn group_ui(ui: &mut Ui, cx: &mut Cx<'_>, group: &[&commands::Spec]) {
    let facts = cx.facts;
    for spec in group {
        let checked = match spec.id {
            C::Snapping => cx.shared.snapping,
            C::LiveUpscale => cx.shared.live_upscale,
            C::LiveUpscaleClips => cx.shows_upscaled(),
            C::UseProxies => cx.program.settings().use_proxies,
            C::ScrubSound => cx.program.settings().scrub_sound,
            C::SwitchTheme => !cx.theme.is_dark(),
            id => PanelId::of_command(id).is_some_and(|p| cx.shared.panels.contains(&p)),
        };
        widgets::command_item(ui, cx.theme, &facts, cx.out, spec.id, checked);
    }
}

/// Name and saved state in the middle of the bar, where there is room.
fn project_name(ui: &Ui, cx: &Cx<'_>, bar: egui::Rect, left: f32) {
    let name = if cx.project.name.is_empty() { tr("shell-untitled") } else { cx.project.name.clone() };
    let key = match (cx.program.project_path().is_some(), cx.program.is_dirty()) {
        _ if cx.program.is_read_only() => "shell-project-read-only",
        (_, true) => "shell-project-not-saved",
        (true, false) => "shell-project-saved",
        (false, false) => "shell-project-new",
    };
    let room = (bar.center().x - left - 12.0).max(0.0) * 2.0;
    if room < 60.0 {
        return;
    }
    let galley = widgets::elided(ui, &tr_args(key, &[("name", name.into())]), fonts::regular(size::TEXT), cx.theme.secondary(), room);
    let rect = Align2::CENTER_CENTER.anchor_size(bar.center(), galley.size());
    ui.painter().galley(rect.min, galley, cx.theme.secondary());
}
