// Above a sea of clouds in the morning, gliding forward, with two balloons. No layers: the soft pass marches through
// the clouds, the picture adds what has sharp edges.

const SUN = vec3f(0.45, 0.115, 0.886); // nearly unit length

fn noise3(p: vec3f) -> f32 {
    let k = floor(p.z);
    let f = p.z - k;
    let low = noise2(p.xy + k * 37.3);
    let high = noise2(p.xy + (k + 1.0) * 37.3);
    return mix(low, high, f * f * (3.0 - 2.0 * f));
}

// How much cloud there is at a point; 0 and below is clear air. `fine` adds the small billows.
fn thickness(q: vec3f, towers: f32, fine: bool) -> f32 {
    var p = vec3f(q.x, q.y * 1.15, q.z) * 0.85 + vec3f(shot.seed, 0.0, 0.0);
    var d = 0.52 * noise3(p);
    p = vec3f(TURN * p.xy, p.z) * 2.3 + 3.7;
    d += 0.28 * noise3(p);
    if (fine) {
        p = vec3f(TURN * p.xy, p.z + 0.06 * shot.time) * 2.5 + 1.3;
        d += 0.125 * noise3(p);
        p = vec3f(TURN * p.xy, p.z + 0.10 * shot.time) * 2.4 + 9.1;
        d += 0.06 * noise3(p);
    } else {
        d += 0.092;
    }
    let ceiling = 0.50 + 0.27 * q.y - towers;
    return (d - ceiling) * 3.4;
}
fn towers(q: vec3f) -> f32 {
    return 0.50 * smoothstep(0.40, 0.85, noise2(q.xz * 0.23 + 4.0)) - 0.03;
}

fn sky(d: vec3f) -> vec3f {
    let up = clamp(d.y, -0.1, 1.0);
    var c = mix(vec3f(0.62, 0.42, 0.32), vec3f(0.15, 0.29, 0.55), smoothstep(-0.01, 0.19, up));
    c = mix(c, vec3f(0.040, 0.125, 0.38), smoothstep(0.12, 0.50, up));
    let s = max(dot(d, SUN), 0.0);
    c += vec3f(1.0, 0.66, 0.38) * (0.20 * pow(s, 12.0) + 0.45 * pow(s, 90.0));
    return c;
}
fn direction(p: vec2f) -> vec3f {
    return normalize(vec3f(p.x, p.y - 0.10, 1.15));
}

@fragment
fn soft(in: Corner) -> @location(0) vec4f {
    let d = direction(view(in.uv));
    let eye = vec3f(0.10 * shot.time, 1.80, 0.55 * shot.time);
    let back = sky(d);
    var light = vec3f(0.0);
    var clear = 1.0;
    let top = 1.72;
    // entry into the slab that holds the clouds
    var t = 0.6;
    if (d.y < -0.001) { t = max(t, (top - eye.y) / d.y); } else { return vec4f(back, 0.0); }
    t += 0.06 * hash2(in.position.xy);
    for (var i = 0; i < 48; i++) {
        let q = eye + d * t;
        let stride = max(0.075, 0.036 * t);
        if (q.y < -0.9 || t > 27.0 || clear < 0.02) { break; }
        let tall = towers(q);
        let thick = thickness(q, tall, true);
        if (thick > 0.0) {
            let toward = thickness(q + SUN * 0.38, tall, false);
            let lit = clamp((thick - toward) * 0.70 + 0.30 * (q.y + 0.02), 0.0, 1.0);
            let silver = pow(max(dot(d, SUN), 0.0), 8.0);
            var c = mix(vec3f(0.070, 0.105, 0.235), vec3f(1.22, 0.84, 0.55), pow(lit, 1.25));
            c += vec3f(1.0, 0.62, 0.34) * silver * (0.30 + 0.5 * lit);
            c = mix(c, back, 1.0 - exp(-0.0009 * t * t));
            let a = (1.0 - exp(-thick * 7.0 * stride)) * smoothstep(27.0, 15.0, t);
            light += clear * a * c;
            clear *= 1.0 - a;
        }
        t += stride * select(1.5, 1.0, thick > -0.35);
    }
    let deep = mix(vec3f(0.16, 0.23, 0.38), back, smoothstep(-0.30, -0.02, d.y));
    return vec4f(light + clear * select(back, deep, d.y < -0.02), 1.0 - clear);
}

