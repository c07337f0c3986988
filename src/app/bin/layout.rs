//! Where the rows of the bin lie: one under another, or as a grid in which folders span the width. Pure arithmetic; worked
//! out anew when the listing or the width changes.

use super::{listing::Row, prefs::View};
use egui::{Pos2, Rect, Vec2, pos2, vec2};
use std::ops::Range;

/// Pictures are 16:9; others are fitted in.
const ASPECT: f32 = 9.0 / 16.0;
/// Height of a folder's row and of a row of the list.
pub const LINE: f32 = 26.0;
/// Space between rows.
const GAP: f32 = 4.0;
/// Room for name and facts under a picture of the grid.
pub const CAPTION: f32 = 36.0;
/// Space around a picture of the grid.
pub const CELL_PAD: f32 = 5.0;
/// How far media and folders are moved in for each folder around them.
pub const INDENT: f32 = 14.0;

/// Direction of a step by arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Left,
    Right,
    Up,
    Down,
}

/// What places are made from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Made {
    listing: u64,
    view: View,
    width: f32,
    thumb: f32,
}

/// Places of all rows, from the top left of the content.
#[derive(Debug, Default)]
pub struct Places {
    rects: Vec<Rect>,
    pub height: f32,
    made: Option<Made>,
}

/// Size of a thumbnail of this width.
pub fn thumb_size(width: f32) -> Vec2 {
    vec2(width, (width * ASPECT).round())
}

impl Places {
    /// Bring the places up to date; costs nothing where nothing has changed.
    pub fn follow(&mut self, rows: &[Row], listing: u64, view: View, width: f32, thumb: f32) {
        let made = Made { listing, view, width, thumb };
        if self.made == Some(made) {
            return;
        }
        self.made = Some(made);
        self.rects.clear();
        self.rects.reserve(rows.len());
        let size = thumb_size(thumb);
        let columns = ((width / (size.x + 2.0 * CELL_PAD)).floor()).max(1.0);
        let (cell_width, cell_height) = (width / columns, size.y * (width / columns - 2.0 * CELL_PAD) / size.x + CAPTION + 2.0 * CELL_PAD);
        let (mut y, mut column) = (0.0, 0.0);
        for row in rows {
            let rect = match (view, row) {
                (View::Grid, Row::Media { .. }) => {
                    if column == columns {
                        (y, column) = (y + cell_height, 0.0);
                    }
                    column += 1.0;
                    Rect::from_min_size(pos2((column - 1.0) * cell_width, y), vec2(cell_width, cell_height))
                }
                _ => {
                    if column > 0.0 {
                        (y, column) = (y + cell_height, 0.0);
                    }
                    let (height, gap) = match (view, row) {
                        (View::Rows, Row::Media { .. }) => ((size.y + 7.0).max(38.0), GAP),
                        (View::List, _) => (LINE, 0.0),
                        _ => (LINE, GAP),
                    };
                    let rect = Rect::from_min_size(pos2(0.0, y), vec2(width, height));
                    y += height + gap;
                    rect
                }
            };
            self.rects.push(rect);
        }
        self.height = self.rects.last().map_or(0.0, |r| r.bottom());
    }

    pub fn rect(&self, index: usize) -> Option<Rect> {
        self.rects.get(index).copied()
    }

    /// Rows that a window onto the content shows. Bottoms never go up, so that this is a search in order.
    pub fn visible(&self, viewport: Rect) -> Range<usize> {
        let first = self.rects.partition_point(|r| r.bottom() < viewport.top());
        let last = self.rects.partition_point(|r| r.top() <= viewport.bottom());
        first..last.max(first)
    }

    /// Row under a point.
    pub fn at(&self, pos: Pos2) -> Option<usize> {
        let near = self.visible(Rect::from_min_max(pos, pos));
        near.into_iter().find(|i| self.rects[*i].contains(pos))
    }

