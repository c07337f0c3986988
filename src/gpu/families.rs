//! The typefaces that titles can be set in. Reads the system's font folders: not for the window's thread.

use cosmic_text::fontdb;

/// Names of the installed families and of the bundled one, in alphabetical order, each once.
pub fn font_families() -> Vec<String> {
    let _span = tracing::info_span!("font families").entered();
    let mut db = fontdb::Database::new();
    db.load_system_fonts();
    let named = db.faces().filter_map(|f| f.families.first()).map(|(name, _)| name.clone());
    // hidden families of a desktop begin with a point
    let mut names: Vec<String> = named.filter(|n| !n.is_empty() && !n.starts_with('.')).collect();
    names.push(super::text::BUNDLED_FAMILY.to_owned());
    names.sort_by_key(|n| n.to_lowercase());
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bundled_family_is_among_them_once_and_in_order() {
        let names = super::font_families();
        assert_eq!(names.iter().filter(|n| *n == "Inter").count(), 1);
        assert!(names.is_sorted_by_key(|n| n.to_lowercase()));
    }
}
