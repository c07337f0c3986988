//! The settings of this user: the dialog that shows them, and putting them into force in the window. Every change is made
//! at once and kept by the session. UI thread.

use super::{
    commands::CommandId as C,
    fonts, icons,
    keymap::{Keymap, Preset},
    program::Program,
    shell::Shell,
    speaking::speech_ui,
    state::Cx,
    storage::storage_ui,
    theme::{Theme, ThemeChoice, size},
    timeline::Follow,
    widgets,
    words::{self, Language, tr, tr_args},
};
use crate::session::{Command, ProxyCodec, ProxyPolicy, Setting, Settings, ThemeSetting};
use egui::{Align, ComboBox, Context, Id, Layout, RichText, ScrollArea, Ui, WidgetInfo, accesskit::Role};

/// Sizes of text and controls that are offered, in percent.
const SCALES: [u32; 8] = [75, 90, 100, 110, 125, 150, 175, 200];
/// Memory for finished pictures that is offered, in MiB.
const CACHES: [u32; 6] = [256, 512, 1024, 1536, 3072, 6144];

/// The theme of the settings.
pub fn theme_choice(setting: ThemeSetting) -> ThemeChoice {
    match setting {
        ThemeSetting::Dark => ThemeChoice::Dark,
        ThemeSetting::Light => ThemeChoice::Light,
        ThemeSetting::System => ThemeChoice::System,
    }
}

impl Shell {
    /// Make the window as the settings say.
    pub(super) fn apply_settings(&mut self, ctx: &Context, settings: &Settings) {
        (self.speak)(settings.language.as_deref().and_then(Language::of_locale));
        let choice = theme_choice(settings.theme);
        if self.theme.choice != choice {
            self.set_theme(ctx, choice);
        }
        if (ctx.zoom_factor() - settings.ui_scale).abs() > 1e-3 {
            ctx.set_zoom_factor(settings.ui_scale);
        }
        if self.keymap != settings.keymap {
            self.keymap.clone_from(&settings.keymap);
            Keymap::from_text(self.keymap.as_deref()).install(ctx);
        }
    }

    /// What the settings say of a window that has just been opened.
    pub(super) fn start_with(&mut self, ctx: &Context, settings: &Settings) {
        self.apply_settings(ctx, settings);
        self.dock.load(settings.layout.as_deref());
        self.palette.load(settings.panels.get(super::shell::PALETTE));
        self.shared.snapping = settings.snapping;
        self.shared.transition_tenths = settings.transition_tenths;
        self.panels.timeline.follow = settings.follow.as_deref().and_then(Follow::of_name).unwrap_or_default();
    }

    /// Follow the playhead so, now and in the next window.
    pub(super) fn follow(&mut self, program: &mut dyn Program, how: Follow) {
        self.panels.timeline.follow = how;
        program.dispatch(Command::Set(Setting::Follow(Some(how.name().to_owned()))));
    }
}

/// The next larger (or smaller) size of those that are offered.
pub fn next_scale(now: f32, larger: bool) -> f32 {
    let percent = now * 100.0;
    let mut scales = SCALES.iter().map(|s| *s as f32);
    let next = if larger { scales.find(|s| *s > percent + 0.5) } else { scales.rfind(|s| *s < percent - 0.5) };
    next.map_or(now, |s| s / 100.0)
}

/// The pages of the dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Page {
    #[default]
    General,
    Speech,
    Storage,
}

fn pages_ui(ui: &mut Ui, theme: &Theme, page: &mut Page) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let pages =
            [(Page::General, "shell-settings-general"), (Page::Speech, "shell-settings-speech"), (Page::Storage, "shell-settings-storage")];
        for (value, key) in pages {
            let text = tr(key);
            let on = *page == value;
            let color = if on { theme.text() } else { theme.secondary() };
            let button = ui.selectable_label(on, RichText::new(&text).font(fonts::semibold(size::TEXT)).color(color));
            button.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, &text));
            if button.clicked() {
                *page = value;
            }
        }
    });
    ui.separator();
}

