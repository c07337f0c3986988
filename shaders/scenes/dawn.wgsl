// A mountain valley at dawn: five ridges in rising haze, mist between them, firs in front, a flock of birds.
// Layers 0–4 are ridges from far to near, 5 is the row of firs. They hold (lit, depth below the crest, grain, cover).

const SIZE = vec2f(2.8444, 1.4222); // of a layer, in picture heights

// Height of ridge `i` above the middle of the picture.
fn crest(i: u32, x: f32) -> f32 {
    let s = shot.seed * 7.3 + f32(i) * 19.7;
    switch i {
        case 0u: {
            let big = 1.0 - abs(2.0 * fbm1(x * 1.25 + s + 0.6, 2, 0.4) - 1.0);
            return -0.09 + 0.30 * pow(big, 1.5) + 0.055 * fbm1(x * 7.0 + s, 5, 0.55);
        }
        case 1u: {
            let big = 1.0 - abs(2.0 * fbm1(x * 1.6 + s, 3, 0.45) - 1.0);
            return -0.14 + 0.20 * big + 0.04 * fbm1(x * 9.0 + s, 5, 0.55);
        }
        case 2u: { return -0.23 + 0.22 * fbm1(x * 1.7 + s, 3, 0.4) + 0.010 * treetops(x * 85.0 + s); }
        case 3u: { return -0.35 + 0.25 * fbm1(x * 1.5 + s, 3, 0.4) + 0.018 * treetops(x * 52.0 + s); }
        default: { return -0.47 + 0.24 * fbm1(x * 1.3 + s, 2, 0.4) + 0.034 * treetops(x * 30.0 + s); }
    }
}
// Pointed tops of a wood from afar, 0–1: triangles of uneven height.
fn treetops(x: f32) -> f32 {
    let a = fract(x) - 0.5;
    let b = fract(x * 1.37 + 0.4) - 0.5;
    let first = (1.0 - 2.0 * abs(a)) * hash1(floor(x) + 5.0);
    let second = (1.0 - 2.0 * abs(b)) * hash1(floor(x * 1.37 + 0.4) + 9.0);
    return max(first, second);
}

// Cover of one fir whose foot is at (0, 0) and whose tip is at (0, 1).
fn fir(p: vec2f, key: f32) -> f32 {
    let down = 1.0 - p.y;
    if (p.y < -0.3 || down < 0.0) { return 0.0; }
    let tier = down * (9.0 + 4.0 * key);
    let saw = fract(tier + 0.25 * sin(tier * 2.0 + key * 40.0));
    let ragged = noise1(p.y * 60.0 + key * 91.0 + sign(p.x) * 7.0);
    let half_width = 0.015 + down * 0.20 * (0.45 + 0.55 * saw) * (0.7 + 0.5 * ragged);
    return select(0.0, 1.0, abs(p.x) < half_width * (1.0 - 0.3 * smoothstep(0.85, 1.0, down)));
}
fn firs(p: vec2f) -> f32 {
    var cover = 0.0;
    for (var k = 0; k < 3; k++) {
        let pitch = 0.075 - 0.02 * f32(k);
        let cell = floor(p.x / pitch + f32(k) * 0.37);
        for (var j = -2.0; j <= 2.0; j += 1.0) {
            let c = cell + j;
            let r = hash22(vec2f(c, f32(k) * 13.0 + shot.seed));
            let x = (c + 0.5 + 0.7 * (r.x - 0.5) - f32(k) * 0.37) * pitch;
            // two groups, left and right, with a clearing between them
            let group = 0.35 + 0.65 * smoothstep(0.1, 0.85, abs(x + 0.12)) ;
            let tall = (0.08 + 0.30 * r.y * r.y) * group * (1.0 - 0.12 * f32(k));
            let foot = -0.56 + 0.05 * fbm1(x * 2.0 + 3.0, 2, 0.5);
            cover = max(cover, fir(vec2f((p.x - x) / tall, (p.y - foot) / tall), r.x));
        }
    }
    return max(cover, select(0.0, 1.0, p.y < -0.55 + 0.05 * fbm1(p.x * 2.0 + 3.0, 2, 0.5)));
}

