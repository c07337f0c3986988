//! The styles that come with the program, from `assets/styles`.

use super::Style;

/// What is taken where nobody says anything.
pub const DEFAULT_STYLE: &str = "dynamic";

const TEXTS: [&str; 15] = [
    include_str!("../../../assets/styles/dynamic.ron"),
    include_str!("../../../assets/styles/cinematic.ron"),
    include_str!("../../../assets/styles/hitchcock.ron"),
    include_str!("../../../assets/styles/mtv.ron"),
    include_str!("../../../assets/styles/action.ron"),
    include_str!("../../../assets/styles/documentary.ron"),
    include_str!("../../../assets/styles/minimalist.ron"),
    include_str!("../../../assets/styles/wes_anderson.ron"),
    include_str!("../../../assets/styles/travel.ron"),
    include_str!("../../../assets/styles/vlog.ron"),
    include_str!("../../../assets/styles/sport.ron"),
    include_str!("../../../assets/styles/wedding.ron"),
    include_str!("../../../assets/styles/trailer.ron"),
    include_str!("../../../assets/styles/podcast_highlight.ron"),
    include_str!("../../../assets/styles/short_vertical.ron"),
];

/// All of them, the default first. One that could not be read would be missing; a test reads all.
pub fn builtin() -> Vec<Style> {
    TEXTS.iter().filter_map(|text| Style::parse(text).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_reads_and_has_words_and_a_name_of_its_own() {
        for text in TEXTS {
            let style = Style::parse(text).unwrap_or_else(|e| panic!("{e} in {text}"));
            assert!(!style.title.is_empty() && !style.description.is_empty(), "{}", style.name);
        }
        let mut names: Vec<String> = builtin().into_iter().map(|s| s.name).collect();
        assert_eq!(names[0], DEFAULT_STYLE);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), TEXTS.len());
    }
}
