// A city at the blue hour across a river: three rows of buildings, lamps and traffic on the quay, a boat, all mirrored.
// Layers 0–2 are buildings from far to near, as colours. The soft pass draws sky and city without the water; the
// picture mirrors it in the river and takes the sky from it.

const SIZE = vec2f(2.8444, 1.4222); // of a layer, in picture heights
const SOFT_SPAN = 1.10;             // the soft picture reaches this much further than the frame
const WATERLINE = -0.185;

struct House {
    left: f32,
    width: f32,
    top: f32,
    key: f32,
}

fn house_at(i: u32, x: f32) -> House {
    let pitch = array<f32, 3>(0.050, 0.068, 0.098)[i];
    let cell = floor(x / pitch);
    let s = shot.seed * 3.1 + f32(i) * 71.0;
    // borders between houses are moved about, so that widths differ
    let l = (cell + 0.55 * (hash1(cell + s) - 0.5)) * pitch;
    let r = (cell + 1.0 + 0.55 * (hash1(cell + 1.0 + s) - 0.5)) * pitch;
    var c = cell;
    var left = l;
    var right = r;
    if (x < l) {
        c = cell - 1.0;
        left = (c + 0.55 * (hash1(c + s) - 0.5)) * pitch;
        right = l;
    } else if (x >= r) {
        c = cell + 1.0;
        left = r;
        right = (c + 1.0 + 0.55 * (hash1(c + 1.0 + s) - 0.5)) * pitch;
    }
    let k = hash1(c * 1.7 + s + 11.0);
    let centre = (left + right) * 0.5;
    // two clusters of towers
    let cluster = exp(-pow((centre + 0.42) * 2.3, 2.0)) + 0.75 * exp(-pow((centre - 0.58) * 2.7, 2.0));
    let low = array<f32, 3>(0.10, 0.060, 0.030)[i];
    let high = array<f32, 3>(0.36, 0.40, 0.20)[i];
    let top = -0.16 + low * (0.6 + 0.8 * hash1(c * 2.3 + s)) + high * k * k * (0.22 + cluster);
    return House(left, right - left, top, hash1(c * 5.9 + s + 3.0));
}

// Colour and cover of a row of houses at one point.
fn houses(i: u32, p: vec2f) -> vec4f {
    let h = house_at(i, p.x);
    let x = (p.x - h.left) / h.width;
    let down = h.top - p.y;
    let inset = 0.04 + 0.06 * h.key;
    var cover = 0.0;
    if (x > inset && x < 1.0 - inset && down > 0.0) { cover = 1.0; }
    // set-back crown and mast on some
    let crown = select(0.0, 0.022 + 0.03 * fract(h.key * 7.0), fract(h.key * 3.0) > 0.45);
    if (down <= 0.0 && down > -crown && abs(x - 0.5) < 0.22 + 0.1 * fract(h.key * 17.0)) { cover = 1.0; }
    if (fract(h.key * 13.0) > 0.72 && abs(p.x - h.left - 0.5 * h.width) < 0.0011 && down <= -crown && down > -crown - 0.05) { cover = 1.0; }
    if (cover == 0.0) { return vec4f(0.0); }
    let near = f32(i) / 2.0;
    // walls take a little of the sky; one side is darker, the street shines from below
    let face = select(1.0, 0.55, x > 0.62 + 0.2 * fract(h.key * 5.0));
    var c = mix(vec3f(0.034, 0.042, 0.090), vec3f(0.007, 0.010, 0.022), near) * face;
    c += vec3f(0.16, 0.085, 0.035) * exp(-max(p.y + 0.155, 0.0) * 16.0) * (0.6 + 0.5 * h.key) * (0.5 + 0.5 * near);
    // windows
    let pane = array<vec2f, 3>(vec2f(0.0046, 0.0058), vec2f(0.0058, 0.0074), vec2f(0.0074, 0.0095))[i] * (0.85 + 0.4 * fract(h.key * 23.0));
    let g = vec2f((p.x - h.left) / pane.x, down / pane.y);
    let cell = floor(g);
    let f = fract(g);
    let busy = mix(0.14, 0.62, pow(fract(h.key * 29.0), 1.6));
    let floor_busy = busy * (0.45 + 1.1 * hash2(vec2f(cell.y, h.key * 97.0)));
    let r = hash22(cell + vec2f(h.key * 311.0, f32(i) * 17.0));
    let open = step(0.18, f.x) * step(f.x, 0.84) * step(0.26, f.y) * step(f.y, 0.80);
    let glass = fract(h.key * 73.0) > 0.62;   // offices: whole floors of one light
    let lamp_key = select(r.x, mix(r.x, hash2(vec2f(cell.y, floor(cell.x / 5.0) + h.key * 51.0)), 0.75), glass);
    if (open > 0.0 && down > pane.y * 0.5 && lamp_key < floor_busy) {
        var tint = mix(vec3f(1.0, 0.56, 0.22), vec3f(1.0, 0.80, 0.52), r.y);
        if (fract(h.key * 41.0) > 0.70) { tint = mix(vec3f(0.50, 0.78, 1.0), vec3f(0.85, 0.95, 1.0), r.y); }
        c += tint * (0.14 + 1.5 * r.y * r.y * r.y) * mix(0.50, 0.90, near) * face;
    }
    // some crowns are lit
    if (fract(h.key * 53.0) > 0.74 && abs(down + crown - 0.0022) < 0.0014) {
        let neon = mix(vec3f(0.15, 0.55, 1.0), vec3f(1.0, 0.22, 0.48), step(0.5, fract(h.key * 61.0)));
        c += neon * 1.2;
    }
    return vec4f(c, 1.0);
}

