//! Measuring instruments of the picture that was shown last: waveform, parade, vectorscope, histogram. Counting is the
//! program's; here counts become traces on a graticule. UI thread.

use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::{ScopeHues, UNTINTED, size},
        viewer::{stage, transport},
        words::tr,
    },
    gpu::{
        ScopeData,
        scopes::{COLUMNS, Channel, LEVELS},
    },
};
use egui::{
    Align2, Color32, ColorImage, CornerRadius, Id, Mesh, Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, pos2,
    vec2,
};

/// An instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    #[default]
    Waveform,
    Parade,
    Vectorscope,
    Histogram,
}

impl Scope {
    const ALL: [Self; 4] = [Self::Waveform, Self::Parade, Self::Vectorscope, Self::Histogram];

    fn key(self) -> &'static str {
        match self {
            Self::Waveform => "viewer-waveform-scope",
            Self::Parade => "viewer-parade",
            Self::Vectorscope => "viewer-vectorscope",
            Self::Histogram => "viewer-histogram",
        }
    }
}

/// How levels are labelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scale {
    /// Percent of full signal, as IRE.
    #[default]
    Percent,
    /// Code values of eight bits.
    Codes,
}

/// What the panel remembers between passes.
#[derive(Debug, Default)]
pub struct ScopesState {
    /// The one instrument of a panel too small for all; None shows all.
    only: Option<Scope>,
    scale: Scale,
}

/// Height of the row of buttons.
const BAR: f32 = 28.0;
/// Below this side, in points, one instrument at a time.
const SMALL: f32 = 190.0;

/// Draw the instruments into all of `ui`.
pub fn scopes_ui(ui: &mut Ui, state: &mut ScopesState, cx: &mut Cx<'_>) {
    let area = ui.max_rect();
    let bar = Rect::from_min_size(area.min, vec2(area.width(), BAR));
    let room = Rect::from_min_max(bar.left_bottom() + vec2(0.0, 4.0), area.max);
    choice_ui(ui, state, cx, bar);
    let Some((data, serial)) = cx.program.scopes().cloned() else {
        stage::message_ui(ui, cx, room, icons::SCOPES, &tr("viewer-scopes-empty"), &tr("viewer-scopes-empty-tip"));
        ui.expand_to_include_rect(area);
        return;
    };
    let shown: Vec<Scope> = state.only.map_or_else(|| Scope::ALL.to_vec(), |s| vec![s]);
    for (scope, rect) in shown.iter().zip(cells(room, shown.len())) {
        scope_ui(ui, cx, state.scale, &data, serial, *scope, rect);
    }
    ui.expand_to_include_rect(area);
}

fn choice_ui(ui: &mut Ui, state: &mut ScopesState, cx: &Cx<'_>, bar: Rect) {
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(bar).layout(egui::Layout::left_to_right(egui::Align::Center)));
    row.spacing_mut().item_spacing.x = 2.0;
    let text = state.only.map_or_else(|| tr("viewer-all-scopes"), |s| tr(s.key()));
    transport::menu_words(&mut row, cx.theme, text, &tr("viewer-choose-scope"), &tr("viewer-scopes-tip"), |ui| {
        ui.radio_value(&mut state.only, None, tr("viewer-all-scopes"));
        for scope in Scope::ALL {
            ui.radio_value(&mut state.only, Some(scope), tr(scope.key()));
        }
        ui.separator();
        ui.radio_value(&mut state.scale, Scale::Percent, tr("viewer-scale-percent"));
        ui.radio_value(&mut state.scale, Scale::Codes, tr("viewer-scale-codes"));
    });
}

/// Places for instruments: one fills the room, four stand two by two or, in a narrow panel, one below the other, where the
/// round one gets more of the height.
fn cells(room: Rect, n: usize) -> Vec<Rect> {
    const GAP: f32 = 6.0;
    const HEIGHTS: [f32; 4] = [1.0, 1.0, 1.7, 0.9];
    if n <= 1 {
        return vec![room];
    }
    if room.width() >= 2.0 * SMALL {
        let cell = (room.size() - vec2(GAP, GAP)) / 2.0;
        let at = |i: usize| room.min + vec2((i % 2) as f32, (i / 2) as f32) * (cell + vec2(GAP, GAP));
        return (0..n).map(|i| Rect::from_min_size(at(i), cell)).collect();
    }
    let shares = &HEIGHTS[..n.min(HEIGHTS.len())];
    let unit = (room.height() - GAP * (shares.len() as f32 - 1.0)) / shares.iter().sum::<f32>();
    let mut top = room.top();
    let mut next = |share: &f32| {
        let rect = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), unit * share));
        top = rect.bottom() + GAP;
        rect
    };
    shares.iter().map(&mut next).collect()
}

