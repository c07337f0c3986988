//! Small signs on a media: what is special about it, in a word. Only what is known is said; a new fact is a new line in
//! [`badges`].

use crate::{
    app::{
        fonts,
        theme::{Theme, size},
        words::{tr, tr_args},
    },
    model::{Media, Rendition},
    session::{MediaState, ProxyState},
};
use egui::{Color32, CornerRadius, Painter, Pos2, Rect, pos2, vec2};

/// What a badge means, and so its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Quiet,
    Good,
    Special,
    Warning,
    Failure,
}

impl Tone {
    fn color(self, theme: &Theme) -> Color32 {
        match self {
            Self::Quiet => theme.secondary(),
            Self::Good => theme.ok(),
            Self::Special => theme.accent(),
            Self::Warning => theme.warning(),
            Self::Failure => theme.failure(),
        }
    }
}

/// The badges of a media, the most urgent first.
pub fn badges(media: &Media, state: &MediaState, proxy: ProxyState, uses: u32) -> Vec<(String, Tone)> {
    let video = media.info.video.as_ref();
    let is = |fact: bool, key: &str, tone| fact.then(|| (tr(key), tone));
    [
        is(*state == MediaState::Loading, "bin-badge-loading", Tone::Quiet),
        is(matches!(state, MediaState::Offline(_)), "bin-badge-offline", Tone::Failure),
        is(matches!(state, MediaState::EndedEarly(_)), "bin-badge-ends-early", Tone::Warning),
        proxy_badge(proxy),
        is(media.usable(Rendition::Upscaled).is_some(), "bin-badge-upscaled", Tone::Special),
        is(video.is_some_and(|v| v.color.is_hdr()), "bin-badge-hdr", Tone::Special),
        is(video.is_some_and(|v| v.variable_frame_rate), "bin-badge-vfr", Tone::Warning),
        is(video.is_some_and(|v| v.alpha), "bin-badge-alpha", Tone::Good),
        is(video.is_some_and(|v| v.still), "bin-badge-still", Tone::Quiet),
        is(media.color_override.is_some(), "bin-badge-colours", Tone::Quiet),
        (uses > 0).then(|| (tr_args("bin-badge-used", &[("n", uses.into())]), Tone::Quiet)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn proxy_badge(proxy: ProxyState) -> Option<(String, Tone)> {
    match proxy {
        ProxyState::None => None,
        ProxyState::Making(f) => Some((tr_args("bin-badge-proxy-making", &[("n", (f * 100.0).floor().into())]), Tone::Special)),
        ProxyState::Ready => Some((tr("bin-badge-proxy"), Tone::Quiet)),
        ProxyState::Stale => Some((tr("bin-badge-proxy-stale"), Tone::Warning)),
        ProxyState::Missing => Some((tr("bin-badge-proxy-missing"), Tone::Warning)),
    }
}

/// Draw badges side by side from `at`, as many as fit into `width`.
pub fn paint(painter: &Painter, theme: &Theme, badges: &[(String, Tone)], at: Pos2, width: f32) {
    let mut x = at.x;
    for (word, tone) in badges {
        let color = tone.color(theme);
        let galley = painter.layout_no_wrap(word.clone(), fonts::regular(size::SMALL - 1.0), color);
        let rect = Rect::from_min_size(pos2(x, at.y), galley.size() + vec2(10.0, 3.0));
        if rect.right() > at.x + width {
            return;
        }
        painter.rect_filled(rect, CornerRadius::same(4), color.gamma_multiply(0.16));
        painter.galley(rect.min + vec2(5.0, 1.5), galley, color);
        x = rect.right() + 4.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::bin::cards::tests::media, base::Time};

    #[test]
    fn a_plain_file_has_no_badge_and_each_fact_has_one() {
        let mut m = media("a.mp4", "", 3);
        assert_eq!(badges(&m, &MediaState::Online, ProxyState::None, 0), []);
        let plain = std::sync::Arc::make_mut(&mut m);
        if let Some(v) = &mut plain.info.video {
            (v.alpha, v.variable_frame_rate) = (true, true);
        }
        let words: Vec<String> =
            badges(&m, &MediaState::EndedEarly(Time::from_secs(1)), ProxyState::None, 3).into_iter().map(|b| b.0).collect();
        assert_eq!(words, ["ends early", "VFR", "alpha", "used 3×"]);
        assert_eq!(badges(&m, &MediaState::Offline("gone".into()), ProxyState::Ready, 0)[0], ("offline".into(), Tone::Failure));
        let proxy = |state| badges(&m, &MediaState::Online, state, 0)[0].clone();
        assert_eq!(proxy(ProxyState::Making(0.629)), ("proxy 62 %".into(), Tone::Special));
        assert_eq!(proxy(ProxyState::Ready), ("proxy".into(), Tone::Quiet));
        assert_eq!([ProxyState::Stale, ProxyState::Missing].map(|s| proxy(s).1), [Tone::Warning; 2]);
    }
}