@fragment
fn layer(in: Corner) -> @location(0) vec4f {
    let px = SIZE / shot.size;
    let p = (in.uv - 0.5) * vec2f(SIZE.x, -SIZE.y);
    if (p.y < WATERLINE - 0.02 || p.y > 0.46) { return vec4f(0.0); }
    var c = vec4f(0.0);
    for (var i = 0; i < 9; i++) {
        c += houses(shot.layer, p + (vec2f(f32(i % 3), f32(i / 3)) - 1.0) / 3.0 * px);
    }
    return store(c / 9.0, in.uv);
}

fn sky(p: vec2f) -> vec3f {
    let up = clamp((p.y + 0.16) / 0.66, 0.0, 1.0);
    var c = mix(vec3f(0.34, 0.13, 0.10), vec3f(0.115, 0.075, 0.17), smoothstep(0.0, 0.26, up));
    c = mix(c, vec3f(0.026, 0.042, 0.125), smoothstep(0.14, 0.58, up));
    c = mix(c, vec3f(0.005, 0.011, 0.040), smoothstep(0.45, 1.05, up));
    c += vec3f(0.26, 0.10, 0.045) * exp(-length((p - vec2f(0.15, -0.2)) * vec2f(0.9, 2.2)) * 2.4);
    let at = vec2f(p.x * 1.1 + 0.018 * shot.time, p.y * 4.2) + shot.seed;
    let cloud = smoothstep(0.46, 0.82, fbm(at + 0.7 * fbm(at * 1.7, 2), 4));
    c = mix(c, mix(vec3f(0.22, 0.085, 0.10), vec3f(0.016, 0.020, 0.055), smoothstep(-0.02, 0.34, p.y)), cloud * 0.75);
    // first stars
    let g = p * 38.0;
    let r = hash22(floor(g) + 3.0);
    let star = exp(-dot(fract(g) - r, fract(g) - r) * 420.0) * step(0.86, hash2(floor(g) + 9.0));
    let twinkle = 0.7 + 0.3 * sin(shot.time * (3.0 + 5.0 * r.x) + r.y * 40.0);
    return c + vec3f(0.8, 0.85, 1.0) * star * (0.25 + r.y) * twinkle * smoothstep(0.12, 0.4, p.y) * (1.0 - cloud) * 0.9;
}

fn spot(p: vec2f, at: vec2f, size: f32) -> f32 {
    let d = (p - at) / size;
    let q = dot(d, d);
    return 1.0 / (1.0 + q * q * 2.0 + q) - 0.012;
}

// Lamps and cars on the quay.
fn quay(p: vec2f, truck: f32) -> vec3f {
    if (p.y > -0.08 || p.y < WATERLINE - 0.05) { return vec3f(0.0); }
    var c = vec3f(0.0);
    let x = p.x + truck;
    let lamp = (floor(x / 0.088) + 0.5) * 0.088;
    c += vec3f(1.0, 0.58, 0.24) * 2.2 * max(spot(vec2f(x, p.y), vec2f(lamp, -0.142), 0.0042), 0.0);
    for (var way = 0; way < 2; way++) {
        let s = f32(way) * 2.0 - 1.0;
        let go = x - s * shot.time * 0.105;
        let cell = floor(go / 0.060);
        let r = hash22(vec2f(cell, f32(way) * 7.0 + 2.0));
        let at = (cell + 0.25 + 0.5 * r.x) * 0.060;
        let tint = select(vec3f(1.0, 0.07, 0.03) * 1.2, vec3f(1.0, 0.92, 0.78) * 2.2, way == 1);
        c += step(0.36, r.y) * tint * max(spot(vec2f(go, p.y), vec2f(at, -0.166 - 0.006 * f32(way)), 0.0030), 0.0);
    }
    return c;
}

// A boat with lit cabins on the river; its cover is in a.
fn boat(p: vec2f) -> vec4f {
    let at = vec2f(0.62 - 0.075 * shot.time, WATERLINE - 0.052 + 0.0012 * sin(shot.time * 1.9));
    let q = (p - at) / 0.155;
    if (abs(q.x) > 0.56 || abs(q.y) > 0.2) { return vec4f(0.0); }
    let hull = step(abs(q.x + 0.04 * q.y), 0.5 - 0.55 * max(-q.y, 0.0) - 0.02) * step(abs(q.y + 0.015), 0.055);
    let cabin = step(abs(q.x - 0.04), 0.33 - 0.2 * max(q.y - 0.09, 0.0)) * step(abs(q.y - 0.085), 0.045);
    let bridge = step(abs(q.x + 0.16), 0.08) * step(abs(q.y - 0.155), 0.03);
    var c = vec3f(0.012, 0.014, 0.022) + vec3f(0.02, 0.03, 0.05) * step(0.02, q.y);
    let pane = step(abs(fract(q.x * 11.0) - 0.5), 0.34) * step(abs(q.y - 0.088), 0.020) * cabin;
    c += vec3f(1.0, 0.66, 0.30) * 1.25 * pane;
    c += vec3f(0.6, 0.75, 1.0) * 0.7 * step(abs(q.y - 0.155), 0.014) * bridge;
    return vec4f(c, max(hull, max(cabin, bridge)));
}

