//! Looks of titles that come with the program: `assets/titles.ron`. Compiled in; a test reads them.

use crate::model::TextStyle;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a look is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Use {
    Title,
    LowerThird,
    Subtitle,
    Credits,
    Corner,
}

impl Use {
    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Title => "inspector-preset-title",
            Self::LowerThird => "inspector-preset-lower-third",
            Self::Subtitle => "inspector-preset-subtitle",
            Self::Credits => "inspector-preset-credits",
            Self::Corner => "inspector-preset-corner",
        }
    }
}

/// A look.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    pub name: Use,
    /// Column and row of the nine places, 0–2.
    pub place: (usize, usize),
    pub style: TextStyle,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| match ron::from_str(include_str!("../../../../assets/titles.ron")) {
    Ok(presets) => presets,
    Err(e) => unreachable!("the bundled titles do not read: {e}"),
});

pub fn all() -> &'static [Preset] {
    &PRESETS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_looks_read_and_have_a_place_in_the_frame() {
        assert!(all().len() >= 4);
        for p in all() {
            assert!(p.place.0 < 3 && p.place.1 < 3, "{p:?}");
            assert!((0.01..0.5).contains(&p.style.size), "{p:?}");
            assert_eq!(all().iter().filter(|q| q.name == p.name).count(), 1, "{p:?}");
        }
    }
}
