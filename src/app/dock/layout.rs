//! An arrangement of panels as plain data: what the settings keep, and how the window looks at first. Sizes are points;
//! where they do not add up to the window, the part with the picture takes up the difference.

use super::panel::{Home, PANELS, PanelId};
use egui::Vec2;
use egui_tiles::{Container, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Widths of the side panels and the timeline's share of the height in a new window.
const LEFT: f32 = 300.0;
const RIGHT: f32 = 276.0;
/// From this width on two viewers stand side by side, the source with this share of their room.
const TWO_VIEWERS: f32 = 1500.0;
const SOURCE_SHARE: f32 = 0.45;
const TIMELINE_SHARE: f32 = 0.38;
const TIMELINE_MIN: f32 = 220.0;

/// One part of the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Side by side, each with its width.
    Row(Vec<(f32, Part)>),
    /// One below the other, each with its height.
    Column(Vec<(f32, Part)>),
    /// Panels behind each other, by name; `front` is the index of the one in front.
    Tabs { panels: Vec<String>, front: usize },
}

/// The whole arrangement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    pub root: Part,
    /// Panels that are not shown; they keep their place.
    pub closed: Vec<String>,
}

fn tabs_of(homes: &[Home]) -> Part {
    let panels = PANELS.iter().filter(|p| homes.contains(&p.home)).map(|p| p.name.to_owned()).collect();
    let front = PANELS.iter().filter(|p| homes.contains(&p.home)).position(|p| p.open).unwrap_or(0);
    Part::Tabs { panels, front }
}

impl Layout {
    /// How a window of `size` points looks at first: media on the left, picture in the middle, inspector on the right, the
    /// timeline below all of them.
    pub fn first(size: Vec2) -> Self {
        let (width, height) = (size.x.max(1.0), size.y.max(1.0));
        let timeline = (height * TIMELINE_SHARE).max(TIMELINE_MIN).round();
        // a wide screen has room for wider lists
        let (left, right) = if width >= 2000.0 { (LEFT + 60.0, RIGHT + 44.0) } else { (LEFT, RIGHT) };
        let centre = (width - left - right).max(240.0);
        let mut row = vec![(left, tabs_of(&[Home::Left]))];
        if width >= TWO_VIEWERS {
            let source = (centre * SOURCE_SHARE).round();
            row.extend([(source, tabs_of(&[Home::Beside])), (centre - source, tabs_of(&[Home::Centre]))]);
        } else {
            row.push((centre, tabs_of(&[Home::Beside, Home::Centre])));
        }
        row.push((right, tabs_of(&[Home::Right])));
        let top = Part::Row(row);
        let root = Part::Column(vec![((height - timeline).max(200.0), top), (timeline, tabs_of(&[Home::Bottom]))]);
        let closed: BTreeSet<PanelId> = PANELS.iter().filter(|p| !p.open).map(|p| p.id).collect();
        let closed = closed.iter().map(|p| p.spec().name.to_owned()).collect();
        Self { root, closed }
    }

    /// The arrangement as the settings keep it.
    pub fn to_text(&self) -> String {
        ron::to_string(self).unwrap_or_default()
    }

    /// An arrangement from the settings; None where a hand or another version has left nothing usable.
    pub fn from_text(text: &str) -> Option<Self> {
        let layout: Self = ron::from_str(text).ok()?;
        // without these the window is no editor
        let known = layout.root.panels();
        [PanelId::Program, PanelId::Timeline].iter().all(|p| known.contains(p)).then_some(layout)
    }

    /// The tree that draws this arrangement, and the panels that are closed in it. Panels that it does not name (a newer
    /// version has more) stand beside those with the same home, closed.
    pub fn tree(&self, id: egui::Id) -> (Tree<PanelId>, BTreeSet<PanelId>) {
        let mut tiles = Tiles::default();
        let mut seen = BTreeSet::new();
        let mut closed: BTreeSet<PanelId> = self.closed.iter().filter_map(|n| PanelId::of_name(n)).collect();
        let root = self.root.insert(&mut tiles, &mut seen);
        let root = root.unwrap_or_else(|| tiles.insert_tab_tile(Vec::new()));
        for spec in PANELS.iter().filter(|p| !seen.contains(&p.id)) {
            closed.insert(spec.id);
            let new = tiles.insert_pane(spec.id);
            let near = |home: Home| home == spec.home || spec.home == Home::Beside && home == Home::Centre;
            let beside = PANELS.iter().filter(|p| near(p.home) && p.id != spec.id).find_map(|p| tiles.find_pane(&p.id));
            let parent = beside.and_then(|tile| tiles.parent_of(tile)).unwrap_or(root);
            if let Some(Tile::Container(container)) = tiles.get_mut(parent) {
                container.add_child(new);
            }
        }
        (Tree::new(id, root, tiles), closed)
    }