// A hot-air balloon of height 1.5 around the origin; a is its cover.
fn balloon(p: vec2f, px: f32, cloth: vec3f, band: vec3f, turn: f32) -> vec4f {
    if (abs(p.x) > 0.6 || p.y > 0.6 || p.y < -1.05) { return vec4f(0.0); }
    let half_width = select(0.5 * sqrt(max(1.0 - pow(p.y / 0.5, 2.0), 0.0)), 0.5 * (1.0 - pow(-p.y / 0.78, 1.7)), p.y < 0.0);
    let narrow = step(-0.66, p.y);
    var cover = clamp((max(half_width, 0.0) - abs(p.x)) / px + 0.5, 0.0, 1.0) * narrow * step(p.y, 0.5);
    let x = clamp(p.x / max(half_width, 0.01), -1.0, 1.0);
    let gore = fract((asin(x) / 3.14159 + turn) * 8.0);
    var c = mix(cloth, band, step(0.5, gore));
    c = mix(c, band, step(abs(p.y + 0.10), 0.055));
    c *= 0.80 + 0.20 * smoothstep(0.0, 0.10, min(gore, 1.0 - gore) + abs(fract(gore * 2.0) - 0.5) * 0.2);
    // the sun stands to the right and behind, and shines through the cloth
    let round = sqrt(max(1.0 - x * x, 0.0));
    c *= 0.34 + 0.50 * clamp(0.5 + 0.55 * x + 0.5 * p.y, 0.0, 1.0) + 0.24 * round;
    c += vec3f(0.9, 0.5, 0.2) * 0.20 * pow(clamp(x, 0.0, 1.0), 3.0) * narrow;
    let basket = step(abs(p.x), 0.085) * step(abs(p.y + 0.90), 0.065);
    let ropes = step(abs(abs(p.x) - mix(0.075, 0.12, (p.y + 0.84) / 0.2)), 0.007) * step(abs(p.y + 0.74), 0.10);
    c = mix(c, vec3f(0.10, 0.055, 0.03), max(basket, ropes) * (1.0 - cover));
    return vec4f(c, max(cover, max(basket, ropes * 0.8)));
}

@fragment
fn picture(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    let d = direction(p);
    // four taps around the place: the march's dither melts away
    let step = 0.75 / vec2f(textureDimensions(soft_picture));
    var c = vec3f(0.0);
    for (var i = 0; i < 4; i++) {
        let o = vec2f(f32(i % 2), f32(i / 2)) * 2.0 - 1.0;
        c += 0.25 * soft_at(in.uv + o * step).rgb;
    }
    let s = max(dot(d, SUN), 0.0);
    c += vec3f(5.0, 4.2, 3.0) * smoothstep(0.99979, 0.99991, s);
    let px = 1.0 / shot.size.y;
    let far = vec2f(-0.60 + 0.016 * shot.time, 0.245 + 0.006 * shot.time);
    let b = balloon((p - far) / 0.085, px / 0.085, vec3f(0.10, 0.42, 0.50), vec3f(0.95, 0.80, 0.42), 0.02 * shot.time);
    c = mix(c, mix(b.rgb, vec3f(0.50, 0.60, 0.78), 0.30), b.a);
    let near = vec2f(-0.28 + 0.026 * shot.time, 0.105 + 0.013 * shot.time + 0.004 * sin(shot.time * 0.9));
    let a = balloon((p - near) / 0.225, px / 0.225, vec3f(0.86, 0.13, 0.075), vec3f(1.0, 0.72, 0.30), 0.1 - 0.03 * shot.time);
    c = mix(c, mix(a.rgb, vec3f(0.60, 0.64, 0.74), 0.08), a.a);
    c += vec3f(1.0, 0.75, 0.5) * 0.10 * pow(s, 30.0);
    return develop(c * 0.95, in.uv);
}
