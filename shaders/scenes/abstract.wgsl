// Ribbons of light that turn in the dark, with soft discs out of focus. No layers; the soft pass draws the discs and
// the glow, the picture the fine lines.

fn palette(x: f32) -> vec3f {
    let a = mix(vec3f(0.02, 0.42, 0.85), vec3f(0.55, 0.10, 0.85), smoothstep(0.0, 0.45, x));
    let b = mix(a, vec3f(1.05, 0.16, 0.42), smoothstep(0.35, 0.70, x));
    return mix(b, vec3f(1.15, 0.55, 0.16), smoothstep(0.65, 1.0, x));
}

struct Ribbon {
    s: f32,       // −1…1 across the ribbon
    width: f32,   // in picture heights, 0 where it turns its edge to us
    tint: f32,
}

fn ribbon(i: i32, p: vec2f) -> Ribbon {
    let k = f32(i);
    let t = shot.time * (0.34 + 0.05 * k) + k * 2.1 + shot.seed;
    let middle = 0.17 * sin(p.x * 1.55 + t * 1.1) + 0.085 * sin(p.x * 2.9 - t * 1.5 + k) + 0.11 * (k - 1.0) * cos(p.x * 0.8 + 0.4 * t);
    let twist = sin(p.x * 1.25 - t * 0.9 + k * 1.3) * 0.75 + 0.35 * sin(p.x * 2.3 + t * 0.7);
    let width = 0.012 + 0.19 * abs(twist);
    // bent a little, so that the lines are no copies of each other
    let bent = middle + 0.03 * sin(p.x * 5.0 + k * 2.0 + t) * twist;
    return Ribbon((p.y - bent) / width * sign(twist + 0.0001), width, 0.5 + 0.30 * sin(p.x * 0.9 + t * 0.6 + k * 0.9) + 0.12 * (k - 1.0));
}

fn discs(p: vec2f, pitch: f32, drift: vec2f, key: f32) -> vec3f {
    let q = (p + drift * shot.time) / pitch + key;
    let cell = floor(q);
    var c = vec3f(0.0);
    for (var j = 0; j < 4; j++) {
        let n = cell + vec2f(f32(j % 2), f32(j / 2)) + floor(fract(q) - 0.5);
        let r = hash22(n + key * 17.0);
        let k = hash2(n + key * 5.0);
        let at = n + 0.25 + 0.5 * r;
        let size = (0.10 + 0.24 * k) ;
        let d = length(q - at);
        let disc = smoothstep(size, size * 0.88, d) * (0.55 + 0.45 * smoothstep(size * 0.4, size, d));
        let pulse = 0.55 + 0.45 * sin(shot.time * (0.5 + r.x) + 30.0 * r.y);
        c += palette(fract(r.x * 3.0 + 0.15 * shot.progress)) * disc * step(0.52, hash2(n + 31.0)) * pulse;
    }
    return c;
}

@fragment
fn soft(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    let q = p + 0.18 * vec2f(noise2(p * 1.3 + 0.20 * shot.time), noise2(p * 1.3 + 9.0 - 0.17 * shot.time));
    var c = mix(vec3f(0.006, 0.009, 0.032), vec3f(0.035, 0.010, 0.060), noise2(q * 1.6 + 2.0 + 0.1 * shot.time));
    c += vec3f(0.0, 0.030, 0.060) * smoothstep(0.3, 0.9, noise2(q * 1.2 - 0.13 * shot.time + 7.0));
    for (var i = 0; i < 3; i++) {
        let r = ribbon(i, p);
        let off = max(abs(r.s) - 0.8, 0.0) * r.width;
        c += palette(r.tint) * (0.030 + 0.0022 / (r.width + 0.03)) * exp(-off * 9.5);
    }
    c += 0.065 * discs(p, 0.42, vec2f(0.020, -0.012), 1.0) + 0.10 * discs(p, 0.22, vec2f(-0.030, 0.016), 2.0);
    return vec4f(c, 1.0);
}

@fragment
fn picture(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    var c = soft_at(in.uv).rgb;
    let px = 1.0 / shot.size.y;
    for (var i = 0; i < 3; i++) {
        let r = ribbon(i, p);
        if (abs(r.s) > 1.12) { continue; }
        let lines = 19.0;
        let x = (r.s * 0.5 + 0.5) * lines;
        let index = floor(x);
        let pitch = 2.0 * r.width / lines;                  // between lines, in picture heights
        let from_line = abs(x - index - 0.5) * pitch;
        let key = hash1(index + f32(i) * 31.0);
        let body = 0.0006 + 0.0010 * key * key;
        let sharp = smoothstep(body + 1.1 * px, max(body - 0.6 * px, 0.0), from_line);
        // lines closer than two pixels melt into an even sheet
        let melt = smoothstep(3.0, 1.4, pitch / px);
        let line = mix(sharp, min(2.0 * body / pitch, 1.0), melt);
        let inside = smoothstep(1.0, 0.86, abs(r.s));
        let pulse = pow(0.5 + 0.5 * sin(p.x * 2.2 - shot.time * (1.1 + 0.9 * key) + key * 40.0), 5.0);
        let light = (0.10 + 1.7 * pulse + 0.45 * key * key) * inside;
        let tint = palette(clamp(r.tint + 0.20 * r.s + 0.06 * (key - 0.5), 0.0, 1.0));
        c += (tint + 0.22 * pulse) * line * light;
        c += tint * 0.045 * inside * (0.6 + 0.4 * sin(r.s * 3.0 + p.x * 2.0));   // the sheet between the lines
    }
    return develop(c * 1.15, in.uv);
}