    /// Rows that a rectangle touches.
    pub fn touched(&self, rect: Rect) -> impl Iterator<Item = usize> + '_ {
        self.visible(rect).filter(move |i| self.rects[*i].intersects(rect))
    }

    /// The row that an arrow key goes to.
    pub fn step(&self, from: usize, step: Step) -> Option<usize> {
        let here = self.rect(from)?;
        match step {
            Step::Left => from.checked_sub(1).filter(|i| self.same_line(*i, here)),
            Step::Right => Some(from + 1).filter(|i| self.same_line(*i, here)),
            Step::Up => {
                let above = self.rects[..from].iter().rposition(|r| r.bottom() <= here.top() + 0.5)?;
                Some(self.nearest(above, here))
            }
            Step::Down => {
                let below = self.rects[from..].iter().position(|r| r.top() >= here.bottom() - 0.5)? + from;
                Some(self.nearest(below, here))
            }
        }
    }

    /// The row a window's height away.
    pub fn page(&self, from: usize, height: f32, down: bool) -> Option<usize> {
        let here = self.rect(from)?;
        let y = if down { here.top() + height } else { here.top() - height };
        let last = self.rects.len().checked_sub(1)?;
        let at = self.rects.partition_point(|r| r.bottom() <= y).min(last);
        Some(self.nearest(at, here))
    }

    fn same_line(&self, index: usize, here: Rect) -> bool {
        self.rect(index).is_some_and(|r| (r.top() - here.top()).abs() < 0.5)
    }

    /// Of the rows on the line of `index`, the one under or over `here`.
    fn nearest(&self, index: usize, here: Rect) -> usize {
        let Some(line) = self.rect(index) else { return index };
        let first = self.rects[..index].iter().rposition(|r| (r.top() - line.top()).abs() > 0.5).map_or(0, |i| i + 1);
        let count = self.rects[first..].iter().take_while(|r| (r.top() - line.top()).abs() < 0.5).count();
        let distance = |i: &usize| (self.rects[*i].center().x - here.center().x).abs();
        (first..first + count).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MediaId;

    /// `f` for folders, `m` for media.
    fn places(rows: &str, view: View, width: f32, thumb: f32) -> Places {
        let row = |(i, c)| match c {
            'f' => Row::Folder { path: format!("{i}").into(), depth: 0, count: 0, open: true },
            _ => Row::Media { id: MediaId(i as u64), depth: 0 },
        };
        let rows: Vec<Row> = rows.chars().enumerate().map(row).collect();
        let mut p = Places::default();
        p.follow(&rows, 1, view, width, thumb);
        p
    }

    #[test]
    fn only_rows_in_sight_are_visible() {
        let p = places(&"m".repeat(10_000), View::List, 300.0, 90.0);
        assert_eq!(p.visible(Rect::from_min_size(pos2(0.0, 2600.5), vec2(300.0, 260.0))), 100..111);
        assert_eq!(p.height, 10_000.0 * LINE);
        assert_eq!(p.visible(Rect::from_min_size(pos2(0.0, 1e9), vec2(300.0, 260.0))), 10_000..10_000);
    }

    #[test]
    fn a_grid_fills_its_width_and_folders_span_it() {
        // columns of 100 and more: three of them
        let p = places("mmmmfmm", View::Grid, 330.0, 100.0 - 2.0 * CELL_PAD);
        let lefts: Vec<f32> = (0..7).map(|i| p.rect(i).unwrap().left()).collect();
        assert_eq!(lefts, [0.0, 110.0, 220.0, 0.0, 0.0, 0.0, 110.0]);
        assert_eq!(p.rect(4).unwrap().width(), 330.0);
        assert!(p.rect(4).unwrap().top() >= p.rect(3).unwrap().bottom());
        assert_eq!(p.at(p.rect(6).unwrap().center()), Some(6));
        assert_eq!(p.at(pos2(300.0, p.rect(6).unwrap().center().y)), None);
    }

    #[test]
    fn arrow_keys_go_to_the_neighbour_on_the_screen() {
        let p = places("mmmmfmm", View::Grid, 330.0, 90.0);
        assert_eq!(p.step(1, Step::Right), Some(2));
        assert_eq!(p.step(2, Step::Right), None);
        assert_eq!(p.step(0, Step::Left), None);
        assert_eq!(p.step(2, Step::Down), Some(3), "the last line is shorter");
        assert_eq!(p.step(1, Step::Up), None);
        assert_eq!(p.step(3, Step::Down), Some(4));
        assert_eq!(p.step(6, Step::Up), Some(4));
        let list = places("fmm", View::Rows, 300.0, 90.0);
        assert_eq!((list.step(0, Step::Down), list.step(2, Step::Down), list.step(2, Step::Up)), (Some(1), None, Some(1)));
    }

    #[test]
    fn a_page_is_as_many_rows_as_fit() {
        let p = places(&"m".repeat(100), View::List, 300.0, 90.0);
        assert_eq!(p.page(10, 10.0 * LINE, true), Some(20));
        assert_eq!(p.page(10, 10.0 * LINE, false), Some(0));
        assert_eq!(p.page(95, 10.0 * LINE, true), Some(99));
    }
}
