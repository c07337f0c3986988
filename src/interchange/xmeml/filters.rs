//! What xmeml sets on a clip: placement, crop, opacity, level, pan, speed, each a filter with numbered parameters.

use crate::{
    interchange::{
        speed::speed_from_f64,
        xml::{El, at, child, children, text},
    },
    model::{Blend, Clip, Crop, Speed, Transform},
};
use roxmltree::Node;

fn parameter(id: &'static str, name: &'static str, value: El) -> El {
    El::new("parameter").with(El::text("parameterid", id)).with(El::text("name", name)).with(value)
}

fn number(id: &'static str, name: &'static str, value: f64) -> El {
    parameter(id, name, El::text("value", value))
}

fn filter(
    name: &'static str,
    id: &'static str,
    category: &'static str,
    kind: &'static str,
    media: &'static str,
    parameters: Vec<El>,
) -> El {
    let effect = El::new("effect")
        .with(El::text("name", name))
        .with(El::text("effectid", id))
        .with(El::text("effectcategory", category))
        .with(El::text("effecttype", kind))
        .with(El::text("mediatype", media))
        .with_all(parameters);
    El::new("filter").with(effect)
}

/// Constant speed. Players do not infer it from in and out.
pub(super) fn speed(speed: Speed, media: &'static str) -> Option<El> {
    if speed.is_normal() || speed.is_freeze() {
        return None;
    }
    let percent = f64::from(speed.0.unsigned_abs()) / f64::from(speed.1.max(1)) * 100.0;
    let parameters = vec![
        number("variablespeed", "variablespeed", 0.0),
        number("speed", "speed", percent),
        parameter("reverse", "reverse", El::text("value", if speed.0 < 0 { "TRUE" } else { "FALSE" })),
        parameter("frameblending", "frameblending", El::text("value", "FALSE")),
    ];
    Some(filter("Time Remap", "timeremap", "motion", "motion", media, parameters))
}

/// Placement, crop and opacity. `fitted` is the factor that fits the source into the frame: scale here is of the source's own
/// pixels.
pub(super) fn picture(c: &Clip, fitted: f64, frame: (u32, u32)) -> Vec<El> {
    let (t, usual) = (&c.transform, Transform::default());
    let mut out = Vec::new();
    let scale = f64::from(t.scale) * fitted * 100.0;
    if (scale - 100.0).abs() > 1e-4 || t.position != usual.position || t.rotation != usual.rotation {
        let center = El::new("value")
            .with(El::text("horiz", f64::from(t.position.0) / f64::from(frame.0.max(1))))
            .with(El::text("vert", f64::from(t.position.1) / f64::from(frame.1.max(1))));
        let parameters = vec![
            number("scale", "Scale", scale),
            number("rotation", "Rotation", f64::from(t.rotation)),
            parameter("center", "Center", center),
        ];
        out.push(filter("Basic Motion", "basic", "motion", "motion", "video", parameters));
    }
    if t.crop != usual.crop {
        let side = |id, name, v: f32| number(id, name, f64::from(v) * 100.0);
        let parameters = vec![
            side("left", "left", t.crop.left),
            side("right", "right", t.crop.right),
            side("top", "top", t.crop.top),
            side("bottom", "bottom", t.crop.bottom),
        ];
        out.push(filter("Crop", "crop", "motion", "motion", "video", parameters));
    }
    if t.opacity != usual.opacity {
        out.push(filter(
            "Opacity",
            "opacity",
            "motion",
            "motion",
            "video",
            vec![number("opacity", "opacity", f64::from(t.opacity) * 100.0)],
        ));
    }
    out
}

/// Level as a factor, up to +12 dB, and pan.
pub(super) fn sound(c: &Clip) -> Vec<El> {
    let mut out = Vec::new();
    if c.gain_db != 0.0 {
        let level = 10f64.powf(f64::from(c.gain_db) / 20.0);
        out.push(filter("Audio Levels", "audiolevels", "audiolevels", "audiolevels", "audio", vec![number("level", "Level", level)]));
    }
    if c.pan != 0.0 {
        out.push(filter("Audio Pan", "audiopan", "audiopan", "audiopan", "audio", vec![number("pan", "Pan", f64::from(c.pan))]));
    }
    out
}

