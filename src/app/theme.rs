//! Design tokens: every colour and length of the window. Tokens are data (`assets/themes/*.ron`); no other file of the
//! window holds a colour. Runs on the UI thread; reads nothing from disk.

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Vec2, Visuals, style::ScrollStyle};
use serde::{Deserialize, Deserializer, de};

/// A colour token, written `#rrggbb` or `#rrggbbaa` (straight alpha).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgba(pub Color32);

impl<'de> Deserialize<'de> for Rgba {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Color32::from_hex(&text).map(Self).map_err(|_| de::Error::custom(format!("{text:?} is not a colour; write #rrggbb or #rrggbbaa")))
    }
}

/// Hues of one kind of clip.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClipHue {
    /// Name bar.
    pub base: Rgba,
    /// Body behind film strip or waveform.
    pub body: Rgba,
    /// Waveform and fade lines on the body.
    pub wave: Rgba,
}

/// Colours of the measuring instruments.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeHues {
    pub ground: Rgba,
    /// Graticule.
    pub line: Rgba,
    pub text: Rgba,
    pub luma: Rgba,
    pub red: Rgba,
    pub green: Rgba,
    pub blue: Rgba,
    /// Line of skin tones in the vectorscope.
    pub skin: Rgba,
}

/// The tokens of one theme.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    pub dark: bool,
    pub surfaces: (Rgba, Rgba, Rgba, Rgba),
    pub line: Rgba,
    pub text: Rgba,
    pub secondary: Rgba,
    pub faint: Rgba,
    pub accent: Rgba,
    pub accent_text: Rgba,
    pub accent_hover: Rgba,
    pub on_accent: Rgba,
    pub on_clip: Rgba,
    pub video: ClipHue,
    pub audio: ClipHue,
    pub music: ClipHue,
    pub title: ClipHue,
    pub ok: Rgba,
    pub warning: Rgba,
    pub failure: Rgba,
    pub joint: Rgba,
    pub veil: Rgba,
    pub shadow: Rgba,
    pub overlay: Rgba,
    pub overlay_shade: Rgba,
    pub overlay_mask: Rgba,
    pub scope: ScopeHues,
    pub markers: Vec<Rgba>,
}

/// Which theme is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    /// As the desktop says; dark where it says nothing.
    System,
}

impl ThemeChoice {
    /// Dark or light, whichever it means now.
    pub fn resolved(self, ctx: &egui::Context) -> Self {
        match self {
            Self::System if ctx.system_theme() == Some(egui::Theme::Light) => Self::Light,
            Self::System => Self::Dark,
            other => other,
        }
    }
}

/// Sizes of the window, in points. Spacing sits on a 4-point grid.
pub mod size {
    pub const TEXT: f32 = 12.0;
    pub const SMALL: f32 = 11.0;
    pub const HEADING: f32 = 14.0;
    pub const ICON: f32 = 15.0;
    pub const RADIUS: u8 = 6;
    pub const CLIP_RADIUS: u8 = 4;
    pub const TOP_BAR: f32 = 36.0;
    pub const STATUS: f32 = 26.0;
    pub const TRANSPORT: f32 = 44.0;
    pub const TOOLS: f32 = 34.0;
    pub const RULER: f32 = 36.0;
    pub const HEADERS: f32 = 132.0;
    pub const NAME_BAR: f32 = 16.0;
    pub const ROW: f32 = 24.0;
}

/// Draws a texture in its own colours.
pub const UNTINTED: Color32 = Color32::WHITE;

/// A theme ready for drawing.
#[derive(Clone, Debug)]
pub struct Theme {
    pub choice: ThemeChoice,
    tokens: Tokens,
}

macro_rules! colors {
    ($($name:ident),*) => { $(pub fn $name(&self) -> Color32 { self.tokens.$name.0 })* };
}

impl Theme {
    /// The bundled theme. The token files are compiled in and read by a test, so a broken one never ships.
    pub fn load(choice: ThemeChoice) -> Self {
        let text = match choice {
            ThemeChoice::Dark | ThemeChoice::System => include_str!("../../assets/themes/dark.ron"),
            ThemeChoice::Light => include_str!("../../assets/themes/light.ron"),
        };
        match ron::from_str(text) {
            Ok(tokens) => Self { choice, tokens },
            Err(e) => unreachable!("the bundled theme does not read: {e}"),
        }
    }

    /// The same looks, chosen by what `choice` says.
    pub fn chosen_as(self, choice: ThemeChoice) -> Self {
        Self { choice, ..self }
    }

