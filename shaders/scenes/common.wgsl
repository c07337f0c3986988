// What every scene of the sample film shares: the shot's uniforms, the full-screen triangle, noise, film look.
// A scene's source is this file followed by the scene's own; a scene has the fragment entry points `layer` (drawn once
// into the layers of `layers`), `soft` (every frame, at reduced size, for sky and fog) and `picture` (every frame).

struct Shot {
    size: vec2f,      // of the pass's target, in pixels
    shake: vec2f,     // where the camera points, in picture heights
    time: f32,        // seconds since the first frame
    roll: f32,        // the camera's, in radians
    zoom: f32,        // 1 = as framed
    seed: f32,        // moves every noise to another place
    layer: u32,       // the layer that `layer` draws
    frame: u32,
    progress: f32,    // 0 at the first frame, 1 at the last
    aspect: f32,      // width over height
}

@group(0) @binding(0) var<uniform> shot: Shot;
// repeats sideways, clamps up and down
@group(1) @binding(0) var linear: sampler;
@group(1) @binding(1) var layers: texture_2d_array<f32>;
@group(1) @binding(2) var soft_picture: texture_2d<f32>;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) uv: vec2f,   // 0–1, right and down
}

@vertex
fn corner(@builtin(vertex_index) i: u32) -> Corner {
    let uv = vec2f(f32((i << 1u) & 2u), f32(i & 2u));
    return Corner(vec4f(uv * vec2f(2.0, -2.0) + vec2f(-1.0, 1.0), 0.0, 1.0), uv);
}

// Picture coordinates: origin in the middle, x right and y up, one unit is the picture's height.
fn still_view(uv: vec2f) -> vec2f {
    return (uv - 0.5) * vec2f(shot.aspect, -1.0);
}
// The same through the moving camera.
fn view(uv: vec2f) -> vec2f {
    let p = still_view(uv) / shot.zoom;
    let c = cos(shot.roll);
    let s = sin(shot.roll);
    return vec2f(c * p.x - s * p.y, s * p.x + c * p.y) + shot.shake;
}

// Hashes without sine (after D. Hoskins), the same on every adapter to within rounding.
fn hash1(p: f32) -> f32 {
    var x = fract(p * 0.1031);
    x *= x + 33.33;
    x *= x + x;
    return fract(x);
}
fn hash2(p: vec2f) -> f32 {
    var q = fract(p.xyx * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}
fn hash22(p: vec2f) -> vec2f {
    var q = fract(p.xyx * vec3f(0.1031, 0.1030, 0.0973));
    q += dot(q, q.yzx + 33.33);
    return fract((q.xx + q.yz) * q.zy);
}

// Value noise, 0–1.
fn noise1(x: f32) -> f32 {
    let i = floor(x);
    let f = x - i;
    return mix(hash1(i), hash1(i + 1.0), f * f * (3.0 - 2.0 * f));
}
fn noise2(p: vec2f) -> f32 {
    let i = floor(p);
    let f = p - i;
    let u = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
    let low = mix(hash2(i), hash2(i + vec2f(1.0, 0.0)), u.x);
    let high = mix(hash2(i + vec2f(0.0, 1.0)), hash2(i + vec2f(1.0, 1.0)), u.x);
    return mix(low, high, u.y);
}

// Sums of octaves, 0–1; each octave is turned, so that the grids do not line up.
const TURN = mat2x2f(0.8, 0.6, -0.6, 0.8);
fn fbm(at: vec2f, octaves: i32) -> f32 {
    var p = at;
    var sum = 0.0;
    var a = 0.5;
    for (var i = 0; i < octaves; i++) {
        sum += a * noise2(p);
        p = TURN * p * 2.03 + 17.3;
        a *= 0.5;
    }
    return sum / (1.0 - a * 2.0 + 1e-6);
}
fn fbm1(at: f32, octaves: i32, gain: f32) -> f32 {
    var x = at;
    var sum = 0.0;
    var total = 0.0;
    var a = 1.0;
    for (var i = 0; i < octaves; i++) {
        sum += a * noise1(x);
        total += a;
        x = x * 2.07 + 31.7;
        a *= gain;
    }
    return sum / total;
}

// Layers hold square roots of premultiplied linear light, which spends their 8 bits where eyes see.
fn store(c: vec4f, uv: vec2f) -> vec4f {
    let grain = (hash2(uv * shot.size + 0.5) - 0.5) / 255.0;
    return vec4f(sqrt(max(c.rgb, vec3f(0.0))) + grain, c.a);
}
fn load(uv: vec2f, layer: i32) -> vec4f {
    let c = textureSampleLevel(layers, linear, uv, layer, 0.0);
    return vec4f(c.rgb * c.rgb, c.a);
}
// The soft picture; its edges do not take from the other side, as the repeating sampler would.
fn soft_at(uv: vec2f) -> vec4f {
    let half_texel = 0.5 / f32(textureDimensions(soft_picture).x);
    return textureSampleLevel(soft_picture, linear, vec2f(clamp(uv.x, half_texel, 1.0 - half_texel), uv.y), 0.0);
}
fn over(front: vec4f, back: vec3f) -> vec3f {
    return front.rgb + back * (1.0 - front.a);
}

// Filmic curve (the fit by K. Narkowicz to the ACES reference transform), then 2.2 for the display.
fn film(light: vec3f) -> vec3f {
    let c = (light * (2.51 * light + 0.03)) / (light * (2.43 * light + 0.59) + 0.14);
    return pow(clamp(c, vec3f(0.0), vec3f(1.0)), vec3f(1.0 / 2.2));
}
// Linear light to code values: exposure fall-off of the lens, curve, fine grain that also hides 8-bit steps.
fn develop(light: vec3f, uv: vec2f) -> vec4f {
    let d = (uv - 0.5) * vec2f(shot.aspect, 1.0);
    let lens = 1.0 / (1.0 + 0.32 * dot(d, d));
    let c = film(light * lens * lens);
    let at = uv * shot.size + vec2f(f32(shot.frame % 61u) * 7.0, f32(shot.frame % 53u) * 11.0);
    let grain = hash2(at) + hash2(at + 41.7) - 1.0;
    return vec4f(c + grain * (1.6 / 255.0), 1.0);
}
