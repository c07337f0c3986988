//! The settings' page about what lies on the disk: proxies and everything else that can be made again, the room that it may take,
//! and the way to be rid of it. UI thread; measuring and clearing are the session's.

use super::{
    fonts,
    prefs::{note_ui, row_ui},
    state::Cx,
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args, try_tr},
};
use crate::session::{
    Command, Setting, Settings, StorageReport,
    jobs::{Usage, size_text},
};
use egui::{Align, Color32, CornerRadius, DragValue, Id, Layout, Rect, RichText, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

/// Sorts of files that have a place and a colour of their own, in this order; others follow by name.
const ORDER: [&str; 7] = ["proxies", "upscaled", "stabilized", "analysis", "peaks", "thumbnails", "work"];

/// Draw the section. `opened`: it was not shown in the last pass, so it is looked at anew.
pub fn storage_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings, opened: bool) {
    if opened {
        cx.out.send(Command::LookAtStorage);
    }
    widgets::section(ui, cx.theme, &tr("shell-storage"));
    budget_ui(ui, cx, now);
    note_ui(ui, cx.theme, &tr("shell-storage-budget.tip"));
    let Some(report) = cx.program.storage().cloned() else {
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label(RichText::new(tr("shell-storage-measuring")).color(cx.theme.secondary()));
        });
        return;
    };
    ui.add_space(8.0);
    usage_ui(ui, cx, &report);
    ui.add_space(8.0);
    folder_ui(ui, cx, &report);
    let busy = cx.program.storage_busy();
    ui.horizontal(|ui| {
        ui.set_min_height(size::ROW + 4.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let full = report.usage.values().any(|u| u.bytes > 0);
            if ui.add_enabled_ui(full && !busy, |ui| widgets::plain_button(ui, tr("shell-storage-clear"))).inner.clicked() {
                cx.out.send(Command::ClearStorage);
            }
            if busy {
                ui.spinner();
            }
        });
    });
    note_ui(ui, cx.theme, &tr("shell-storage-clear.tip"));
}

/// The room that the user gives. It is in force when the hand is off: on the way to 200 lies 2, which would clear the cache.
fn budget_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings) {
    let label = tr("shell-storage-budget");
    let id = Id::unique("storage budget");
    let mut gib: u32 = ui.data(|d| d.get_temp(id)).unwrap_or(now.disk_cache_gib);
    let field = |ui: &mut Ui| {
        let field = DragValue::new(&mut gib).range(1..=65_536).speed(0.2).suffix(" GiB").update_while_editing(false);
        ui.add_sized(vec2(96.0, size::ROW), field).accessible_name(&label)
    };
    let response = row_ui(ui, cx.theme, &label, field);
    if response.dragged() {
        ui.data_mut(|d| d.insert_temp(id, gib));
        return;
    }
    ui.data_mut(|d| d.remove::<u32>(id));
    if gib != now.disk_cache_gib {
        cx.out.send(Command::Set(Setting::DiskCacheGib(gib)));
    }
}

fn folder_ui(ui: &mut Ui, cx: &mut Cx<'_>, report: &StorageReport) {
    let label = tr("shell-storage-folder");
    row_ui(ui, cx.theme, &label, |ui| {
        if widgets::plain_button(ui, tr("shell-storage-show")).clicked() {
            cx.out.send(Command::RevealStorage);
        }
        let path = report.folder.display().to_string();
        let width = ui.available_width() - 8.0;
        let galley = widgets::elided(ui, &path, fonts::regular(size::SMALL), cx.theme.secondary(), width);
        ui.label(galley).on_hover_text(&path);
    });
}

fn name_of(sort: &str) -> String {
    try_tr(&format!("shell-storage-kind-{sort}")).unwrap_or_else(|| sort.to_owned())
}

fn color_of(theme: &Theme, place: usize) -> Color32 {
    let t = theme.tokens();
    [theme.accent(), t.video.base.0, t.audio.base.0, theme.ok(), theme.warning(), theme.secondary(), theme.faint()][place % 7]
}

/// A bar of what is used of what may be, and a row for each sort.
fn usage_ui(ui: &mut Ui, cx: &Cx<'_>, report: &StorageReport) {
    let place = |sort: &str| ORDER.iter().position(|o| *o == sort).unwrap_or(ORDER.len());
    let mut sorts: Vec<(&str, Usage)> = report.usage.iter().map(|(s, u)| (s.as_str(), *u)).filter(|(_, u)| u.files > 0).collect();
    sorts.sort_by_key(|(s, _)| (place(s), *s));
    let total: u64 = sorts.iter().map(|s| s.1.bytes).sum();
    let text = tr_args(
        "shell-storage-used",
        &[("used", size_text(total).into()), ("budget", size_text(report.budget).into()), ("free", size_text(report.free).into())],
    );
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
    let radius = CornerRadius::same(4);
    ui.painter().rect_filled(rect, radius, cx.theme.surface(3));
    let whole = report.budget.max(total).max(1) as f32;
    let mut left = rect.left();
    for (sort, usage) in &sorts {
        let width = rect.width() * usage.bytes as f32 / whole;
        let part = Rect::from_min_max(pos2(left, rect.top()), pos2((left + width).min(rect.right()), rect.bottom()));
        if part.width() > 0.5 {
            ui.painter().rect_filled(part, radius, color_of(cx.theme, place(sort)));
        }
        left += width;
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, true, tr("shell-storage"));
        info.value = Some(f64::from(total as f32 / whole));
        info
    });
    ui.add_space(2.0);
    note_ui(ui, cx.theme, &text);
    ui.add_space(4.0);
    for (sort, usage) in sorts {
        kind_ui(ui, cx.theme, color_of(cx.theme, place(sort)), &name_of(sort), usage);
    }
}

fn kind_ui(ui: &mut Ui, theme: &Theme, color: Color32, name: &str, usage: Usage) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::ROW - 2.0);
        let (dot, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
        ui.painter().circle_filled(dot.center(), 4.0, color);
        ui.label(RichText::new(name).color(theme.text()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let text = fonts::tabular(ui.ctx(), &size_text(usage.bytes), &fonts::regular(size::TEXT), theme.text());
            ui.label(text);
            ui.label(RichText::new(tr_args("shell-storage-files", &[("n", usage.files.into())])).small().color(theme.secondary()));
        });
    });
}