/// The dialog. True = it was closed.
pub fn prefs_ui(ui: &Ui, cx: &mut Cx<'_>) -> bool {
    let mut close = false;
    let theme = cx.theme;
    let response = widgets::dialog(theme, "settings").show(ui.ctx(), |ui| {
        let room = ui.ctx().content_rect().size();
        ui.set_width((room.x - 80.0).clamp(300.0, 520.0));
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr("command-settings.title")).font(fonts::semibold(16.0)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let name = tr("shell-close-settings");
                close |= widgets::icon_button(ui, theme, icons::CLOSE, &name, &tr("shell-close"), true, false).clicked();
            });
        });
        let settings = cx.program.settings().clone();
        let page_id = Id::unique("settings page");
        let mut page: Page = ui.data(|d| d.get_temp(page_id)).unwrap_or_default();
        let before = page;
        pages_ui(ui, theme, &mut page);
        ui.data_mut(|d| d.insert_temp(page_id, page));
        // looked at anew each time that it is opened
        let pass = ui.ctx().cumulative_pass_nr();
        let shown_last: Option<u64> = ui.data(|d| d.get_temp(page_id));
        let opened = before != page || shown_last != pass.checked_sub(1);
        ui.data_mut(|d| d.insert_temp(page_id, pass));
        ScrollArea::vertical()
            .id_salt(page)
            .max_height((room.y - 140.0).max(160.0))
            .min_scrolled_height(570.0_f32.min(room.y - 140.0))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                match page {
                    Page::General => {
                        looks_ui(ui, cx, &settings);
                        keys_ui(ui, cx);
                        playback_ui(ui, cx, &settings);
                        editing_ui(ui, cx, &settings);
                    }
                    Page::Speech => speech_ui(ui, cx, &settings, opened),
                    Page::Storage => {
                        proxies_ui(ui, cx, &settings);
                        storage_ui(ui, cx, &settings, opened);
                    }
                }
            });
    });
    close || response.should_close()
}

fn looks_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings) {
    widgets::section(ui, cx.theme, &tr("shell-settings-looks"));
    let mut languages = vec![(None, tr_args("shell-as-desktop", &[("name", Language::of_desktop().own_name().into())]))];
    languages.extend(Language::ALL.map(|l| (Some(l.code().to_owned()), l.own_name().to_owned())));
    choice_ui(ui, cx, "shell-settings-language", &now.language, &languages, |l| Setting::Language(l.clone()));
    let themes = [
        (ThemeSetting::Dark, tr("shell-theme-dark")),
        (ThemeSetting::Light, tr("shell-theme-light")),
        (ThemeSetting::System, tr("shell-theme-system")),
    ];
    choice_ui(ui, cx, "shell-settings-theme", &now.theme, &themes, |t| Setting::Theme(*t));
    let scales = SCALES.map(|s| (s, tr_args("shell-percent", &[("n", s.into())])));
    choice_ui(ui, cx, "shell-settings-scale", &((now.ui_scale * 100.0).round() as u32), &scales, |s| Setting::UiScale(*s as f32 / 100.0));
}

fn keys_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    widgets::section(ui, cx.theme, &tr("shell-settings-keyboard"));
    let preset = Keymap::of(ui.ctx()).preset();
    let presets = Preset::ALL.map(|p| (p, p.name().to_owned()));
    choice_ui(ui, cx, "shell-key-preset", &preset, &presets, |p| Setting::Keymap(Some(Keymap::of_preset(*p).to_text())));
    row_ui(ui, cx.theme, "", |ui| {
        if widgets::plain_button(ui, tr("command-edit-shortcuts")).clicked() {
            cx.out.run(C::EditShortcuts);
        }
    });
}

fn playback_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings) {
    widgets::section(ui, cx.theme, &tr("shell-settings-playback"));
    let qualities = [(0, "shell-quality-auto"), (1, "shell-quality-full"), (2, "shell-quality-half"), (4, "shell-quality-quarter")];
    let qualities = qualities.map(|(divisor, key)| (divisor, tr(key)));
    if let Some(divisor) = choice_ui(ui, cx, "shell-settings-quality", &now.preview_divisor, &qualities, |d| Setting::PreviewDivisor(*d)) {
        cx.out.send(Command::SetQuality(divisor));
    }
    switch_ui(ui, cx, "shell-settings-scrub-sound", now.scrub_sound, Setting::ScrubSound);
    let caches = CACHES.map(|mib| (mib, gigabytes(mib)));
    choice_ui(ui, cx, "shell-settings-cache", &now.frame_cache_mib, &caches, |c| Setting::FrameCacheMib(*c));
    note_ui(ui, cx.theme, &tr("shell-settings-cache.tip"));
}

