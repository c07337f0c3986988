// One layer over the canvas: its one or two pictures are read from their planes, placed, brought to linear light,
// weighted, added, and blended with what lies below. Twin of src/gpu/cpu/{sample,input,grade,warp,composite}.rs.

const KIND_NONE = 0u;
const KIND_SOLID = 1u;
const KIND_PLANAR = 2u;
const KIND_SEMI_PLANAR = 3u;
const KIND_RGBA = 4u;
const KIND_ADJUST = 5u;
const KIND_LIGHT = 6u;

const STAGE_MATRIX = 0u;
const STAGE_TONE = 1u;

const MAX_GRADED = 60000.0;

// twin: gpu::params::CUBIC
const CUBIC = -0.6;

const BORDER_CROP = 0u;
const BORDER_MIRROR = 1u;

const BLEND_NORMAL = 0u;
const BLEND_ADD = 1u;
const BLEND_MULTIPLY = 2u;

const BELOW_CANVAS = 0u;
const BELOW_BLACK = 1u;

// twin: gpu::params::StageParams
struct StageParams {
    rows: array<vec4<f32>, 3>,
    kind: u32,
    before: f32,
    pad0: u32,
    pad1: u32,
}

// twin: gpu::params::InputParams
struct InputParams {
    map_x: vec4<f32>,
    map_y: vec4<f32>,
    edges: array<vec4<f32>, 4>,
    bounds: vec4<f32>,
    to_rgb: array<vec4<f32>, 3>,
    to_working: array<vec4<f32>, 3>,
    color: vec4<f32>,
    chroma: vec4<f32>,
    mask: vec4<f32>,
    stages: array<StageParams, 8>,
    weight: f32,
    alpha_scale: f32,
    kind: u32,
    transfer: u32,
    flags: u32,
    taps_x: u32,
    taps_y: u32,
    stage_count: u32,
}

// twin: gpu::params::WarpParams
struct WarpParams {
    maps: array<array<vec4<f32>, 3>, 17>,
    rows: vec4<f32>,
    count: u32,
    border: u32,
    has_alpha: u32,
    pad0: u32,
}

// twin: gpu::params::WarpsParams
struct WarpsParams {
    inputs: array<WarpParams, 2>,
}

// twin: gpu::params::LayerParams
struct LayerParams {
    inputs: array<InputParams, 2>,
    width: u32,
    height: u32,
    blend: u32,
    below: u32,
}

// Set per pipeline: what no layer of a variant has is left out of it, which the software adapter feels most.
override has_filtered: bool = true;
override has_second: bool = true;
override has_graded: bool = true;
override has_nested: bool = true;
override has_warped: bool = true;

@group(0) @binding(0) var<uniform> layer: LayerParams;
@group(0) @binding(1) var below: texture_2d<f32>;
@group(0) @binding(2) var canvas: texture_storage_2d<rgba16float, write>;
@group(0) @binding(3) var a0: texture_2d<u32>;
@group(0) @binding(4) var a1: texture_2d<u32>;
@group(0) @binding(5) var a2: texture_2d<u32>;
@group(0) @binding(6) var b0: texture_2d<u32>;
@group(0) @binding(7) var b1: texture_2d<u32>;
@group(0) @binding(8) var b2: texture_2d<u32>;
@group(0) @binding(9) var nest_a: texture_2d<f32>;
@group(0) @binding(10) var nest_b: texture_2d<f32>;
@group(0) @binding(11) var<uniform> warps: WarpsParams;

fn plane_size(n: u32, plane: u32) -> vec2<i32> {
    switch n * 3u + plane {
        case 0u: { return vec2<i32>(textureDimensions(a0)); }
        case 1u: { return vec2<i32>(textureDimensions(a1)); }
        case 2u: { return vec2<i32>(textureDimensions(a2)); }
        case 3u: { return vec2<i32>(textureDimensions(b0)); }
        case 4u: { return vec2<i32>(textureDimensions(b1)); }
        default: { return vec2<i32>(textureDimensions(b2)); }
    }
}

