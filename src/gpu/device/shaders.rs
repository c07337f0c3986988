//! The shader modules as they are given to the driver: files of `shaders/` joined at build time. Text only.

/// A module: which files it is made of, and their text.
pub struct ShaderModule {
    pub name: &'static str,
    pub files: &'static [&'static str],
    pub source: &'static str,
}

pub const COMPOSITE: ShaderModule = ShaderModule {
    name: "composite",
    files: &["curve.wgsl", "composite.wgsl"],
    source: concat!(include_str!("../../../shaders/curve.wgsl"), include_str!("../../../shaders/composite.wgsl")),
};

pub const ENCODE: ShaderModule = ShaderModule {
    name: "encode",
    files: &["curve.wgsl", "encode.wgsl"],
    source: concat!(include_str!("../../../shaders/curve.wgsl"), include_str!("../../../shaders/encode.wgsl")),
};

pub const SCOPES: ShaderModule =
    ShaderModule { name: "scopes", files: &["scopes.wgsl"], source: include_str!("../../../shaders/scopes.wgsl") };

pub const MOTION_PICTURES: ShaderModule = ShaderModule {
    name: "motion pictures",
    files: &["motion_pictures.wgsl"],
    source: include_str!("../../../shaders/motion_pictures.wgsl"),
};

pub const MOTION: ShaderModule =
    ShaderModule { name: "motion", files: &["motion.wgsl"], source: include_str!("../../../shaders/motion.wgsl") };

pub const TENSORS: ShaderModule =
    ShaderModule { name: "tensors", files: &["tensors.wgsl"], source: include_str!("../../../shaders/tensors.wgsl") };

pub const CONV: ShaderModule = ShaderModule { name: "conv", files: &["conv.wgsl"], source: include_str!("../../../shaders/conv.wgsl") };

/// All modules.
pub const MODULES: &[ShaderModule] = &[COMPOSITE, ENCODE, SCOPES, MOTION_PICTURES, MOTION, TENSORS, CONV];
