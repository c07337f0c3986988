// Open water in the late afternoon from a boat: swell, glitter under the sun, islands and a sail on the horizon.
// No layers: the soft pass draws the sky, the picture the sea and what has sharp edges.

const HORIZON = 0.085;
const SUN = vec3f(0.275, 0.120, 0.954); // nearly unit length

fn direction(p: vec2f) -> vec3f {
    return normalize(vec3f(p.x, p.y - HORIZON, 1.25));
}

fn sky(d: vec3f) -> vec3f {
    let up = max(d.y, 0.0);
    var c = mix(vec3f(0.78, 0.54, 0.34), vec3f(0.26, 0.44, 0.58), smoothstep(0.0, 0.17, up));
    c = mix(c, vec3f(0.055, 0.19, 0.40), smoothstep(0.10, 0.42, up));
    let s = max(dot(d, SUN), 0.0);
    return c + vec3f(1.0, 0.62, 0.26) * (0.30 * pow(s, 12.0) + 0.75 * pow(s, 110.0));
}

@fragment
fn soft(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    let d = direction(p);
    var c = sky(d);
    if (d.y > 0.0) {
        // fair-weather clouds low over the sea, lit from behind
        let near = 1.0 / (d.y + 0.13);
        let at = vec2f(d.x * near, near) * 1.05 + vec2f(0.045 * shot.time, 0.01 * shot.time) + shot.seed;
        let body = fbm(at * 1.4 + 0.5 * fbm(at * 2.6, 2), 5);
        let cover = smoothstep(0.50, 0.72, body) * smoothstep(0.005, 0.07, d.y) * smoothstep(0.62, 0.30, d.y);
        let thick = smoothstep(0.54, 0.80, body);
        let s = max(dot(d, SUN), 0.0);
        let bright = mix(vec3f(0.82, 0.68, 0.60), vec3f(1.8, 1.10, 0.60), pow(s, 8.0));
        c = mix(c, mix(bright, vec3f(0.27, 0.30, 0.40), thick * 0.8), cover * 0.9);
    }
    c += vec3f(6.0, 4.6, 2.8) * smoothstep(0.99955, 0.99982, dot(d, SUN));
    return vec4f(c, 1.0);
}

// Height of the sea at a place; crests are narrower than troughs.
fn sea(at: vec2f, octaves: i32) -> f32 {
    var p = at;
    var h = 0.0;
    var a = 0.42;
    var f = 0.55;
    for (var i = 0; i < octaves; i++) {
        let n = noise2(p * f * 0.9 + vec2f(0.0, 0.5) * shot.time) * 2.0;
        let w = vec2f(p.x * 0.85, p.y) * f + n;
        let go = shot.time * (1.0 + 0.35 * f32(i));
        let x = abs(sin(w.x * 1.1 + go));
        let y = abs(sin(w.y * 1.3 - go * 0.8));
        h += a * (1.0 - pow(0.55 * x + 0.45 * y, 0.72));
        a *= 0.42;
        f *= 2.05;
        p = TURN * p;
    }
    return h;
}

fn sail(p: vec2f, px: f32) -> vec4f {
    if (abs(p.x) > 0.7 || p.y < -0.1 || p.y > 1.25) { return vec4f(0.0); }
    let lean = p.x - 0.06 * p.y;
    let y = (p.y - 0.16) / 1.0;
    let main_edge = 0.36 * (1.0 - y) * (1.0 - 0.22 * y);
    let main_sail = step(0.0, y) * step(y, 1.0) * step(0.012, lean) * step(lean, main_edge + 0.012);
    let jib = step(0.02, y) * step(y, 0.82) * step(lean, -0.016) * step(-lean, 0.30 * (0.82 - y) * (1.05 - 0.3 * y) + 0.016);
    let mast = step(abs(lean), 0.009) * step(0.0, p.y) * step(p.y, 1.2);
    let hull = step(-0.03, p.y) * step(p.y, 0.105 + 0.03 * p.x) * step(abs(p.x - 0.02), 0.40 + 0.35 * p.y);
    var c = mix(vec3f(0.62, 0.52, 0.44), vec3f(1.05, 0.90, 0.74), jib) * (0.8 + 0.3 * y);
    c = mix(c, vec3f(0.06, 0.075, 0.11), hull);
    c = mix(c, vec3f(0.12, 0.09, 0.07), mast * (1.0 - hull));
    return vec4f(c, max(max(main_sail, jib), max(mast, hull)));
}