// code values of a texel; the position is held inside the plane
fn texel(n: u32, plane: u32, p: vec2<i32>) -> vec4<f32> {
    let q = clamp(p, vec2(0), plane_size(n, plane) - 1);
    switch n * 3u + plane {
        case 0u: { return vec4<f32>(textureLoad(a0, q, 0)); }
        case 1u: { return vec4<f32>(textureLoad(a1, q, 0)); }
        case 2u: { return vec4<f32>(textureLoad(a2, q, 0)); }
        case 3u: { return vec4<f32>(textureLoad(b0, q, 0)); }
        case 4u: { return vec4<f32>(textureLoad(b1, q, 0)); }
        default: { return vec4<f32>(textureLoad(b2, q, 0)); }
    }
}

// R, G, B, A of a texel with colour multiplied by alpha
fn premultiplied(n: u32, p: vec2<i32>) -> vec4<f32> {
    let v = texel(n, 0u, p);
    return vec4(v.rgb * (v.a * layer.inputs[n].alpha_scale), v.a);
}

fn bilinear(n: u32, plane: u32, at: vec2<f32>) -> vec4<f32> {
    let u = at - 0.5;
    let i = floor(u);
    let f = u - i;
    let p = vec2<i32>(i);
    if layer.inputs[n].kind == KIND_RGBA {
        let top = mix(premultiplied(n, p), premultiplied(n, p + vec2(1, 0)), f.x);
        let low = mix(premultiplied(n, p + vec2(0, 1)), premultiplied(n, p + vec2(1, 1)), f.x);
        return mix(top, low, f.y);
    }
    let top = mix(texel(n, plane, p), texel(n, plane, p + vec2(1, 0)), f.x);
    let low = mix(texel(n, plane, p + vec2(0, 1)), texel(n, plane, p + vec2(1, 1)), f.x);
    return mix(top, low, f.y);
}

fn position(n: u32, at: vec2<f32>) -> vec2<f32> {
    let h = vec3(at, 1.0);
    return vec2(dot(layer.inputs[n].map_x.xyz, h), dot(layer.inputs[n].map_y.xyz, h));
}

// Y, Cb, Cr (or R, G, B) and straight alpha as code values
fn copied(n: u32, pixel: vec2<f32>) -> vec4<f32> {
    let kind = layer.inputs[n].kind;
    let size = plane_size(n, 0u);
    let p = clamp(vec2<i32>(floor(position(n, pixel + 0.5))), vec2(0), size - 1);
    let luma = texel(n, 0u, p);
    if kind == KIND_RGBA {
        return luma;
    }
    // chroma is repeated over its 2×1 or 2×2 luma samples
    let half = vec2<i32>(select(vec2(0), vec2(1), layer.inputs[n].chroma.xy < vec2(1.0)));
    let c = vec2(p.x >> u32(half.x), p.y >> u32(half.y));
    let first = texel(n, 1u, c);
    if kind == KIND_SEMI_PLANAR {
        return vec4(luma.x, first.xy, 0.0);
    }
    return vec4(luma.x, first.x, texel(n, 2u, c).x, 0.0);
}

// the mean over the pixel's samples
fn filtered(n: u32, pixel: vec2<f32>) -> vec4<f32> {
    let kind = layer.inputs[n].kind;
    let taps = vec2(layer.inputs[n].taps_x, layer.inputs[n].taps_y);
    let bounds = layer.inputs[n].bounds;
    let chroma = layer.inputs[n].chroma;
    var sum = vec4(0.0);
    for (var j = 0u; j < taps.y; j++) {
        for (var i = 0u; i < taps.x; i++) {
            let at = pixel + (vec2(f32(i), f32(j)) + 0.5) / vec2<f32>(taps);
            let p = clamp(position(n, at), bounds.xy, bounds.zw);
            let first = bilinear(n, 0u, p);
            if kind == KIND_RGBA {
                sum += first;
                continue;
            }
            let c = p * chroma.xy + chroma.zw;
            let second = bilinear(n, 1u, c);
            if kind == KIND_SEMI_PLANAR {
                sum += vec4(first.x, second.xy, 0.0);
            } else {
                sum += vec4(first.x, second.x, bilinear(n, 2u, c).x, 0.0);
            }
        }
    }
    let s = sum / f32(taps.x * taps.y);
    if kind != KIND_RGBA {
        return s;
    }
    let a = s.a * layer.inputs[n].alpha_scale;
    return select(vec4(0.0), vec4(s.rgb / a, s.a), a > 0.0);
}