@fragment
fn layer(in: Corner) -> @location(0) vec4f {
    let px = SIZE / shot.size;
    let p = (in.uv - 0.5) * vec2f(SIZE.x, -SIZE.y);
    if (shot.layer == 5u) {
        if (p.y > -0.12) { return vec4f(0.0); }
        var cover = 0.0;
        for (var i = 0; i < 4; i++) {
            cover += firs(p + (vec2f(f32(i % 2), f32(i / 2)) - 0.5) / 2.0 * px);
        }
        return vec4f(0.0, 0.0, fbm(p * 40.0, 2), cover / 4.0);
    }
    let y = crest(shot.layer, p.x);
    let cover = clamp((y - p.y) / px.y + 0.5, 0.0, 1.0);
    let depth = max(y - p.y, 0.0);
    if (cover <= 0.0) { return vec4f(0.0); }
    if (shot.layer >= 2u) {
        // wooded hills: rows of tree tops, one below the other, each darker at its foot
        let fine = array<f32, 3>(85.0, 52.0, 30.0)[shot.layer - 2u];
        var lit = 0.0;
        for (var row = 0; row < 4; row++) {
            let pitch = 1.1 / fine;
            let line = (floor(depth / pitch) + f32(row) - 1.0) * pitch;
            let x = p.x * fine + line * 311.7;
            let top = line - treetops(x) * 1.6 * pitch;
            let below = (depth - top) / (2.6 * pitch);
            if (below > 0.0 && below < 1.0) { lit = (1.0 - below) * (0.55 + 0.45 * hash1(floor(x) + 3.0)); }
        }
        let swell = fbm(p * 5.0 + f32(shot.layer), 3);
        return vec4f(lit * (0.35 + 0.9 * swell), min(depth * 2.0, 1.0), fbm(p * 30.0, 2), cover);
    }
    // rock: the slope of a ridged field, lit from the right, with gullies running down
    let at = vec2f(p.x + 0.10 * fbm(p * 9.0 + 5.0, 2), p.y * 0.62 + 0.3 * p.x) * 6.5 + f32(shot.layer) * 7.7;
    let e = 0.045;
    let slope = (gullies(at - vec2f(e, 0.4 * e)) - gullies(at + vec2f(e, 0.4 * e))) / e;
    let tilt = (crest(shot.layer, p.x + 0.03) - crest(shot.layer, p.x - 0.03)) / 0.06;
    let lit = clamp(0.36 + 0.30 * slope - 0.38 * tilt * exp(-depth * 6.0), 0.0, 1.0);
    return vec4f(lit, min(depth * 2.0, 1.0), fbm(p * 34.0, 3), cover);
}
fn gullies(at: vec2f) -> f32 {
    var p = at;
    var sum = 0.0;
    var a = 0.5;
    for (var i = 0; i < 5; i++) {
        sum += a * abs(2.0 * noise2(p) - 1.0);
        p = TURN * p * 2.1 + 7.1;
        a *= 0.52;
    }
    return sum;
}

fn sun() -> vec2f { return vec2f(0.36, -0.015 + 0.007 * shot.time); }

fn sky(p: vec2f) -> vec3f {
    let up = clamp((p.y + 0.14) / 0.66, 0.0, 1.0);
    var c = mix(vec3f(0.98, 0.50, 0.22), vec3f(0.62, 0.40, 0.42), smoothstep(0.0, 0.34, up));
    c = mix(c, vec3f(0.20, 0.27, 0.46), smoothstep(0.18, 0.62, up));
    c = mix(c, vec3f(0.055, 0.11, 0.27), smoothstep(0.5, 1.05, up));
    let d = length((p - sun()) * vec2f(0.8, 1.0));
    c += vec3f(1.0, 0.50, 0.20) * 0.75 * exp(-d * 4.2) + vec3f(1.3, 0.85, 0.45) * exp(-d * 13.0);
    return c;
}

@fragment
fn soft(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    var c = sky(p);
    // high clouds, seen in the perspective of a ceiling
    let near = 1.0 / (max(p.y, -0.1) + 0.42);
    let at = vec2f(p.x * near * 1.5 + 0.035 * shot.time, near * 2.6 + 0.012 * shot.time) + shot.seed;
    let warp = fbm(at * 0.8 + vec2f(3.1, 0.02 * shot.time), 3);
    let q = vec2f(at.x + 0.8 * warp, at.y * 1.25 + 0.5 * warp);
    let thick = fbm(q * 1.6, 5);
    let cover = smoothstep(0.42, 0.80, thick) * smoothstep(-0.06, 0.16, p.y);
    let toward = exp(-length(p - sun()) * 1.7);
    let rim = smoothstep(0.80, 0.45, thick);
    let tint = mix(vec3f(0.42, 0.30, 0.42), vec3f(1.55, 0.70, 0.36), clamp(toward * 1.2 + 0.15, 0.0, 1.0));
    c = mix(c, tint * (0.55 + 0.75 * rim), cover * 0.85);
    let disc = smoothstep(0.027, 0.019, length(p - sun()));
    c += vec3f(7.0, 4.6, 2.4) * disc * (1.0 - 0.7 * cover);
    return vec4f(c, cover);
}

