// A finished canvas to code values: for the screen, or into planes for an encoder. Twin of src/gpu/cpu/encode.rs.
// Rounds to nearest, no dither.

// twin: gpu::params::OutputParams
struct OutputParams {
    to_output: array<vec4<f32>, 3>,
    to_code: array<vec4<f32>, 3>,
    max_code: f32,
    transfer: u32,
    flags: u32,
    width: u32,
    height: u32,
    pad0: u32,
    pad1: u32,
    pad2: u32,
}

// twin: gpu::params::PlaneParams
struct PlaneParams {
    row_words: u32,
    rows: u32,
    base_word: u32,
    components: u32,
    first_component: u32,
    shift_x: u32,
    shift_y: u32,
    sample_bytes: u32,
    code_shift: u32,
    pad0: u32,
    pad1: u32,
    pad2: u32,
}

@group(0) @binding(0) var canvas: texture_2d<f32>;
@group(0) @binding(1) var<uniform> target_params: OutputParams;
@group(0) @binding(2) var<uniform> plane: PlaneParams;
@group(0) @binding(3) var<storage, read_write> words: array<u32>;

@group(0) @binding(4) var screen: texture_storage_2d<rgba8unorm, write>;

// R'G'B' of a pixel; the position is held inside the canvas
fn signal(p: vec2<u32>) -> vec3<f32> {
    let q = min(p, vec2(target_params.width, target_params.height) - 1u);
    var c = textureLoad(canvas, vec2<i32>(q), 0).rgb;
    if (target_params.flags & FLAG_PRIMARIES) != 0u {
        c = affine(target_params.to_output, c);
    }
    if (target_params.flags & FLAG_TONE_MAP) != 0u {
        c = tone_map(c);
    }
    return from_linear(target_params.transfer, c);
}

fn code(v: f32) -> u32 {
    return u32(round(clamp(v, 0.0, target_params.max_code)));
}

fn luma_sample(s: u32, y: u32) -> u32 {
    return code(affine(target_params.to_code, signal(vec2(s, y))).x);
}

// the mean of the pixels that share the sample; at odd edges the last ones count twice
fn chroma_sample(s: u32, y: u32) -> u32 {
    let x = s / plane.components;
    let k = plane.first_component + s % plane.components;
    let p = vec2(x << plane.shift_x, y << plane.shift_y);
    var sum = signal(p);
    if plane.shift_x == 1u {
        sum += signal(p + vec2(1u, 0u));
    }
    if plane.shift_y == 1u {
        sum += signal(p + vec2(0u, 1u)) + signal(p + vec2(1u, 1u));
    }
    let mean = sum / f32(1u << (plane.shift_x + plane.shift_y));
    return code(affine(target_params.to_code, mean)[k]);
}

fn rgba_sample(s: u32, y: u32) -> u32 {
    let k = s % 4u;
    if k == 3u {
        return u32(target_params.max_code);
    }
    return code(affine(target_params.to_code, signal(vec2(s / 4u, y)))[k]);
}

// sample `i` of a word, at its place
fn placed(v: u32, i: u32) -> u32 {
    return (v << plane.code_shift) << (8u * plane.sample_bytes * i);
}

// One entry point for each kind of plane, so that no kind pays for the others. An invocation makes one word of a row;
// samples past the row's end are repeats that nobody reads.

@compute @workgroup_size(32, 4)
fn luma(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= plane.row_words || id.y >= plane.rows {
        return;
    }
    let per_word = 4u / plane.sample_bytes;
    var word = 0u;
    for (var i = 0u; i < per_word; i++) {
        word |= placed(luma_sample(id.x * per_word + i, id.y), i);
    }
    words[plane.base_word + id.y * plane.row_words + id.x] = word;
}

@compute @workgroup_size(32, 4)
fn chroma(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= plane.row_words || id.y >= plane.rows {
        return;
    }
    let per_word = 4u / plane.sample_bytes;
    var word = 0u;
    for (var i = 0u; i < per_word; i++) {
        word |= placed(chroma_sample(id.x * per_word + i, id.y), i);
    }
    words[plane.base_word + id.y * plane.row_words + id.x] = word;
}

@compute @workgroup_size(32, 4)
fn rgba(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= plane.row_words || id.y >= plane.rows {
        return;
    }
    let per_word = 4u / plane.sample_bytes;
    var word = 0u;
    for (var i = 0u; i < per_word; i++) {
        word |= placed(rgba_sample(id.x * per_word + i, id.y), i);
    }
    words[plane.base_word + id.y * plane.row_words + id.x] = word;
}

@compute @workgroup_size(8, 8)
fn display(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= target_params.width || id.y >= target_params.height {
        return;
    }
    let c = affine(target_params.to_code, signal(id.xy));
    let v = vec3(f32(code(c.x)), f32(code(c.y)), f32(code(c.z))) / target_params.max_code;
    textureStore(screen, vec2<i32>(id.xy), vec4(v, 1.0));
}