// premultiplied light of a nest's texel; the position is held inside it
fn nest_texel(n: u32, p: vec2<i32>) -> vec4<f32> {
    if n == 0u {
        return textureLoad(nest_a, clamp(p, vec2(0), vec2<i32>(textureDimensions(nest_a)) - 1), 0);
    }
    return textureLoad(nest_b, clamp(p, vec2(0), vec2<i32>(textureDimensions(nest_b)) - 1), 0);
}

// texel of a canvas point by map i, or by a mix of it and the next
fn mapped(n: u32, i: u32, f: f32, at: vec2<f32>) -> vec2<f32> {
    let h = vec3(at, 1.0);
    var p = vec3(
        dot(warps.inputs[n].maps[i][0].xyz, h),
        dot(warps.inputs[n].maps[i][1].xyz, h),
        dot(warps.inputs[n].maps[i][2].xyz, h),
    );
    if f > 0.0 {
        let q = vec3(
            dot(warps.inputs[n].maps[i + 1u][0].xyz, h),
            dot(warps.inputs[n].maps[i + 1u][1].xyz, h),
            dot(warps.inputs[n].maps[i + 1u][2].xyz, h),
        );
        p = mix(p, q, f);
    }
    return p.xy / p.z;
}

// where a canvas point lies in the bent picture, in texels: with rows of their own maps, that of the row that is hit
fn bent(n: u32, at: vec2<f32>) -> vec2<f32> {
    let count = warps.inputs[n].count;
    var p = mapped(n, (count - 1u) / 2u, 0.0, at);
    if count > 1u {
        for (var k = 0; k < 3; k++) {
            let t = clamp(dot(warps.inputs[n].rows.xyz, vec3(p, 1.0)), 0.0, f32(count - 1u));
            let i = min(u32(t), count - 2u);
            p = mapped(n, i, t - f32(i), at);
        }
    }
    return p;
}

// premultiplied light of a bent picture's texel
fn bent_texel(n: u32, p: vec2<i32>, size: vec2<i32>) -> vec4<f32> {
    var q = p;
    if warps.inputs[n].border == BORDER_MIRROR {
        let m = p - (2 * size) * vec2<i32>(floor(vec2<f32>(p) / vec2<f32>(2 * size)));
        q = select(2 * size - 1 - m, m, m < size);
    }
    return nest_texel(n, q);
}

// weights of Keys' cubic at a fraction past the second of four texels
fn cubic(f: f32) -> vec4<f32> {
    let g = f * f;
    let h = g * f;
    let a = CUBIC;
    return vec4(
        a * (h - 2.0 * g + f),
        (a + 2.0) * h - (a + 3.0) * g + 1.0,
        (2.0 * a + 3.0) * g - (a + 2.0) * h - a * f,
        a * (g - h),
    );
}

// premultiplied light of a bent picture at a point
fn bent_sample(n: u32, p: vec2<f32>, sharp: bool) -> vec4<f32> {
    var size = vec2<i32>(textureDimensions(nest_a));
    if n == 1u {
        size = vec2<i32>(textureDimensions(nest_b));
    }
    // far outside there is nothing to be told apart, and whole numbers end somewhere
    let u = clamp(p, vec2(-8e6), vec2(8e6)) - 0.5;
    let i = vec2<i32>(floor(u));
    let f = u - floor(u);
    var sum = vec4(0.0);
    if sharp {
        let wx = cubic(f.x);
        let wy = cubic(f.y);
        for (var y = 0; y < 4; y++) {
            for (var x = 0; x < 4; x++) {
                sum += (wx[x] * wy[y]) * bent_texel(n, i + vec2(x - 1, y - 1), size);
            }
        }
    } else {
        let top = mix(bent_texel(n, i, size), bent_texel(n, i + vec2(1, 0), size), f.x);
        let low = mix(bent_texel(n, i + vec2(0, 1), size), bent_texel(n, i + vec2(1, 1), size), f.x);
        sum = mix(top, low, f.y);
    }
    if warps.inputs[n].border == BORDER_CROP {
        let c = clamp(min(p, vec2<f32>(size) - p) + 0.5, vec2(0.0), vec2(1.0));
        sum *= c.x * c.y;
    }
    return sum;
}