fn truck(i: i32) -> f32 { return (shot.time * 0.016 - 0.05) * (0.35 + 0.5 * f32(i)); }

fn skyline(p: vec2f, back: vec3f) -> vec3f {
    var out = vec3f(0.0);
    var left = 1.0;
    let glow = vec3f(0.20, 0.085, 0.085);
    for (var i = 2; i >= 0; i--) {
        let q = p + vec2f(truck(i), 0.0);
        let s = load(vec2f(0.5) + q / vec2f(SIZE.x, -SIZE.y), i);
        if (s.a < 0.004) { continue; }
        let air = (0.34 - 0.15 * f32(i)) * exp(-max(p.y + 0.16, 0.0) * 5.0);
        out += left * mix(s.rgb, glow * s.a, air);
        left *= 1.0 - s.a;
        if (left < 0.004) { break; }
    }
    return out + back * left;
}

@fragment
fn soft(in: Corner) -> @location(0) vec4f {
    let p = still_view(in.uv) * SOFT_SPAN;
    if (p.y < WATERLINE - 0.03) { return vec4f(0.0, 0.0, 0.0, 1.0); }
    let back = sky(p);
    if (p.y > 0.44) { return vec4f(back, 1.0); }
    return vec4f(skyline(p, back) + 1.6 * quay(p, truck(2)), 1.0);
}
fn from_soft(p: vec2f) -> vec3f {
    return soft_at(p / (vec2f(shot.aspect, -1.0) * SOFT_SPAN) + 0.5).rgb;
}

@fragment
fn picture(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    var c = vec3f(0.0);
    let deep = WATERLINE - p.y;
    if (deep < 0.0) {
        let back = from_soft(p);
        c = back;
        if (p.y < 0.42) { c = skyline(p, back); }
        c += quay(p, truck(2));
        // a wall of stone between the street and the water
        let wall = smoothstep(-0.0005, 0.0008, -0.1735 - p.y);
        c = mix(c, vec3f(0.020, 0.016, 0.018) + 0.10 * from_soft(vec2f(p.x, -0.150)), wall * 0.9);
    } else {
        let z = 1.0 / (deep + 0.045);
        let at = vec2f((p.x + 0.02 * shot.time) * z * 1.6, z * 1.9);
        let a = noise2(at * vec2f(1.0, 1.0) + vec2f(0.35, 0.55) * shot.time);
        let b = noise2(at * vec2f(2.3, 2.6) - vec2f(0.5, -0.8) * shot.time + 7.0);
        let ripple = a + 0.6 * b - 0.8;
        let calm = vec2f(ripple * (0.006 + 0.050 * deep), 0.0);
        let mirror = vec2f(p.x, WATERLINE + deep * 0.92) + calm;
        let smear = 0.012 + 0.20 * deep + 0.13 * abs(ripple) * deep;
        c = from_soft(mirror + vec2f(0.0, smear * 0.15)) * 0.34;
        c += from_soft(mirror + vec2f(calm.x, smear * 0.55)) * 0.26;
        c += from_soft(mirror + vec2f(-calm.x, smear * -0.30)) * 0.24;
        c += from_soft(mirror + vec2f(calm.x * 2.0, smear)) * 0.16;
        let facing = 0.50 + 0.50 * exp(-deep * 4.5);
        c = c * facing * (0.80 + 0.45 * ripple) + vec3f(0.004, 0.010, 0.022);
        let shown = boat(p);
        let image = boat(vec2f(p.x + calm.x * 2.0, 2.0 * (WATERLINE - 0.062) - p.y + 0.06 * (ripple) * deep));
        c = mix(c, c * 0.35 + image.rgb * 0.55, image.a * 0.8 * step(p.y, WATERLINE - 0.06));
        c = mix(c, shown.rgb, shown.a);
    }
    // an aeroplane on its way down
    let plane = vec2f(-0.75 + 0.055 * shot.time, 0.40 - 0.010 * shot.time);
    if (distance(p, plane) < 0.03) {
        let flash = pow(max(sin(shot.time * 5.2), 0.0), 18.0);
        c += vec3f(1.0, 0.9, 0.8) * max(spot(p, plane, 0.0014), 0.0) + vec3f(1.0, 0.1, 0.1) * 1.6 * flash * max(spot(p, plane, 0.0028), 0.0);
    }
    return develop(c * 1.25, in.uv);
}
