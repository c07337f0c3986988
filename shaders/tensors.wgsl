// Pictures to the numbers that networks take, tile by tile, and back. Twin of src/engine/upscale/convert.rs.

const KIND_PLANAR = 2u;
const KIND_SEMI_PLANAR = 3u;

// twin: gpu::params::TensorParams
struct TensorParams {
    // code values to R'G'B'; the fourth column is the offset
    to_rgb: array<vec4<f32>, 3>,
    // column and row, as coded, of an upright pixel (x, y, 1)
    turn_x: vec4<i32>,
    turn_y: vec4<i32>,
    // of the upright picture
    width: u32,
    height: u32,
    kind: u32,
    // right shift from pixels to chroma
    shift_x: u32,
    shift_y: u32,
    // the part of the picture
    left: u32,
    top: u32,
    columns: u32,
    rows: u32,
    // where in the tensor it begins
    from_x: u32,
    from_y: u32,
    // numbers from one channel, row and column to the next
    channel_step: u32,
    row_step: u32,
    column_step: u32,
    max_code: f32,
    pad0: u32,
}

// no uniform: with one, Mesa 22.3's software driver kept 0.2 MB and more of each dispatch (measured); with storage nothing
@group(0) @binding(0) var<storage, read> params: TensorParams;
@group(0) @binding(1) var<storage, read_write> numbers: array<f32>;
@group(0) @binding(2) var plane0: texture_2d<u32>;
@group(0) @binding(3) var plane1: texture_2d<u32>;
@group(0) @binding(4) var plane2: texture_2d<u32>;
@group(0) @binding(5) var picture8: texture_storage_2d<rgba8uint, write>;
@group(0) @binding(6) var picture16: texture_storage_2d<rgba16uint, write>;

fn chroma_texel(p: vec2<i32>) -> vec2<f32> {
    let first = textureLoad(plane1, p, 0);
    if params.kind == KIND_SEMI_PLANAR {
        return vec2<f32>(first.xy);
    }
    return vec2(f32(first.x), f32(textureLoad(plane2, p, 0).x));
}

// between rows of chroma nothing is read, along them left-sited samples are averaged
fn chroma_row(x: i32, row: i32, last: i32) -> vec2<f32> {
    if params.shift_x == 0u {
        return chroma_texel(vec2(x, row));
    }
    let near = chroma_texel(vec2(x / 2, row));
    if x % 2 == 0 {
        return near;
    }
    return 0.5 * (near + chroma_texel(vec2(min(x / 2 + 1, last), row)));
}

fn chroma(p: vec2<i32>) -> vec2<f32> {
    let last = vec2<i32>(textureDimensions(plane1)) - 1;
    if params.shift_y == 0u {
        return chroma_row(p.x, p.y, last.x);
    }
    let near = chroma_row(p.x, p.y / 2, last.x);
    let far = chroma_row(p.x, select(min(p.y / 2 + 1, last.y), max(p.y / 2 - 1, 0), p.y % 2 == 0), last.x);
    return 0.75 * near + 0.25 * far;
}

// what lies beyond the picture is its mirror image; the last pixel is not repeated
fn mirrored(i: u32, n: u32) -> i32 {
    return select(max(2 * (i32(n) - 1) - i32(i), 0), i32(i), i < n);
}

fn place(x: u32, y: u32) -> u32 {
    return y * params.row_step + x * params.column_step;
}

@compute @workgroup_size(8, 8)
fn pack(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.columns || id.y >= params.rows {
        return;
    }
    let at = vec3(mirrored(params.left + id.x, params.width), mirrored(params.top + id.y, params.height), 1);
    let p = vec2(dot(params.turn_x.xyz, at), dot(params.turn_y.xyz, at));
    var code = vec4(vec3<f32>(textureLoad(plane0, p, 0).xyz), 1.0);
    if params.kind == KIND_PLANAR || params.kind == KIND_SEMI_PLANAR {
        code = vec4(code.x, chroma(p), 1.0);
    }
    let to = place(params.from_x + id.x, params.from_y + id.y);
    numbers[to] = dot(params.to_rgb[0], code);
    numbers[to + params.channel_step] = dot(params.to_rgb[1], code);
    numbers[to + 2u * params.channel_step] = dot(params.to_rgb[2], code);
}

// opaque code values
fn made(id: vec3<u32>) -> vec4<u32> {
    let begin = place(params.from_x + id.x, params.from_y + id.y);
    let rgb = vec3(numbers[begin], numbers[begin + params.channel_step], numbers[begin + 2u * params.channel_step]);
    let code = vec3<u32>(clamp(rgb, vec3(0.0), vec3(1.0)) * params.max_code + 0.5);
    return vec4(code, u32(params.max_code));
}

@compute @workgroup_size(8, 8)
fn unpack8(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < params.columns && id.y < params.rows {
        textureStore(picture8, vec2(params.left + id.x, params.top + id.y), made(id));
    }
}

@compute @workgroup_size(8, 8)
fn unpack16(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < params.columns && id.y < params.rows {
        textureStore(picture16, vec2(params.left + id.x, params.top + id.y), made(id));
    }
}
