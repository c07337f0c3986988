//! The window without a screen: passes and tessellation on the processor, for benchmarks. Runs on the caller's thread.

use super::{Shell, commands::CommandId, program::Program};
use egui::{Context, Event, MouseWheelSource, MouseWheelUnit, RawInput, Rect, TouchPhase, Vec2, pos2, vec2};

/// See the module.
pub struct Headless {
    ctx: Context,
    shell: Shell,
    size: Vec2,
    time: f64,
}

impl Headless {
    /// A window of `size` points on a screen of one pixel a point. Dialogs are never answered.
    pub fn new(size: [f32; 2]) -> Self {
        let ctx = Context::default();
        let shell = Shell::new(&ctx, |_| {}, Box::new(|_, _| {}), None);
        Self { ctx, shell, size: size.into(), time: 0.0 }
    }

    /// One pass while the timeline is scrolled by `points`, and the shapes made into triangles; their vertices.
    pub fn pass(&mut self, program: &mut dyn Program, points: f32) -> usize {
        self.time += 1.0 / 60.0;
        // in the lanes, which lie at the bottom of the window
        let pointer = pos2(self.size.x * 0.6, self.size.y * 0.86);
        let mut events = vec![Event::PointerMoved(pointer)];
        if points != 0.0 {
            events.push(Event::MouseWheel {
                unit: MouseWheelUnit::Point,
                delta: vec2(points, 0.0),
                phase: TouchPhase::Move,
                source: MouseWheelSource::Wheel,
                modifiers: Default::default(),
            });
        }
        let screen_rect = Some(Rect::from_min_size(Default::default(), self.size));
        let input = RawInput { screen_rect, time: Some(self.time), events, focused: true, ..RawInput::default() };
        let mut output = self.ctx.run_ui(input, |ui| self.shell.ui(ui, program));
        output.textures_delta.clear();
        let meshes = self.ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
        let vertices = meshes.iter().map(|p| match &p.primitive {
            egui::epaint::Primitive::Mesh(m) => m.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        });
        vertices.sum()
    }

    /// Run a command as if from its menu.
    pub fn run(&mut self, program: &mut dyn Program, id: CommandId) {
        self.shell.run(&self.ctx, program, id);
    }
}