pub(super) fn composite_mode(b: Blend) -> Option<&'static str> {
    match b {
        Blend::Normal => None,
        Blend::Add => Some("add"),
        Blend::Multiply => Some("multiply"),
        Blend::Screen => Some("screen"),
    }
}

/// What a clip's filters say.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub speed: Option<Speed>,
    pub ramp: bool,
    /// Percent of the source's own pixels.
    pub scale: Option<f64>,
    pub rotation: f32,
    /// Shares of the frame.
    pub center: (f32, f32),
    pub crop: Crop,
    pub opacity: Option<f32>,
    pub gain_db: f32,
    pub pan: f32,
    pub keyframes: bool,
    /// Names of all others.
    pub unknown: Vec<String>,
}

pub(super) fn read(clip: Node<'_, '_>) -> Read {
    let mut out = Read::default();
    for f in children(clip, "filter").filter(|f| text(*f, "enabled") != Some("FALSE")) {
        for e in children(f, "effect") {
            let id = text(e, "effectid").unwrap_or_default().to_ascii_lowercase();
            let value = |wanted: &str| {
                children(e, "parameter")
                    .find(|p| text(*p, "parameterid").is_some_and(|i| i.eq_ignore_ascii_case(wanted)))
                    .and_then(|p| child(p, "value"))
            };
            let number =
                |wanted: &str| value(wanted).and_then(|v| v.text()).and_then(|t| t.trim().parse::<f64>().ok()).filter(|v| v.is_finite());
            out.keyframes |= id != "timeremap" && children(e, "parameter").any(|p| children(p, "keyframe").count() > 1);
            match id.as_str() {
                "timeremap" => {
                    out.ramp = value("variablespeed").and_then(|v| v.text()).is_some_and(|v| v.trim() == "1" || v.trim() == "TRUE");
                    let back = value("reverse").and_then(|v| v.text()).is_some_and(|v| v.trim() == "TRUE");
                    if let Some(percent) = number("speed") {
                        let s = percent.abs() / 100.0;
                        out.speed = speed_from_f64(if back || percent < 0.0 { -s } else { s });
                    }
                }
                "basic" => {
                    out.scale = number("scale");
                    out.rotation = number("rotation").unwrap_or(0.0) as f32;
                    let part =
                        |key| value("center").and_then(|v| text(v, key)).and_then(|t| t.parse::<f32>().ok()).filter(|v| v.is_finite());
                    out.center = (part("horiz").unwrap_or(0.0), part("vert").unwrap_or(0.0));
                }
                "crop" => {
                    let side = |key| (number(key).unwrap_or(0.0) / 100.0).clamp(0.0, 1.0) as f32;
                    out.crop = Crop { left: side("left"), top: side("top"), right: side("right"), bottom: side("bottom") };
                }
                "opacity" => out.opacity = number("opacity").map(|v| (v / 100.0).clamp(0.0, 1.0) as f32),
                "audiolevels" => {
                    let level = number("level").unwrap_or(1.0);
                    out.gain_db = if level <= 1.6e-5 { -96.0 } else { (20.0 * level.log10()).clamp(-96.0, 96.0) as f32 };
                }
                "audiopan" => out.pan = number("pan").unwrap_or(0.0).clamp(-1.0, 1.0) as f32,
                _ => out.unknown.push(text(e, "name").unwrap_or(&id).to_owned()),
            }
        }
    }
    out
}

pub(super) fn blend(clip: Node<'_, '_>) -> Blend {
    match at(clip, &["compositemode"]).and_then(|m| m.text()).map(|t| t.trim().to_ascii_lowercase()).as_deref() {
        Some("add" | "additive") => Blend::Add,
        Some("multiply") => Blend::Multiply,
        Some("screen") => Blend::Screen,
        _ => Blend::Normal,
    }
}
