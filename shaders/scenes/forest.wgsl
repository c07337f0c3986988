// A walk along a forest path against the morning light. Layers 0–3 are trunks, leaves and undergrowth from far to near,
// 4 is what hangs into the picture close by; each grows as the camera walks towards it. The soft pass draws the bright
// mist and, in its alpha, the rays of light.

const SIZE = vec2f(2.8444, 1.4222); // of a layer, in picture heights
const HORIZON = -0.045;
const EYE = 0.46;                    // height of the eye over the ground, at which distance 1 spans one picture height
const SUN = vec2f(0.10, 0.24);

fn depth_of(i: i32) -> f32 { return array<f32, 5>(20.0, 11.0, 6.6, 4.0, 2.7)[i]; }
fn walked() -> f32 { return 0.19 * shot.time; }
// Middle of the path at a distance from where the walk starts.
fn path(z: f32) -> f32 { return 0.34 * sin(z * 0.23) ; }

fn ground_of(i: i32) -> f32 { return HORIZON - EYE / depth_of(i); }

// How many leaves grow at a place: a roof above, ferns and bushes beside the path below.
fn leafiness(i: i32, c: vec2f) -> f32 {
    let k = f32(i);
    let clump = fbm(c * (2.6 + 0.5 * k) + k * 9.3 + shot.seed, 3);
    let away = length(c - SUN);
    if (i == 4) {
        let roof = smoothstep(0.32, 0.60, c.y + 0.55 * (clump - 0.5) + 0.16 * abs(c.x) - 0.02);
        let fern = smoothstep(-0.40, -0.56, c.y - 0.34 * max(abs(c.x) - 0.50, 0.0) - 0.16 * (clump - 0.5));
        return max(roof * 0.9, fern);
    }
    let z = depth_of(i);
    let roof_from = array<f32, 4>(0.30, 0.27, 0.27, 0.34)[i];
    let roof = smoothstep(-0.10, 0.28, c.y - roof_from + 0.60 * (clump - 0.5) + 0.14 * abs(c.x - SUN.x) - 0.06 * exp(-away * 5.0));
    let verge = smoothstep(0.0, array<f32, 4>(0.10, 0.16, 0.26, 0.42)[i], abs(c.x - path(z) / z) - 0.58 / z);
    let rise = array<f32, 4>(0.055, 0.075, 0.105, 0.14)[i];
    let bush_top = ground_of(i) + rise * verge * (0.35 + 1.3 * fbm1(c.x * (7.0 - k) + k * 5.0 + shot.seed, 3, 0.5));
    let bush = step(c.y, bush_top) * smoothstep(0.02, 0.20, verge);
    return max(roof * array<f32, 4>(0.75, 0.72, 0.68, 0.62)[i], bush);
}

// Leaves as small pointed ellipses, one for each cell of a grid, the later ones over the earlier ones; four samples.
fn leaves(i: i32, p: vec2f, px: vec2f) -> array<vec4f, 4> {
    let pitch = array<f32, 5>(0.0075, 0.0110, 0.0165, 0.026, 0.060)[i];
    let cell = floor(p / pitch);
    var c = array<vec4f, 4>();
    let roof_from = array<f32, 5>(-0.13, -0.14, -0.14, -0.06, 0.0)[i];
    let bush_to = ground_of(i) + array<f32, 5>(0.12, 0.16, 0.22, 0.29, 1.0)[i];
    if (i < 4 && p.y < roof_from && p.y > bush_to) { return c; }
    for (var j = 0; j < 9; j++) {
        let n = cell + vec2f(f32(j % 3), f32(j / 3)) - 1.0;
        let r = hash22(n + f32(i) * 57.0);
        let at = n + 0.15 + 0.7 * r;
        let key = hash2(n * 1.3 + f32(i) * 11.0 + 5.0);
        if (leafiness(i, at * pitch) < key * 0.92 + 0.04) { continue; }
        let low = step(at.y * pitch, ground_of(i) + 0.16);
        let turn = mix(6.28318 * r.y, 1.5708 + 2.2 * (r.y - 0.5), low);
        let long = mix(0.62, 0.85, low) * (0.7 + 0.5 * key);
        // light falls through the leaves that hang towards the sun
        let through = exp(-length(at * pitch - SUN) * 2.3);
        let tone = 0.45 + 0.8 * hash2(n + 77.0);
        let shade = mix(vec3f(0.012, 0.030, 0.009), vec3f(0.030, 0.060, 0.012), key);
        let bright = mix(vec3f(0.20, 0.34, 0.035), vec3f(0.55, 0.52, 0.06), hash2(n + 31.0));
        let gain = through * mix(1.0, 0.55, low) * array<f32, 5>(1.0, 1.0, 0.9, 0.6, 0.16)[i];
        let tint = vec4f((shade + bright * gain) * tone, 1.0);
        for (var s = 0; s < 4; s++) {
            let d = (p + subpixel(s) * px) / pitch - at;
            let along = d.x * cos(turn) + d.y * sin(turn);
            let across = -d.x * sin(turn) + d.y * cos(turn);
            let wide = mix(0.34, 0.20, low) * (1.0 - pow(abs(along) / long, 2.0));
            if (abs(along) < long && abs(across) < wide) { c[s] = tint; }
        }
    }
    return c;
}
fn subpixel(s: i32) -> vec2f {
    return array<vec2f, 4>(vec2f(-0.375, -0.125), vec2f(0.125, -0.375), vec2f(-0.125, 0.375), vec2f(0.375, 0.125))[s];
}