fn birds(p: vec2f) -> f32 {
    let lead = vec2f(-0.52 + 0.075 * shot.time, 0.215 + 0.012 * shot.time);
    if (abs(p.x - lead.x + 0.08) > 0.22 || abs(p.y - lead.y) > 0.12) { return 0.0; }
    var ink = 0.0;
    for (var i = 0; i < 9; i++) {
        let side = f32(i % 2) * 2.0 - 1.0;
        let rank = f32((i + 1) / 2);
        let jitter = hash22(vec2f(f32(i), 4.0)) - 0.5;
        let at = lead + vec2f(-0.030 * rank, side * 0.019 * rank) + 0.012 * jitter + 0.003 * sin(shot.time * 1.3 + f32(i));
        let size = 0.0105 * (1.0 - 0.25 * jitter.x);
        let d = (p - at) / size;
        let flap = sin(shot.time * 9.0 + f32(i) * 1.7);
        let wing = abs(d.x) * (0.55 * flap + 0.15) - 0.35 * d.x * d.x * flap;
        let thick = 0.16 * (1.0 - 0.75 * abs(d.x)) + 0.04;
        ink = max(ink, smoothstep(thick + 0.10, thick, abs(d.y - wing)) * smoothstep(1.05, 0.9, abs(d.x)));
    }
    return ink;
}

@fragment
fn picture(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    let truck = -0.20 + 0.062 * shot.time;          // the camera travels to the right
    let push = 1.0 + 0.010 * shot.time;             // and a little forward
    let glow = exp(-length((p - sun()) * vec2f(0.75, 1.0)) * 3.0);
    let haze = mix(vec3f(0.30, 0.27, 0.36), vec3f(1.05, 0.60, 0.34), clamp(1.5 * glow, 0.0, 1.0));
    var out = vec3f(0.0);
    var left = 1.0;
    for (var i = 5; i >= 0; i--) {
        let close = f32(i) / 5.0;
        let travel = pow(close, 1.6);
        let q = p / mix(1.0, push, travel) + vec2f(truck * (0.04 + 0.62 * travel), 0.0);
        let s = textureSampleLevel(layers, linear, vec2f(0.5, 0.5) + q / vec2f(SIZE.x, -SIZE.y), i, 0.0);
        if (s.a < 0.004) { continue; }
        var c = vec3f(0.0);
        if (i == 5) {
            c = vec3f(0.007, 0.011, 0.014) * (0.6 + 0.8 * s.b) + haze * 0.012;
        } else {
            let rock = i < 2;
            let ground = select(mix(vec3f(0.040, 0.060, 0.062), vec3f(0.012, 0.022, 0.022), close), vec3f(0.085, 0.10, 0.16), rock);
            c = ground * (0.35 + 1.1 * s.r) * (0.8 + 0.4 * s.b);
            // first light on the high rock, and on tree tops that stand against the sun
            let first = select(0.16 * (1.0 - s.g) * glow, (1.0 - 0.6 * s.g) * (0.45 + 0.6 * glow), rock);
            c += vec3f(1.45, 0.62, 0.40) * s.r * s.r * first;
            // air between here and there, and mist that gathers in the valleys
            let drift = fbm(vec2f(q.x * 2.4 + 0.06 * shot.time * (0.4 + close) + f32(i) * 3.7, q.y * 7.0 - f32(i)), 3);
            let mist = smoothstep(0.10, 0.50, s.g + 0.5 * (drift - 0.5)) * (0.88 - 0.30 * close);
            let air = mix(0.50, 0.03, pow(close, 0.55));
            c = mix(c, haze * mix(1.0, 0.70, close), clamp(air + mist * (1.0 - air), 0.0, 1.0));
        }
        out += left * s.a * c;
        left *= 1.0 - s.a;
        if (left < 0.004) { break; }
    }
    if (left >= 0.004) {
        var back = soft_at(in.uv).rgb;
        back = mix(back, vec3f(0.05, 0.05, 0.07), 0.85 * birds(p));
        out += left * back;
    }
    out += vec3f(1.0, 0.55, 0.25) * glow * glow * 0.16;  // light that scatters in the lens and the air
    return develop(out * 0.92, in.uv);
}
