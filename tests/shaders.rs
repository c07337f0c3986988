//! Every WGSL file parses and validates, and every uniform struct is laid out like its Rust twin (a size alone would miss
//! two members that changed places).

use montage_ai::gpu::{device::shaders::MODULES, params::UNIFORMS};
use naga::{
    AddressSpace, Module, TypeInner,
    front::wgsl,
    valid::{Capabilities, ValidationFlags, Validator},
};
use std::{collections::BTreeSet, fs, path::Path};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders")
}

fn checked(name: &str, source: &str) -> Module {
    let module = wgsl::parse_str(source).unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(source)));
    // pairs of halves in words belong to WebGPU; only old OpenGL lacks them, and there those who use them step aside
    Validator::new(ValidationFlags::all(), Capabilities::SHADER_FLOAT16_IN_FLOAT32)
        .validate(&module)
        .unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(source)));
    module
}

#[test]
fn every_shader_parses_and_validates_without_optional_features() {
    let joined: BTreeSet<&str> = MODULES.iter().flat_map(|m| m.files).copied().collect();
    for m in MODULES {
        checked(m.name, m.source);
    }
    let mut seen = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".wgsl") {
            seen += 1;
            if !joined.contains(name.as_str()) {
                checked(&name, &fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(seen >= joined.len());
}

#[test]
fn every_uniform_struct_is_laid_out_like_its_twin() {
    let mut matched = BTreeSet::new();
    for m in MODULES {
        let module = checked(m.name, m.source);
        for twin in UNIFORMS.iter().filter(|u| m.files.contains(&u.file)) {
            let (_, ty) = module.types.iter().find(|(_, t)| t.name.as_deref() == Some(twin.name)).expect(twin.name);
            let TypeInner::Struct { members, span } = &ty.inner else { panic!("{} is no struct", twin.name) };
            let shader: Vec<(&str, usize)> = members.iter().map(|m| (m.name.as_deref().unwrap_or(""), m.offset as usize)).collect();
            assert_eq!(shader, twin.members, "{}", twin.name);
            assert_eq!(*span as usize, twin.size, "{}", twin.name);
            matched.insert(twin.name);
        }
        // no uniform without a twin, nor one that lies in storage
        let is_struct = |v: &naga::GlobalVariable| matches!(module.types[v.ty].inner, TypeInner::Struct { .. });
        for (_, v) in module.global_variables.iter().filter(|(_, v)| v.space == AddressSpace::Uniform || is_struct(v)) {
            let name = module.types[v.ty].name.clone().unwrap_or_default();
            assert!(UNIFORMS.iter().any(|u| u.name == name), "{name} in {} has no twin", m.name);
        }
    }
    assert_eq!(matched.len(), UNIFORMS.len());
}