fn trunks(i: i32, p: vec2f, px: f32) -> vec4f {
    if (i == 4) { return vec4f(0.0); }
    let pitch = array<f32, 4>(0.075, 0.15, 0.30, 0.62)[i];
    let cell = floor(p.x / pitch);
    var c = vec4f(0.0);
    for (var j = -1.0; j <= 1.0; j += 1.0) {
        let n = cell + j;
        let r = hash22(vec2f(n * 1.7 + shot.seed, f32(i) * 23.0));
        let foot = (n + 0.5 + 0.6 * (r.x - 0.5)) * pitch;
        let gap = array<f32, 4>(0.07, 0.15, 0.29, 0.50)[i];
        if (abs(foot - 0.5 * path(depth_of(i)) / depth_of(i)) < gap || r.y < 0.22) { continue; }
        let up = p.y - ground_of(i);
        if (up < -0.02) { continue; }
        let size = array<f32, 4>(0.0075, 0.016, 0.031, 0.066)[i] * (0.65 + 0.7 * r.y);
        let bend = (r.x - 0.5) * 0.16 * up + 0.012 * sin(up * 6.0 + r.y * 20.0);
        let swell = 1.0 + 0.9 * exp(-up * 16.0 / (0.5 + f32(i) * 0.3)) - 0.32 * up;
        let rough = 0.10 * (noise2(vec2f(p.y * 34.0, n * 9.0 + sign(p.x - foot - bend))) - 0.5);
        let half_width = size * (swell + rough);
        let edge = clamp((half_width - abs(p.x - foot - bend)) / px + 0.5, 0.0, 1.0);
        if (edge <= 0.0) { continue; }
        let x = clamp((p.x - foot - bend) / half_width, -1.0, 1.0);
        let bark = fbm(vec2f(x * 5.0 + r.x * 40.0, p.y * (26.0 - 3.0 * f32(i))) + 0.7 * noise2(p * 30.0), 3);
        let facing = sign(SUN.x - foot);
        let rim = smoothstep(0.35, 1.0, x * facing) * (0.35 + 0.65 * exp(-abs(SUN.x - foot) * 1.6));
        let moss = smoothstep(0.42, 0.0, up) * smoothstep(0.35, 0.7, bark);
        var b = mix(vec3f(0.030, 0.023, 0.017), vec3f(0.075, 0.058, 0.040), bark) * (0.55 + 0.45 * sqrt(1.0 - x * x));
        b = mix(b, vec3f(0.035, 0.060, 0.012), moss * 0.7);
        b += vec3f(0.85, 0.62, 0.26) * rim * (0.25 + 0.75 * bark) * 0.55;
        c = vec4f(b, 1.0) * edge + c * (1.0 - edge);
    }
    return c;
}

@fragment
fn layer(in: Corner) -> @location(0) vec4f {
    let px = SIZE / shot.size;
    let p = (in.uv - 0.5) * vec2f(SIZE.x, -SIZE.y);
    let i = i32(shot.layer);
    // close things are out of focus: their samples are spread over more than a pixel
    let leaf = leaves(i, p, px * select(1.0, 4.0, i == 4));
    let trunk = trunks(i, p, px.x);
    var c = vec4f(0.0);
    for (var s = 0; s < 4; s++) { c += leaf[s] + trunk * (1.0 - leaf[s].a); }
    return store(c * 0.25, in.uv);
}

@fragment
fn soft(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    let d = p - SUN;
    let r = length(d * vec2f(0.85, 1.0));
    var c = mix(vec3f(0.26, 0.32, 0.12), vec3f(0.060, 0.105, 0.060), smoothstep(0.0, 0.85, r));
    c += vec3f(1.05, 0.78, 0.32) * exp(-r * 4.8) + vec3f(1.9, 1.5, 0.8) * exp(-r * 13.0);
    c *= 0.84 + 0.32 * fbm(p * 3.4 + vec2f(0.05 * shot.time, 0.0), 3);
    // rays: noise over the angle, cut by the roof of leaves that moves in the wind
    let angle = atan2(d.x, -d.y);
    let beam = noise1(angle * 7.0 + 3.0 + 0.05 * shot.time) * 0.6 + noise1(angle * 19.0 - 0.11 * shot.time) * 0.4;
    let rays = smoothstep(0.46, 0.80, beam) * exp(-r * 1.55) * smoothstep(0.02, 0.16, r) * (0.75 + 0.25 * noise1(r * 5.0 - 0.2 * shot.time));
    return vec4f(c, rays);
}