fn proxies_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings) {
    widgets::section(ui, cx.theme, &tr("shell-settings-proxies"));
    switch_ui(ui, cx, "shell-settings-use-proxies", now.use_proxies, Setting::UseProxies);
    let policies = [
        (ProxyPolicy::Never, tr("shell-proxy-policy-never")),
        (ProxyPolicy::Ask, tr("shell-proxy-policy-ask")),
        (ProxyPolicy::Automatic, tr("shell-proxy-policy-automatic")),
    ];
    choice_ui(ui, cx, "shell-settings-proxy-policy", &now.proxy_policy, &policies, |p| Setting::ProxyPolicy(*p));
    let codecs = [(ProxyCodec::Mjpeg, tr("shell-proxy-codec-mjpeg")), (ProxyCodec::H264, tr("shell-proxy-codec-h264"))];
    choice_ui(ui, cx, "shell-settings-proxy-codec", &now.proxy_codec, &codecs, |c| Setting::ProxyCodec(*c));
    note_ui(ui, cx.theme, &tr("shell-settings-proxy-policy.tip"));
}

fn editing_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings) {
    widgets::section(ui, cx.theme, &tr("shell-settings-editing"));
    switch_ui(ui, cx, "shell-settings-snapping", now.snapping, Setting::Snapping);
    widgets::section(ui, cx.theme, &tr("shell-settings-saving"));
    note_ui(ui, cx.theme, &tr("shell-settings-saving.tip"));
}

fn gigabytes(mib: u32) -> String {
    if mib < 1024 {
        return tr_args("shell-megabytes", &[("n", mib.into())]);
    }
    let gib = f64::from(mib) / 1024.0;
    let places = usize::from(gib.fract() != 0.0);
    tr_args("shell-gigabytes", &[("n", words::decimal(gib, places).into())])
}

/// A row with a name on the left and `content` at the right end.
pub(super) fn row_ui<R>(ui: &mut Ui, theme: &Theme, label: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        ui.set_min_height(size::ROW + 4.0);
        ui.label(RichText::new(label).color(theme.text()));
        ui.with_layout(Layout::right_to_left(Align::Center), content).inner
    })
    .inner
}

pub(super) fn note_ui(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).small().color(theme.secondary())).wrap());
}

/// One of several values; what is chosen goes to the settings and is returned.
pub(super) fn choice_ui<T: Clone + PartialEq>(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    key: &str,
    now: &T,
    options: &[(T, String)],
    setting: impl Fn(&T) -> Setting,
) -> Option<T> {
    let label = tr(key);
    let text = options.iter().find(|o| o.0 == *now).map_or("–", |o| o.1.as_str());
    let mut chosen = None;
    row_ui(ui, cx.theme, &label, |ui| {
        let combo = ComboBox::from_id_salt(key).selected_text(text).width(190.0).show_ui(ui, |ui| {
            for (value, name) in options {
                if ui.selectable_label(value == now, name).clicked() && value != now {
                    chosen = Some(value.clone());
                }
            }
        });
        combo.response.accessible_name(&label);
    });
    if let Some(value) = &chosen {
        cx.out.send(Command::Set(setting(value)));
    }
    chosen
}

fn switch_ui(ui: &mut Ui, cx: &mut Cx<'_>, key: &str, now: bool, setting: impl Fn(bool) -> Setting) {
    let (label, mut on) = (tr(key), now);
    row_ui(ui, cx.theme, &label, |ui| widgets::switch(ui, cx.theme, &mut on, &label));
    if on != now {
        cx.out.send(Command::Set(setting(on)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_go_up_and_down_in_steps_and_stop_at_the_ends() {
        assert_eq!(next_scale(1.0, true), 1.1);
        assert_eq!(next_scale(1.05, false), 1.0);
        assert_eq!((next_scale(2.0, true), next_scale(0.75, false)), (2.0, 0.75));
    }
}