// Islands as height over the horizon, one near and one far.
fn island(x: f32, which: i32) -> f32 {
    if (which == 0) { return 0.040 * smoothstep(0.42, 0.0, abs(x + 0.72)) * (0.45 + 1.0 * fbm1(x * 6.0 + 2.0, 5, 0.5)); }
    return 0.060 * smoothstep(0.34, 0.0, abs(x + 0.98)) * (0.4 + 1.0 * fbm1(x * 9.0 + 8.0, 6, 0.52));
}

@fragment
fn picture(in: Corner) -> @location(0) vec4f {
    let p = view(in.uv);
    let d = direction(p);
    let px = 1.0 / shot.size.y;
    let drop = HORIZON - p.y;
    var c = vec3f(0.0);
    if (drop < 0.0) {
        c = soft_at(in.uv).rgb;
        let far = clamp((island(p.x, 0) + drop) / px + 0.5, 0.0, 1.0);
        c = mix(c, vec3f(0.40, 0.42, 0.48) + 0.06 * noise2(p * vec2f(60.0, 110.0)), far * 0.92);
        let near = clamp((island(p.x, 1) + drop) / px + 0.5, 0.0, 1.0);
        c = mix(c, vec3f(0.16, 0.21, 0.22) + 0.09 * fbm(p * vec2f(90.0, 160.0), 2), near * 0.95);
    } else {
        let reach = 1.35 / max(-d.y, 0.004);
        let at = vec2f(d.x, d.z) * reach + vec2f(0.25 * shot.time, 0.55 * shot.time);
        // the further, the flatter what one pixel averages
        let e = 0.030 + 0.0035 * reach;
        let octaves = select(select(3, 4, reach < 30.0), 5, reach < 9.0);
        let h = sea(at, octaves);
        let hx = sea(at + vec2f(e, 0.0), octaves);
        let hz = sea(at + vec2f(0.0, e), octaves);
        let flat = 1.0 / (1.0 + 0.0045 * reach * reach);
        let n = normalize(vec3f((h - hx) / e * 0.52 * flat, 1.0, (h - hz) / e * 0.52 * flat));
        let facing = max(dot(n, -d), 0.0);
        let fresnel = 0.025 + 0.975 * pow(1.0 - facing, 5.0) * mix(0.75, 0.42, flat);
        var r = reflect(d, n);
        r.y = abs(r.y) + 0.01;
        let deep = vec3f(0.004, 0.045, 0.075);
        let through = vec3f(0.030, 0.22, 0.21) * pow(clamp(h * 1.25, 0.0, 1.0), 2.2);
        let body = deep + through * (0.55 + 0.8 * pow(max(dot(d, SUN), 0.0), 4.0));
        c = mix(body, sky(normalize(r)), fresnel);
        let s = max(dot(normalize(r), SUN), 0.0);
        let glitter = pow(s, mix(60.0, 220.0, flat)) * mix(0.8, 2.4, flat);
        c += vec3f(1.5, 1.05, 0.62) * glitter;
        // foam on the steepest crests near us
        let foam = smoothstep(0.62, 0.80, h) * smoothstep(0.45, 0.75, noise2(at * 7.0)) * flat;
        c = mix(c, vec3f(0.85, 0.86, 0.84), foam * 0.35);
        c = mix(c, sky(vec3f(d.x, 0.01, d.z)) * 0.86, smoothstep(14.0, 190.0, reach) * 0.75);
    }
    let at = vec2f(-0.30 + 0.020 * shot.time, HORIZON - 0.010 + 0.0012 * sin(shot.time * 1.4));
    var ship = vec4f(0.0);
    if (abs(p.x - at.x) < 0.13 && abs(p.y - at.y - 0.06) < 0.14) {
        let size = 0.125;
        for (var i = 0; i < 4; i++) {
            let o = (vec2f(f32(i % 2), f32(i / 2)) - 0.5) * 0.5 * px;
            let k = sail((p + o - at) / size, px / size);
            ship += vec4f(k.rgb * k.a, k.a) * 0.25;
        }
        c = over(ship, c);
        let image = sail(vec2f((p.x - at.x) / size + 0.10 * (noise2(vec2f(p.x * 30.0, p.y * 420.0 + 3.0 * shot.time)) - 0.5), -(p.y - at.y) / size * 1.15 - 0.02), px);
        c = mix(c, image.rgb * 0.7, image.a * 0.35 * step(p.y, at.y - 0.002));
    }
    let s = max(dot(d, SUN), 0.0);
    c += vec3f(1.0, 0.66, 0.34) * (0.10 * pow(s, 20.0) + 0.25 * pow(s, 300.0));
    return develop(c * 0.82, in.uv);
}
