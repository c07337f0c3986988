//! The scenes of the sample film: which shader, how long, which camera, which sound.

use super::{camera::Shake, painter::SceneSource, sounds, synth::Stereo};

/// One clip of the sample film.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    pub source: SceneSource<'static>,
    /// As people read it.
    pub title: &'static str,
    /// At [`super::FRAME_RATE`].
    pub frames: u32,
    /// None: the camera stands on a tripod.
    pub shake: Option<Shake>,
    /// Sound of a number of seconds.
    pub sound: fn(f32) -> Stereo,
}

/// A layer that is one and a half pictures wide: room for the camera to travel.
const WIDE: (u32, u32) = (2048, 1024);

/// In the order of the day.
pub const SCENES: [Scene; 6] = [
    Scene {
        source: SceneSource {
            name: "dawn",
            wgsl: include_str!("../../shaders/scenes/dawn.wgsl"),
            layers: 6,
            layer_size: WIDE,
            soft_divisor: 2,
            seed: 3.0,
        },
        title: "Dawn in the mountains",
        frames: 240,
        shake: None,
        sound: sounds::dawn,
    },
    Scene {
        source: SceneSource {
            name: "clouds",
            wgsl: include_str!("../../shaders/scenes/clouds.wgsl"),
            layers: 0,
            layer_size: (8, 8),
            soft_divisor: 3,
            seed: 3.0,
        },
        title: "Above the clouds",
        frames: 210,
        shake: None,
        sound: sounds::clouds,
    },
    Scene {
        source: SceneSource {
            name: "forest",
            wgsl: include_str!("../../shaders/scenes/forest.wgsl"),
            layers: 5,
            layer_size: WIDE,
            soft_divisor: 2,
            seed: 3.0,
        },
        title: "Forest path",
        frames: 195,
        shake: Some(Shake { sway: 0.014, tremor: 0.0016, roll: 0.010, step: 0.007, seed: 11 }),
        sound: sounds::forest,
    },
    Scene {
        source: SceneSource {
            name: "water",
            wgsl: include_str!("../../shaders/scenes/water.wgsl"),
            layers: 0,
            layer_size: (8, 8),
            soft_divisor: 2,
            seed: 3.0,
        },
        title: "Open water",
        frames: 180,
        shake: Some(Shake { sway: 0.018, tremor: 0.0010, roll: 0.016, step: 0.0, seed: 23 }),
        sound: sounds::water,
    },
    Scene {
        source: SceneSource {
            name: "city",
            wgsl: include_str!("../../shaders/scenes/city.wgsl"),
            layers: 3,
            layer_size: WIDE,
            soft_divisor: 2,
            seed: 3.0,
        },
        title: "City at night",
        frames: 210,
        shake: Some(Shake { sway: 0.009, tremor: 0.0012, roll: 0.006, step: 0.0, seed: 37 }),
        sound: sounds::city,
    },
    Scene {
        source: SceneSource {
            name: "abstract",
            wgsl: include_str!("../../shaders/scenes/abstract.wgsl"),
            layers: 0,
            layer_size: (8, 8),
            soft_divisor: 2,
            seed: 3.0,
        },
        title: "Ribbons of light",
        frames: 150,
        shake: None,
        sound: sounds::abstract_light,
    },
];