fn ground(p: vec2f) -> vec3f {
    let ahead = EYE / max(HORIZON - p.y, 0.006);
    let z = ahead + walked();
    let x = p.x * ahead;
    let off = x - path(z) + 0.28 * (noise2(vec2f(z * 1.7, 3.0)) - 0.5);
    let at = vec2f(x, z);
    let fine = smoothstep(14.0, 3.0, ahead);
    let litter = fbm(at * 8.5, 2) * 0.6 + 0.4 * mix(0.5, noise2(at * 42.0), fine);
    let rut = exp(-pow((abs(off) - 0.17) * 11.0, 2.0)) * 0.22;
    var c = mix(vec3f(0.070, 0.045, 0.024), vec3f(0.30, 0.20, 0.105), litter) * (1.0 - rut);
    let blade = noise2(at * vec2f(46.0, 15.0));
    let grass = mix(vec3f(0.018, 0.040, 0.010), vec3f(0.10, 0.155, 0.026), litter * 0.7 + 0.5 * (blade - 0.35) * fine);
    c = mix(c, grass, smoothstep(0.36, 0.56, abs(off) + 0.22 * (litter - 0.5)));
    // spots of sun between the shadows of the trees
    let wind = 0.05 * vec2f(sin(shot.time * 0.9), cos(shot.time * 0.7));
    let spots = smoothstep(0.52, 0.74, fbm(at * vec2f(1.5, 0.75) + wind + 4.0, 3) + 0.10 * (noise2(at * 6.0 + wind * 3.0) - 0.5));
    let trunk_shade = smoothstep(0.25, 0.6, noise1((x - 0.22 * z) * 1.6 + 7.0));
    c *= 0.50 + vec3f(3.6, 2.9, 1.6) * spots * (0.25 + 0.75 * trunk_shade);
    return mix(c, vec3f(0.44, 0.46, 0.20), 1.0 - exp(-0.0042 * ahead * ahead));
}

fn motes(p: vec2f) -> f32 {
    var light = 0.0;
    for (var k = 0; k < 2; k++) {
        let pitch = 0.17 + 0.09 * f32(k);
        let q = (p * (1.0 + 0.02 * shot.time) + vec2f(0.012 * sin(shot.time * 0.7 + f32(k)), -0.010 * shot.time)) / pitch + f32(k) * 3.3;
        let n = floor(q);
        let r = hash22(n + 5.0);
        let at = 0.2 + 0.6 * r + 0.10 * sin(shot.time * (0.6 + r) + r.yx * 20.0);
        let size = 0.010 + 0.018 * r.x;
        light += smoothstep(size, size * 0.35, length(fract(q) - at)) * step(0.35, r.y) * (0.5 + 0.5 * sin(shot.time * 1.7 * r.x + r.y * 30.0));
    }
    return light;
}

@fragment
fn picture(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    let s = soft_at(in.uv);
    let glow = exp(-length((p - SUN) * vec2f(0.85, 1.0)) * 2.6);
    let mist = vec3f(0.17, 0.21, 0.10) + vec3f(0.74, 0.54, 0.20) * glow;
    var out = vec3f(0.0);
    var left = 1.0;
    var on_ground = false;
    for (var i = 4; i >= 0; i--) {
        let z = depth_of(i);
        let near = z - walked();
        let q = vec2f(p.x, p.y - HORIZON) * near / z + vec2f(0.0, HORIZON);
        let air = 1.0 - exp(-0.052 * near);
        // the ground in front of this layer
        if (p.y < HORIZON - EYE / near && i < 4) {
            on_ground = true;
            break;
        }
        let wind = 0.0022 * sin(shot.time * 1.4 + q.x * 9.0 + f32(i) * 2.0) * smoothstep(-0.1, 0.4, q.y);
        let t = load(vec2f(0.5) + (q + vec2f(wind, wind * 0.6)) / vec2f(SIZE.x, -SIZE.y), i);
        if (t.a < 0.004) { continue; }
        var c = mix(t.rgb, mist * t.a, air * array<f32, 5>(0.90, 0.76, 0.55, 0.34, 0.10)[i]);
        c += t.a * s.a * vec3f(0.95, 0.78, 0.38) * air * 0.75;
        out += left * c;
        left *= 1.0 - t.a;
        if (left < 0.004) { break; }
    }
    if (left >= 0.004) {
        var back = s.rgb;
        if (on_ground || p.y < HORIZON) { back = ground(p); }
        out += left * back;
    }
    out += s.a * vec3f(1.0, 0.78, 0.36) * 0.16 + vec3f(1.0, 0.72, 0.34) * 0.16 * glow * glow;
    out += vec3f(1.0, 0.85, 0.5) * motes(p) * (0.15 + 0.9 * glow) * 0.6;
    return develop(out * 1.0, in.uv);
}
