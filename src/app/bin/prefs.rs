//! How the bin is looked at: view, size of the pictures, order, columns. Plain values that outlive the panel.

use crate::app::words::tr;
use serde::{Deserialize, Serialize};

/// Smallest and largest width of a thumbnail, in points.
pub const THUMB_RANGE: std::ops::RangeInclusive<f64> = 64.0..=240.0;
/// Narrowest column, in points.
pub const MIN_COLUMN: f32 = 36.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// A thumbnail with facts beside it.
    #[default]
    Rows,
    /// Columns of text.
    List,
    /// Thumbnails side by side.
    Grid,
}

/// What media are told by, and so what they can be ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Column {
    #[default]
    Name,
    Duration,
    Codec,
    Rate,
    FrameSize,
    FileSize,
    Folder,
    Uses,
    /// The order in which media came into the project; no column shows it.
    Import,
}

impl Column {
    pub const ALL: [Self; 9] =
        [Self::Name, Self::Duration, Self::Codec, Self::Rate, Self::FrameSize, Self::FileSize, Self::Folder, Self::Uses, Self::Import];

    pub fn title(self) -> String {
        tr(match self {
            Self::Name => "bin-column-name",
            Self::Duration => "bin-column-duration",
            Self::Codec => "bin-column-codec",
            Self::Rate => "bin-column-rate",
            Self::FrameSize => "bin-column-frame-size",
            Self::FileSize => "bin-column-file-size",
            Self::Folder => "bin-column-folder",
            Self::Uses => "bin-column-uses",
            Self::Import => "bin-column-import",
        })
    }

    /// Figures stand at the right of their column.
    pub fn is_figure(self) -> bool {
        matches!(self, Self::Duration | Self::Rate | Self::FileSize | Self::Uses)
    }
}

/// Order of the media in each folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    pub by: Column,
    pub descending: bool,
}

impl Sort {
    /// What a click on a column's head does: order by it, or turn the order around.
    pub fn click(&mut self, column: Column) {
        *self = Self { by: column, descending: self.by == column && !self.descending };
    }
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnPrefs {
    pub column: Column,
    /// Points.
    pub width: f32,
    pub shown: bool,
}

/// What the bin remembers from one start to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BinPrefs {
    pub view: View,
    pub sort: Sort,
    /// Width of thumbnails in points.
    pub thumb: f32,
    pub columns: Vec<ColumnPrefs>,
}

impl Default for BinPrefs {
    fn default() -> Self {
        let column = |column, width, shown| ColumnPrefs { column, width, shown };
        Self {
            view: View::Rows,
            sort: Sort::default(),
            thumb: 94.0,
            columns: vec![
                column(Column::Name, 168.0, true),
                column(Column::Duration, 60.0, true),
                column(Column::Codec, 56.0, true),
                column(Column::Rate, 50.0, true),
                column(Column::FrameSize, 84.0, true),
                column(Column::FileSize, 66.0, true),
                column(Column::Folder, 96.0, false),
                column(Column::Uses, 46.0, true),
            ],
        }
    }
}

impl BinPrefs {
    /// What the settings file them under.
    pub const NAME: &str = "media";

    /// From the settings; the usual ones where there are none or a newer version's.
    pub fn from_text(text: Option<&String>) -> Self {
        let mut prefs: Self = text.and_then(|t| ron::from_str(t).ok()).unwrap_or_default();
        let usual = Self::default();
        prefs.thumb =
            if prefs.thumb.is_finite() { prefs.thumb.clamp(*THUMB_RANGE.start() as f32, *THUMB_RANGE.end() as f32) } else { usual.thumb };
        prefs.columns.retain(|c| c.width.is_finite() && c.column != Column::Import);
        prefs.columns.dedup_by_key(|c| c.column);
        for c in &mut prefs.columns {
            c.width = c.width.max(MIN_COLUMN);
        }
        let missing = usual.columns.into_iter().filter(|c| prefs.columns.iter().all(|p| p.column != c.column)).collect::<Vec<_>>();
        prefs.columns.extend(missing);
        prefs
    }

    /// Columns in the order of the screen; the name is always among them.
    pub fn shown(&self) -> impl Iterator<Item = &ColumnPrefs> {
        self.columns.iter().filter(|c| c.shown || c.column == Column::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_click_on_a_head_turns_the_order_around() {
        let mut sort = Sort::default();
        sort.click(Column::Name);
        assert!(sort.descending);
        sort.click(Column::Duration);
        assert_eq!(sort, Sort { by: Column::Duration, descending: false });
        sort.click(Column::Duration);
        sort.click(Column::Duration);
        assert!(!sort.descending);
    }

    #[test]
    fn preferences_outlive_a_start_and_old_ones_are_filled_up() {
        let mut prefs = BinPrefs { view: View::Grid, thumb: 120.0, ..BinPrefs::default() };
        prefs.columns[6].shown = true;
        let text = ron::to_string(&prefs).unwrap();
        assert_eq!(BinPrefs::from_text(Some(&text)), prefs);
        let old = "(view: List, columns: [(column: Name, width: 1.0, shown: true)])".to_owned();
        let filled = BinPrefs::from_text(Some(&old));
        assert_eq!((filled.view, filled.columns.len(), filled.columns[0].width), (View::List, Column::ALL.len() - 1, MIN_COLUMN));
        assert_eq!(BinPrefs::from_text(Some(&"damaged".into())), BinPrefs::default());
    }
}
