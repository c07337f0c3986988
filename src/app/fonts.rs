//! Typefaces of the window: Inter Regular and SemiBold, Phosphor as the icon fall-back, and figures of equal width.
//! Bundled; nothing is read from disk. UI thread.

use egui::{Color32, Context, FontData, FontDefinitions, FontFamily, FontId, FontTweak, text::LayoutJob, text::TextFormat};
use std::sync::Arc;

const SEMIBOLD: &str = "Inter SemiBold";
const ICONS: &str = "Phosphor";

/// Install the bundled fonts. Without it no text has the window's look and no icon has a glyph.
pub fn install(ctx: &Context) {
    ctx.set_fonts(definitions());
}

fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    // egui's own fonts stay behind ours, for symbols and scripts that Inter does not have
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let inter = |bytes: &'static [u8]| Arc::new(FontData::from_static(bytes));
    fonts.font_data.insert("Inter".into(), inter(include_bytes!("../../assets/fonts/Inter-Regular.otf")));
    fonts.font_data.insert(SEMIBOLD.into(), inter(include_bytes!("../../assets/fonts/Inter-SemiBold.otf")));
    // Phosphor's glyphs fill their em box; a little lower they stand on Inter's middle line
    let tweak = FontTweak { y_offset_factor: 0.06, ..FontTweak::default() };
    let phosphor = FontData::from_static(include_bytes!("../../assets/icons/Phosphor.ttf")).tweak(tweak);
    fonts.font_data.insert(ICONS.into(), Arc::new(phosphor));
    let chain = |first: &str| [first.to_owned(), ICONS.to_owned()].into_iter().chain(fallback.iter().cloned()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, chain("Inter"));
    fonts.families.insert(FontFamily::Monospace, chain("Inter"));
    fonts.families.insert(FontFamily::Name(SEMIBOLD.into()), chain(SEMIBOLD));
    fonts.families.insert(FontFamily::Name(ICONS.into()), vec![ICONS.into(), "Inter".into()]);
    fonts
}

/// Regular face at `size` points.
pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// SemiBold face at `size` points.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// The icon face at `size` points, for text that is nothing but icons.
///
/// Inter has signs of its own at some private codepoints (`icons::SHADOWED`); within words those win over Phosphor's.
pub fn icon(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICONS.into()))
}

/// Text whose digits all have the advance of the widest one, so that running time does not jitter.
///
/// egui applies no OpenType features (`tnum` would do this), so each digit is a section of its own, centred in a fixed
/// cell by its leading space; other characters keep their own advance.
pub fn tabular(ctx: &Context, text: &str, font: &FontId, color: Color32) -> LayoutJob {
    let format = TextFormat::simple(font.clone(), color);
    let mut job = LayoutJob::default();
    job.wrap.max_rows = 1;
    ctx.fonts_mut(|fonts| {
        let cell = ('0'..='9').map(|c| fonts.glyph_width(font, c)).fold(0.0, f32::max);
        let mut carry = 0.0;
        let mut buffer = [0; 4];
        for c in text.chars() {
            let side = if c.is_ascii_digit() { (cell - fonts.glyph_width(font, c)) / 2.0 } else { 0.0 };
            job.append(c.encode_utf8(&mut buffer), carry + side, format.clone());
            carry = side;
        }
    });
    job
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let ctx = Context::default();
        install(&ctx);
        // the first pass brings the fonts in
        ctx.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
        ctx
    }

    #[test]
    fn every_icon_has_a_glyph_in_every_face() {
        let ctx = context();
        for font in [regular(14.0), semibold(14.0), icon(14.0)] {
            for icon in super::super::icons::ALL {
                assert!(ctx.fonts_mut(|f| f.has_glyph(&font, *icon)), "no glyph for {:x}", *icon as u32);
            }
        }
    }

    #[test]
    fn icons_within_words_are_not_taken_for_signs_of_the_text_face() {
        let mut fonts = definitions();
        fonts.families.insert(FontFamily::Proportional, vec!["Inter".into()]);
        let ctx = Context::default();
        ctx.set_fonts(fonts);
        ctx.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
        let taken: Vec<char> =
            super::super::icons::ALL.iter().copied().filter(|c| ctx.fonts_mut(|f| f.has_glyph(&regular(14.0), *c))).collect();
        assert_eq!(taken, super::super::icons::SHADOWED);
    }

    #[test]
    fn running_time_does_not_jitter() {
        let ctx = context();
        let font = semibold(22.0);
        let width = |text: &str| {
            let job = tabular(&ctx, text, &font, Color32::WHITE);
            ctx.fonts_mut(|f| f.layout_job(job)).rect.width()
        };
        // the last digit's own side bearing is all that may differ
        assert!((width("11:11:11:18") - width("00:00:00:08")).abs() < 1.0, "{} {}", width("11:11:11:18"), width("00:00:00:08"));
    }
}