// straight light and alpha of a bent picture
fn bent_light(n: u32, pixel: vec2<f32>) -> vec4<f32> {
    let taps = vec2(layer.inputs[n].taps_x, layer.inputs[n].taps_y);
    let sharp = taps.x * taps.y == 1u;
    var sum = vec4(0.0);
    for (var j = 0u; j < taps.y; j++) {
        for (var i = 0u; i < taps.x; i++) {
            let at = pixel + (vec2(f32(i), f32(j)) + 0.5) / vec2<f32>(taps);
            sum += bent_sample(n, bent(n, at), sharp);
        }
    }
    sum /= f32(taps.x * taps.y);
    // the cubic overshoots where alpha ends
    return select(vec4(0.0), vec4(sum.rgb / sum.a, min(sum.a, 1.0)), sum.a > 1e-4);
}

// straight light and alpha of a nest
fn nest_light(n: u32, pixel: vec2<f32>) -> vec4<f32> {
    var sum = vec4(0.0);
    if !has_filtered || (layer.inputs[n].flags & FLAG_ALIGNED) != 0u {
        sum = nest_texel(n, vec2<i32>(floor(position(n, pixel + 0.5))));
    } else {
        let taps = vec2(layer.inputs[n].taps_x, layer.inputs[n].taps_y);
        let bounds = layer.inputs[n].bounds;
        for (var j = 0u; j < taps.y; j++) {
            for (var i = 0u; i < taps.x; i++) {
                let at = pixel + (vec2(f32(i), f32(j)) + 0.5) / vec2<f32>(taps);
                let u = clamp(position(n, at), bounds.xy, bounds.zw) - 0.5;
                let f = u - floor(u);
                let p = vec2<i32>(floor(u));
                let top = mix(nest_texel(n, p), nest_texel(n, p + vec2(1, 0)), f.x);
                let low = mix(nest_texel(n, p + vec2(0, 1)), nest_texel(n, p + vec2(1, 1)), f.x);
                sum += mix(top, low, f.y);
            }
        }
        sum /= f32(taps.x * taps.y);
    }
    return select(vec4(0.0), vec4(sum.rgb / sum.a, sum.a), sum.a > 0.0);
}

// share of the pixel that the shown part covers
fn coverage(n: u32, pixel: vec2<f32>) -> f32 {
    let h = vec3(pixel + 0.5, 1.0);
    let d = vec4(
        dot(layer.inputs[n].edges[0].xyz, h),
        dot(layer.inputs[n].edges[1].xyz, h),
        dot(layer.inputs[n].edges[2].xyz, h),
        dot(layer.inputs[n].edges[3].xyz, h),
    );
    let c = clamp(d + 0.5, vec4(0.0), vec4(1.0));
    return max(c.x + c.z - 1.0, 0.0) * max(c.y + c.w - 1.0, 0.0);
}

// |v|^e with the sign of v, held where sums of such numbers do not overflow
fn signed_power(v: vec3<f32>, e: vec3<f32>) -> vec3<f32> {
    let a = abs(v);
    return sign(v) * select(exp2(min(e * log2(max(a, vec3(1e-30))), vec3(60.0))), vec3(0.0), a <= vec3(1e-30));
}