fn scope_ui(ui: &mut Ui, cx: &mut Cx<'_>, scale: Scale, data: &ScopeData, serial: u64, scope: Scope, rect: Rect) {
    let hues = cx.theme.tokens().scope;
    let name = tr(scope.key());
    ui.interact(rect, Id::unique(("scope", scope.key())), Sense::hover()).widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, CornerRadius::same(6), hues.ground.0);
    painter.text(rect.min + vec2(8.0, 6.0), Align2::LEFT_TOP, &name, fonts::regular(10.0), hues.text.0);
    let plot = Rect::from_min_max(rect.min + vec2(30.0, 24.0), rect.max - vec2(10.0, 12.0));
    if plot.width() < 24.0 || plot.height() < 24.0 {
        return;
    }
    let ppp = ui.pixels_per_point();
    let pixels = [plot.width(), plot.height()].map(|v| (v * ppp).max(1.0) as usize);
    // another size is another image
    let serial = serial << 24 | (pixels[0].min(4095) as u64) << 12 | pixels[1].min(4095) as u64;
    match scope {
        Scope::Waveform => {
            levels(&painter, &hues, plot, scale);
            let trace = [(Channel::Luma, hues.luma.0)];
            let id = cx.pictures.screens.chart(ui.ctx(), "waveform", serial, || columns_image(data, &trace, pixels));
            image(&painter, id, plot);
        }
        Scope::Parade => {
            levels(&painter, &hues, plot, scale);
            let thirds = [(Channel::Red, hues.red.0), (Channel::Green, hues.green.0), (Channel::Blue, hues.blue.0)];
            let id = cx.pictures.screens.chart(ui.ctx(), "parade", serial, || columns_image(data, &thirds, pixels));
            image(&painter, id, plot);
        }
        Scope::Vectorscope => {
            let side = (rect.width() - 24.0).min(rect.height() - 20.0);
            let square = Rect::from_center_size(rect.center(), vec2(side, side));
            let id = cx.pictures.screens.chart(ui.ctx(), "vectorscope", serial, || vector_image(data, hues.luma.0, (side * ppp) as usize));
            vector_graticule(&painter, &hues, square);
            image(&painter, id, square);
        }
        Scope::Histogram => histogram(&painter, &hues, plot, data, scale),
    }
}

fn image(painter: &Painter, id: egui::TextureId, rect: Rect) {
    painter.add(Shape::image(id, rect, stage::WHOLE, UNTINTED));
}

/// How bright a trace is where a share of pixels lies: by less than its root, so that single pixels are seen beside large areas.
fn glow(share: f32, color: Color32) -> Color32 {
    if share <= 0.0 {
        return Color32::TRANSPARENT;
    }
    let strength = (share.powf(0.4) * 3.2).clamp(0.1, 1.0);
    // light adds up: premultiplied without covering what is below
    let [r, g, b, _] = color.to_array();
    let lit = |v: u8| (f32::from(v) * strength) as u8;
    Color32::from_rgba_premultiplied(lit(r), lit(g), lit(b), (strength * 200.0) as u8)
}

/// A grid of counts with cells summed to at most `width` × `height`: a trace drawn smaller than it is counted would lose its
/// single points.
fn binned(grid: &[u32], columns: usize, width: usize, height: usize) -> ([usize; 2], Vec<u32>) {
    let (across, down) = (columns.div_ceil(width.max(1)).max(1), LEVELS.div_ceil(height.max(1)).max(1));
    let size = [columns.div_ceil(across), LEVELS.div_ceil(down)];
    let mut sums = vec![0u32; size[0] * size[1]];
    for (y, row) in grid.chunks_exact(COLUMNS).enumerate() {
        for (x, count) in row[..columns].iter().enumerate() {
            sums[y / down * size[0] + x / across] += count;
        }
    }
    (size, sums)
}

/// Traces over picture columns, one beside the other, for a place of `width` × `height` pixels.
fn columns_image(data: &ScopeData, traces: &[(Channel, Color32)], [width, height]: [usize; 2]) -> ColorImage {
    let grids: Vec<_> =
        traces.iter().map(|(c, color)| (binned(data.parade(*c), data.columns.max(1), width / traces.len(), height), *color)).collect();
    let Some(((size, _), _)) = grids.first() else { return ColorImage::filled([1, 1], Color32::TRANSPARENT) };
    let ([used, rows], whole) = (*size, size[0] * traces.len());
    let mut pixels = vec![Color32::TRANSPARENT; whole * rows];
    for (i, ((_, counts), color)) in grids.iter().enumerate() {
        // columns hold one pixel more or less where the picture's width does not divide
        let mut sums = vec![0u32; used];
        for row in counts.chunks_exact(used) {
            sums.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        }
        for (y, row) in counts.chunks_exact(used).enumerate() {
            let out = &mut pixels[y * whole + i * used..][..used];
            for ((pixel, count), sum) in out.iter_mut().zip(row).zip(&sums) {
                *pixel = glow(*count as f32 / (*sum).max(1) as f32, *color);
            }
        }
    }
    ColorImage::new([whole, rows], pixels)
}

