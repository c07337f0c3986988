//! Keeps the sizes of panels when the window changes: side panels keep their width, the part with the picture takes what is
//! left. (The tiles crate knows only shares, which would widen an inspector on a large screen to half a metre.)

use super::panel::PanelId;
use egui_tiles::{Container, LinearDir, Tile, TileId, Tiles};

/// Least width of the part with the picture, in points; beyond it the others give way.
const MIN_FLEXIBLE: f32 = 260.0;

/// Make the shares of every row below `tile` its parts' widths in points, for a part `width` points wide.
pub(super) fn fit(tiles: &mut Tiles<PanelId>, tile: TileId, width: f32, gap: f32) {
    let Some(Tile::Container(container)) = tiles.get(tile) else { return };
    let children: Vec<TileId> = container.children().copied().filter(|c| tiles.is_visible_in_layout(*c)).collect();
    let widths: Vec<f32> = match container {
        Container::Linear(row) if row.dir == LinearDir::Horizontal => {
            let room = width - gap * children.len().saturating_sub(1) as f32;
            let now: Vec<f32> = children.iter().map(|c| row.shares[*c]).collect();
            let flexible = [PanelId::Program, PanelId::Timeline].iter().find_map(|p| children.iter().position(|c| holds(tiles, *c, *p)));
            share_out(&now, room.max(1.0), flexible)
        }
        _ => vec![width; children.len()],
    };
    if let Some(Tile::Container(Container::Linear(row))) = tiles.get_mut(tile)
        && row.dir == LinearDir::Horizontal
    {
        for (child, width) in children.iter().zip(&widths) {
            row.shares.set_share(*child, *width);
        }
    }
    for (child, width) in children.into_iter().zip(widths) {
        fit(tiles, child, width, gap);
    }
}

fn holds(tiles: &Tiles<PanelId>, tile: TileId, panel: PanelId) -> bool {
    match tiles.get(tile) {
        Some(Tile::Pane(p)) => *p == panel,
        Some(Tile::Container(c)) => c.children().any(|child| holds(tiles, *child, panel)),
        None => false,
    }
}

/// Widths that add up to `room`: all keep theirs but the flexible one; without one, all change alike.
fn share_out(now: &[f32], room: f32, flexible: Option<usize>) -> Vec<f32> {
    let sum: f32 = now.iter().sum();
    let Some(flexible) = flexible.filter(|_| now.len() > 1) else {
        return now.iter().map(|w| w / sum.max(1.0) * room).collect();
    };
    let others = sum - now[flexible];
    let left = (room - others).max(MIN_FLEXIBLE.min(room));
    let scale = if others > 0.0 { ((room - left) / others).min(1.0) } else { 1.0 };
    now.iter().enumerate().map(|(i, w)| if i == flexible { left } else { w * scale }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn side_panels_keep_their_width_until_the_picture_has_none_left() {
        assert_eq!(share_out(&[300.0, 700.0, 276.0], 1980.0, Some(1)), [300.0, 1404.0, 276.0]);
        assert_eq!(share_out(&[300.0, 700.0, 276.0], 560.0, Some(1))[1], 260.0);
        let sum: f32 = share_out(&[300.0, 700.0, 276.0], 560.0, Some(1)).iter().sum();
        assert!((sum - 560.0).abs() < 0.01);
        assert_eq!(share_out(&[100.0, 300.0], 800.0, None), [200.0, 600.0]);
        assert_eq!(share_out(&[100.0], 800.0, Some(0)), [800.0]);
    }
}