    pub fn is_dark(&self) -> bool {
        self.tokens.dark
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    colors!(
        line,
        text,
        secondary,
        faint,
        accent,
        accent_text,
        accent_hover,
        on_accent,
        on_clip,
        ok,
        warning,
        failure,
        joint,
        veil,
        overlay,
        overlay_shade,
        overlay_mask
    );

    /// Surface 0 (behind the picture) to 3 (fields).
    pub fn surface(&self, level: u8) -> Color32 {
        let s = &self.tokens.surfaces;
        match level {
            0 => s.0,
            1 => s.1,
            2 => s.2,
            _ => s.3,
        }
        .0
    }

    /// Colour of a marker's index; indices past the end start over.
    pub fn marker(&self, index: u8) -> Color32 {
        self.tokens.markers.get(usize::from(index) % self.tokens.markers.len().max(1)).map_or(self.accent(), |c| c.0)
    }

    /// Behind the film's picture, as a screen is: black in every theme.
    pub fn canvas(&self) -> Color32 {
        Color32::BLACK
    }

    /// The accent, faint enough to lie behind text.
    pub fn accent_tint(&self) -> Color32 {
        self.accent().gamma_multiply(0.16)
    }

    /// Under dialogs and messages.
    pub fn shadow(&self) -> Shadow {
        Shadow { offset: [0, 12], blur: 40, spread: 0, color: self.tokens.shadow.0 }
    }

    /// 1 px line between panels.
    pub fn hairline(&self) -> Stroke {
        Stroke::new(1.0, self.line())
    }

    /// Text and widget looks for egui.
    pub fn style(&self) -> Style {
        let mut style = Style { visuals: self.visuals(), ..Style::default() };
        let regular = |size| FontId::new(size, FontFamily::Proportional);
        style.text_styles = [
            (TextStyle::Small, regular(size::SMALL)),
            (TextStyle::Body, regular(size::TEXT)),
            (TextStyle::Button, regular(size::TEXT)),
            (TextStyle::Monospace, regular(size::TEXT)),
            (TextStyle::Heading, super::fonts::semibold(size::HEADING)),
        ]
        .into();
        style.drag_value_text_style = TextStyle::Body;
        style.animation_time = 0.08;
        let s = &mut style.spacing;
        s.item_spacing = Vec2::new(8.0, 4.0);
        s.button_padding = Vec2::new(8.0, 3.0);
        s.interact_size = Vec2::new(32.0, size::ROW);
        s.menu_margin = Margin::same(4);
        s.menu_spacing = 2.0;
        s.window_margin = Margin::same(16);
        s.icon_width = 14.0;
        s.combo_width = 80.0;
        s.slider_rail_height = 4.0;
        s.scroll = ScrollStyle { floating_allocated_width: 0.0, ..ScrollStyle::floating() };
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.4;
        style
    }

    fn visuals(&self) -> Visuals {
        let mut v = if self.tokens.dark { Visuals::dark() } else { Visuals::light() };
        let radius = CornerRadius::same(size::RADIUS);
        v.panel_fill = self.surface(1);
        v.window_fill = self.surface(1);
        v.window_stroke = self.hairline();
        v.window_corner_radius = CornerRadius::same(10);
        v.menu_corner_radius = radius;
        let shadow = self.tokens.shadow.0;
        v.window_shadow = self.shadow();
        v.popup_shadow = Shadow { offset: [0, 6], blur: 18, spread: 0, color: shadow };
        v.extreme_bg_color = self.surface(0);
        v.text_edit_bg_color = Some(self.surface(2));
        v.faint_bg_color = self.surface(2);
        v.code_bg_color = self.surface(2);
        v.hyperlink_color = self.accent();
        v.warn_fg_color = self.warning();
        v.error_fg_color = self.failure();
        v.weak_text_color = Some(self.secondary());
        v.selection.bg_fill = self.accent().gamma_multiply(0.45);
        v.selection.stroke = Stroke::new(1.0, self.accent());
        v.slider_trailing_fill = true;
        v.handle_shape = egui::style::HandleShape::Circle;
        v.widgets.noninteractive.bg_fill = self.surface(1);
        v.widgets.noninteractive.weak_bg_fill = self.surface(1);
        v.widgets.noninteractive.bg_stroke = self.hairline();
        v.widgets.noninteractive.fg_stroke = Stroke::new(1.0, self.text());
        for (w, fill, edge) in [
            (&mut v.widgets.inactive, self.surface(2), Stroke::NONE),
            (&mut v.widgets.hovered, self.surface(3), Stroke::NONE),
            (&mut v.widgets.active, self.surface(3), Stroke::new(1.0, self.accent())),
            (&mut v.widgets.open, self.surface(3), Stroke::NONE),
        ] {
            w.bg_fill = fill;
            w.weak_bg_fill = fill;
            w.bg_stroke = edge;
            w.fg_stroke = Stroke::new(1.0, self.text());
            w.expansion = 0.0;
        }
        for w in
            [&mut v.widgets.noninteractive, &mut v.widgets.inactive, &mut v.widgets.hovered, &mut v.widgets.active, &mut v.widgets.open]
        {
            w.corner_radius = radius;
        }
        v
    }

    /// Make `ctx` look like this theme.
    pub fn apply(&self, ctx: &egui::Context) {
        let theme = if self.tokens.dark { egui::Theme::Dark } else { egui::Theme::Light };
        ctx.set_theme(theme);
        ctx.set_style_of(theme, self.style());
    }
}

/// Contrast ratio of two opaque colours, 1–21 (WCAG 2.2, relative luminance of sRGB).
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let channel = |v: u8| {
        let c = f32::from(v) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |c: Color32| 0.2126 * channel(c.r()) + 0.7152 * channel(c.g()) + 0.0722 * channel(c.b());
    let (hi, lo) = (luminance(a).max(luminance(b)), luminance(a).min(luminance(b)));
    (hi + 0.05) / (lo + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `top` (premultiplied) drawn on an opaque ground.
    fn over(top: Color32, ground: Color32) -> Color32 {
        let left = 255 - u32::from(top.a());
        let mix = |t: u8, g: u8| t.saturating_add((u32::from(g) * left / 255) as u8);
        Color32::from_rgb(mix(top.r(), ground.r()), mix(top.g(), ground.g()), mix(top.b(), ground.b()))
    }

    #[test]
    fn text_can_be_read_on_every_surface_of_both_themes() {
        for choice in [ThemeChoice::Dark, ThemeChoice::Light] {
            let t = Theme::load(choice);
            let must = |what: &str, a: Color32, b: Color32| {
                let c = contrast(a, b);
                assert!(c >= 4.5, "{choice:?}: {what} has a contrast of {c:.2}");
            };
            for level in 0..4 {
                must(&format!("text on surface {level}"), t.text(), t.surface(level));
                must(&format!("secondary text on surface {level}"), t.secondary(), t.surface(level));
            }
            for level in 0..3 {
                must(&format!("warning on surface {level}"), t.warning(), t.surface(level));
                must(&format!("failure on surface {level}"), t.failure(), t.surface(level));
                must(&format!("ok on surface {level}"), t.ok(), t.surface(level));
            }
            must("labels of a scope", t.tokens.scope.text.0, t.tokens.scope.ground.0);
            for level in 0..3 {
                // chosen rows and switched-on buttons
                let tinted = over(t.accent_tint(), t.surface(level));
                must(&format!("text on the accent's tint on surface {level}"), t.text(), tinted);
                must(
                    &format!("secondary text on the accent's tint on surface {level}"),
                    t.secondary(),
                    over(t.accent_tint(), t.surface(1)),
                );
                must(&format!("accent text on surface {level}"), t.accent_text(), t.surface(level));
                must(&format!("accent text on the accent's tint on surface {level}"), t.accent_text(), tinted);
            }
            must("text on the accent", t.on_accent(), t.accent());
            must("text on the hovered accent", t.on_accent(), t.accent_hover());
            for (name, hue) in [("video", t.tokens.video), ("audio", t.tokens.audio), ("music", t.tokens.music), ("title", t.tokens.title)]
            {
                must(&format!("a name on a {name} clip"), t.on_clip(), hue.base.0);
            }
        }
    }

    #[test]
    fn the_accent_stands_out_from_every_surface() {
        for choice in [ThemeChoice::Dark, ThemeChoice::Light] {
            let t = Theme::load(choice);
            for level in 0..3 {
                assert!(contrast(t.accent(), t.surface(level)) >= 3.0, "{choice:?} surface {level}");
            }
        }
    }

    #[test]
    fn contrast_agrees_with_the_standard_at_its_ends() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        assert!((contrast(Color32::from_gray(119), Color32::WHITE) - 4.48).abs() < 0.01);
    }
}