fn vector_image(data: &ScopeData, color: Color32, side: usize) -> ColorImage {
    let (size, counts) = binned(data.vectorscope(), COLUMNS, side, side);
    let pixels = counts.into_iter().map(|c| glow(data.share(c) * 40.0, color)).collect();
    ColorImage::new(size, pixels)
}

/// Lines of the waveform at round levels, labelled.
fn levels(painter: &Painter, hues: &ScopeHues, plot: Rect, scale: Scale) {
    let marks: &[(f32, &str)] = match scale {
        Scale::Percent => &[(0.0, "0"), (25.0, "25"), (50.0, "50"), (75.0, "75"), (100.0, "100")],
        Scale::Codes => &[(0.0, "0"), (64.0 / 2.55, "64"), (128.0 / 2.55, "128"), (192.0 / 2.55, "192"), (100.0, "255")],
    };
    for (level, text) in marks {
        let y = plot.bottom() - plot.height() * level / 100.0;
        let edge = *level == 0.0 || *level == 100.0;
        let stroke = Stroke::new(1.0, if edge { hues.text.0.gamma_multiply(0.7) } else { hues.line.0 });
        painter.hline(plot.x_range(), y, stroke);
        painter.text(pos2(plot.left() - 5.0, y), Align2::RIGHT_CENTER, text, fonts::regular(9.0), hues.text.0);
    }
}

/// Place of a colour in the vectorscope, from its centre, as a share of half the side (BT.709 colour difference).
fn chroma([r, g, b]: [f32; 3]) -> (f32, f32) {
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    ((b - y) / 1.8556 * 2.0, (r - y) / 1.5748 * 2.0)
}

/// Circle, axes, targets of 75 % colour bars with their letters, and the line on which skin of all tones lies.
fn vector_graticule(painter: &Painter, hues: &ScopeHues, square: Rect) {
    let (c, half) = (square.center(), square.width() / 2.0);
    let line = Stroke::new(1.0, hues.line.0);
    for radius in [1.0, 0.75, 0.5, 0.25] {
        painter.circle_stroke(c, half * radius, line);
    }
    painter.hline(square.x_range(), c.y, line);
    painter.vline(c.x, square.y_range(), line);
    let at = |(cb, cr): (f32, f32)| -> Pos2 { c + vec2(cb, -cr) * half };
    let bars = [
        ("R", [0.75, 0.0, 0.0]),
        ("MG", [0.75, 0.0, 0.75]),
        ("B", [0.0, 0.0, 0.75]),
        ("CY", [0.0, 0.75, 0.75]),
        ("G", [0.0, 0.75, 0.0]),
        ("YL", [0.75, 0.75, 0.0]),
    ];
    let small = square.width() < 120.0;
    for (name, rgb) in bars {
        let p = at(chroma(rgb));
        let stroke = Stroke::new(1.0, hues.text.0);
        painter.rect_stroke(Rect::from_center_size(p, vec2(9.0, 9.0)), CornerRadius::same(1), stroke, egui::StrokeKind::Middle);
        if !small {
            painter.text(p + (p - c).normalized() * 13.0, Align2::CENTER_CENTER, name, fonts::regular(9.0), hues.text.0);
        }
    }
    // 123° from the Cb axis, the +I direction of the old NTSC bars
    let (sin, cos) = 123f32.to_radians().sin_cos();
    painter.line_segment([c, c + vec2(cos, -sin) * half], Stroke::new(1.2, hues.skin.0));
}