    /// The arrangement that a tree shows.
    pub fn of(tree: &Tree<PanelId>, closed: &BTreeSet<PanelId>) -> Option<Self> {
        let root = Part::of(&tree.tiles, tree.root()?)?;
        Some(Self { root, closed: closed.iter().map(|p| p.spec().name.to_owned()).collect() })
    }
}

impl Part {
    fn panels(&self) -> BTreeSet<PanelId> {
        match self {
            Self::Row(parts) | Self::Column(parts) => parts.iter().flat_map(|(_, p)| p.panels()).collect(),
            Self::Tabs { panels, .. } => panels.iter().filter_map(|n| PanelId::of_name(n)).collect(),
        }
    }

    fn insert(&self, tiles: &mut Tiles<PanelId>, seen: &mut BTreeSet<PanelId>) -> Option<TileId> {
        let (parts, dir) = match self {
            Self::Row(parts) => (parts, LinearDir::Horizontal),
            Self::Column(parts) => (parts, LinearDir::Vertical),
            Self::Tabs { panels, front } => {
                let in_front = panels.get(*front).cloned();
                let known = panels.iter().filter_map(|n| PanelId::of_name(n)).filter(|p| seen.insert(*p)).collect::<Vec<_>>();
                let mut tabs = Tabs::default();
                for panel in known {
                    let tile = tiles.insert_pane(panel);
                    if in_front.as_deref() == Some(panel.spec().name) {
                        tabs.active = Some(tile);
                    }
                    tabs.add_child(tile);
                }
                return (!tabs.children.is_empty()).then(|| tiles.insert_container(tabs));
            }
        };
        let children: Vec<(f32, TileId)> = parts.iter().filter_map(|(size, part)| part.insert(tiles, seen).map(|t| (*size, t))).collect();
        if children.is_empty() {
            return None;
        }
        let mut linear = Linear::new(dir, children.iter().map(|(_, t)| *t).collect());
        for (size, tile) in children {
            // what a hand wrote must not make a panel vanish
            linear.shares.set_share(tile, if size.is_finite() { size.clamp(32.0, 1e5) } else { 200.0 });
        }
        Some(tiles.insert_container(linear))
    }

    fn of(tiles: &Tiles<PanelId>, tile: TileId) -> Option<Self> {
        match tiles.get(tile)? {
            Tile::Pane(panel) => Some(Self::Tabs { panels: vec![panel.spec().name.to_owned()], front: 0 }),
            Tile::Container(Container::Tabs(tabs)) => {
                let panels: Vec<(TileId, PanelId)> =
                    tabs.children.iter().filter_map(|t| if let Tile::Pane(p) = tiles.get(*t)? { Some((*t, *p)) } else { None }).collect();
                let front = panels.iter().position(|(t, _)| tabs.active == Some(*t)).unwrap_or(0);
                Some(Self::Tabs { panels: panels.into_iter().map(|(_, p)| p.spec().name.to_owned()).collect(), front })
            }
            Tile::Container(Container::Linear(linear)) => {
                let part = |t: &TileId| Some((linear.shares[*t].round(), Self::of(tiles, *t)?));
                let parts = linear.children.iter().filter_map(part).collect();
                Some(if linear.dir == LinearDir::Horizontal { Self::Row(parts) } else { Self::Column(parts) })
            }
            Tile::Container(Container::Grid(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrangement_comes_back_as_it_was_kept() {
        let first = Layout::first(egui::vec2(1280.0, 740.0));
        let text = first.to_text();
        let back = Layout::from_text(&text).unwrap();
        assert_eq!(back, first);
        let (tree, closed) = back.tree(egui::Id::unique("test"));
        assert_eq!(Layout::of(&tree, &closed), Some(first));
    }

    #[test]
    fn every_panel_stands_in_the_tree_once_whatever_is_in_the_text() {
        let texts = [
            // a panel twice, one that nobody knows, wild sizes, the other panels missing
            r#"(root: Column([(1e30, Tabs(panels: ["program", "program", "future"], front: 9)), (-5.0, Tabs(panels: ["timeline"], front: 0))]), closed: ["future"])"#,
            r#"(root: Tabs(panels: ["timeline", "program"], front: 1), closed: [])"#,
        ];
        for text in texts {
            let (tree, _) = Layout::from_text(text).unwrap().tree(egui::Id::unique("test"));
            for spec in PANELS {
                let count = tree.tiles.tiles().filter(|t| matches!(t, Tile::Pane(p) if *p == spec.id)).count();
                assert_eq!(count, 1, "{:?} in {text}", spec.id);
            }
        }
        assert_eq!(Layout::from_text(r#"(root: Tabs(panels: ["media"], front: 0), closed: [])"#), None, "no picture and no timeline");
        assert_eq!(Layout::from_text("nonsense"), None);
    }
}