// straight light after the effects of an input
fn graded(n: u32, light: vec3<f32>, pixel: vec2<f32>) -> vec3<f32> {
    let h = vec3(pixel + 0.5, 1.0);
    var c = light;
    for (var i = 0u; i < layer.inputs[n].stage_count; i++) {
        let rows = layer.inputs[n].stages[i].rows;
        switch layer.inputs[n].stages[i].kind {
            case STAGE_MATRIX: {
                c = affine(rows, c);
            }
            case STAGE_TONE: {
                let before = layer.inputs[n].stages[i].before;
                if before != 1.0 {
                    c = signed_power(c, vec3(before));
                }
                c = max(signed_power(c * rows[0].xyz + rows[1].xyz, rows[2].xyz), min(c, vec3(0.0)));
            }
            default: {
                let r = length(vec2(dot(rows[0].xyz, h), dot(rows[1].xyz, h)));
                let t = clamp((r - rows[2].y) * rows[2].z, 0.0, 1.0);
                c *= 1.0 - rows[2].x * (t * t * (3.0 - 2.0 * t));
            }
        }
    }
    return clamp(c, vec3(-MAX_GRADED), vec3(MAX_GRADED));
}

// premultiplied linear light times weight
fn light(n: u32, pixel: vec2<f32>) -> vec4<f32> {
    let kind = layer.inputs[n].kind;
    let weight = layer.inputs[n].weight;
    if kind == KIND_NONE {
        return vec4(0.0);
    }
    let mask = clamp(dot(layer.inputs[n].mask.xyz, vec3(pixel + 0.5, 1.0)), 0.0, 1.0);
    if kind == KIND_SOLID {
        var color = layer.inputs[n].color;
        if has_graded && color.a > 0.0 {
            color = vec4(graded(n, color.rgb / color.a, pixel) * color.a, color.a);
        }
        return color * (weight * mask);
    }
    var share = weight * coverage(n, pixel) * mask;
    if share <= 0.0 {
        return vec4(0.0);
    }
    let flags = layer.inputs[n].flags;
    var c: vec3<f32>;
    if has_nested && kind == KIND_LIGHT {
        var straight: vec4<f32>;
        if has_warped && warps.inputs[n].count > 0u {
            straight = bent_light(n, pixel);
        } else {
            straight = nest_light(n, pixel);
        }
        c = straight.rgb;
        share *= straight.a;
    } else {
        var codes: vec4<f32>;
        if !has_filtered {
            codes = copied(n, pixel);
        } else if (flags & FLAG_ALIGNED) != 0u {
            codes = copied(n, pixel);
        } else {
            codes = filtered(n, pixel);
        }
        if kind == KIND_RGBA {
            share *= codes.a * layer.inputs[n].alpha_scale;
        }
        c = to_linear(layer.inputs[n].transfer, affine(layer.inputs[n].to_rgb, codes.rgb));
    }
    if (flags & FLAG_PRIMARIES) != 0u {
        c = affine(layer.inputs[n].to_working, c);
    }
    if has_graded {
        c = graded(n, c, pixel);
    }
    if (flags & FLAG_TONE_MAP) != 0u {
        c = tone_map(c);
    }
    return vec4(c * share, share);
}

@compute @workgroup_size(8, 8)
fn composite(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= layer.width || id.y >= layer.height {
        return;
    }
    let pixel = vec2<f32>(id.xy);
    var under = vec4(0.0, 0.0, 0.0, f32(layer.below == BELOW_BLACK));
    if layer.below == BELOW_CANVAS {
        under = textureLoad(below, vec2<i32>(id.xy), 0);
    }
    let b = under.rgb;
    if has_graded && layer.inputs[0].kind == KIND_ADJUST {
        var changed = b;
        if under.a > 0.0 {
            changed += layer.inputs[0].weight * (graded(0u, b / under.a, pixel) * under.a - b);
        }
        textureStore(canvas, vec2<i32>(id.xy), vec4(changed, under.a));
        return;
    }
    var s = light(0u, pixel);
    if has_second {
        s += light(1u, pixel);
    }
    var c: vec3<f32>;
    switch layer.blend {
        case BLEND_NORMAL: { c = s.rgb + b * (1.0 - s.a); }
        case BLEND_ADD: { c = s.rgb + b; }
        case BLEND_MULTIPLY: { c = b * (s.rgb + 1.0 - s.a) + s.rgb * (1.0 - under.a); }
        default: { c = s.rgb + b - s.rgb * b; }
    }
    textureStore(canvas, vec2<i32>(id.xy), vec4(c, under.a + s.a * (1.0 - under.a)));
}