/// Curves of red, green and blue, added where they meet, with luma as a line over them.
fn histogram(painter: &Painter, hues: &ScopeHues, plot: Rect, data: &ScopeData, scale: Scale) {
    for i in 0..=4 {
        let x = plot.left() + plot.width() * i as f32 / 4.0;
        painter.vline(x, plot.y_range(), Stroke::new(1.0, hues.line.0));
        let text = match scale {
            Scale::Percent => (i * 25).to_string(),
            Scale::Codes => [0, 64, 128, 192, 255][i].to_string(),
        };
        painter.text(pos2(x, plot.bottom() + 2.0), Align2::CENTER_TOP, text, fonts::regular(size::SMALL - 2.0), hues.text.0);
    }
    let peak = peak(data);
    let height = |count: u32| plot.height() * (count as f32 / peak).sqrt().min(1.0);
    let x = |level: usize| plot.left() + plot.width() * level as f32 / (LEVELS - 1) as f32;
    for (channel, color) in [(Channel::Red, hues.red.0), (Channel::Green, hues.green.0), (Channel::Blue, hues.blue.0)] {
        let fill = color.gamma_multiply(0.45);
        let mut mesh = Mesh::default();
        for (level, count) in data.histogram(channel).iter().enumerate() {
            mesh.colored_vertex(pos2(x(level), plot.bottom()), fill);
            mesh.colored_vertex(pos2(x(level), plot.bottom() - height(*count)), fill);
            if level > 0 {
                let i = level as u32 * 2;
                mesh.add_triangle(i - 2, i - 1, i);
                mesh.add_triangle(i - 1, i, i + 1);
            }
        }
        painter.add(Shape::mesh(mesh));
    }
    let curve = data.histogram(Channel::Luma).iter().enumerate().map(|(l, c)| pos2(x(l), plot.bottom() - height(*c))).collect();
    painter.add(Shape::line(curve, Stroke::new(1.2, hues.luma.0)));
}

/// The count that fills the histogram's height. Black and white often hold a letterbox or a burnt-out sky: they may be cut off.
fn peak(data: &ScopeData) -> f32 {
    let inner = [Channel::Red, Channel::Green, Channel::Blue].into_iter().flat_map(|c| &data.histogram(c)[2..LEVELS - 2]);
    inner.copied().max().unwrap_or(0).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ColorTags, Picture, PixelFormat};

    #[test]
    fn targets_lie_where_the_counts_of_their_colours_do() {
        for rgb in [[191u8, 0, 0], [0, 191, 0], [0, 0, 191], [191, 191, 0], [0, 191, 191], [191, 0, 191]] {
            let picture = Picture::from_packed(PixelFormat::Rgba8, 1, 1, vec![rgb[0], rgb[1], rgb[2], 255], ColorTags::SRGB).unwrap();
            let data = ScopeData::of(&picture).unwrap();
            let cell = data.vectorscope().iter().position(|c| *c > 0).unwrap();
            let (x, y) = ((cell % COLUMNS) as f32, (cell / COLUMNS) as f32);
            let (cb, cr) = chroma(rgb.map(|v| f32::from(v) / 255.0));
            assert!((128.0 + cb * 127.5 - x).abs() < 1.5 && (127.0 - cr * 127.5 - y).abs() < 1.5, "{rgb:?}");
        }
    }

    #[test]
    fn skin_lies_between_red_and_yellow_on_its_line() {
        let (cb, cr) = chroma([0.78, 0.57, 0.45]);
        let angle = cr.atan2(cb).to_degrees();
        assert!((angle - 123.0).abs() < 8.0, "{angle}");
    }

    #[test]
    fn instruments_fill_their_room_without_touching() {
        for (w, h) in [(250.0, 900.0), (800.0, 500.0)] {
            let room = Rect::from_min_size(pos2(5.0, 5.0), vec2(w, h));
            let c = cells(room, 4);
            assert!(c.iter().all(|r| room.expand(0.1).contains_rect(*r)));
            assert!((0..4).all(|i| (i + 1..4).all(|j| !c[i].intersects(c[j]))));
        }
        assert_eq!(cells(Rect::EVERYTHING, 1).len(), 1);
    }

    #[test]
    fn binning_loses_no_count() {
        let data = [255, 128, 0, 255].repeat(300 * 20);
        let picture = Picture::from_packed(PixelFormat::Rgba8, 300, 20, data, ColorTags::SRGB).unwrap();
        let counted = ScopeData::of(&picture).unwrap();
        for (w, h) in [(256, 256), (100, 60), (1, 1), (0, 0), (5000, 5000)] {
            let (size, sums) = binned(counted.waveform(), counted.columns, w, h);
            assert_eq!(sums.iter().sum::<u32>(), counted.pixels, "{w}×{h}");
            assert!(size[0] <= w.max(1) && size[1] <= h.max(1) && sums.len() == size[0] * size[1]);
        }
    }

    #[test]
    fn a_trace_is_brighter_where_more_lies_and_dark_where_nothing_does() {
        let c = Color32::WHITE;
        assert_eq!(glow(0.0, c), Color32::TRANSPARENT);
        assert!(glow(1e-4, c).r() > 10 && glow(0.1, c).r() > glow(0.01, c).r());
    }
}
