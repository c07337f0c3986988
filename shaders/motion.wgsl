// How a picture moved: the second bent as the first sees it, tiles of both compared, patches of the first found again in the second.
// Twin of src/analysis/motion/bend.rs (seen), dense.rs (sums) and patches.rs (patch).

// From pixels about the centre of the first picture to the same of the second; the last row is the common divisor.
struct MotionMap {
    rows: array<vec4<f32>, 3>,
}

// twin: gpu::params::MotionParams
struct MotionParams {
    width: u32,
    height: u32,
    // maps in use, for rows evenly spaced from the top to the bottom
    maps_used: u32,
    // tiles: how many lie side by side, their side, the first pixel of the first
    across: u32,
    side: u32,
    left: u32,
    top: u32,
    pad0: u32,
    maps: array<MotionMap, 9>,
}

@group(0) @binding(0) var<uniform> params: MotionParams;
@group(0) @binding(1) var<storage, read> first: array<f32>;
@group(0) @binding(2) var<storage, read> second: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
// upper left of the two middle pixels across and down, plus one
@group(0) @binding(4) var<storage, read> spots: array<vec2<u32>>;

// Catmull and Rom 1974
fn weights(t: f32) -> vec4<f32> {
    let t2 = t * t;
    let t3 = t2 * t;
    return vec4(-0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1.0, -1.5 * t3 + 2.0 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2);
}

fn along(x: i32, y: i32, w: vec4<f32>) -> f32 {
    let base = u32(clamp(y, 0, i32(params.height) - 1)) * params.width;
    let last = i32(params.width) - 1;
    var sum = 0.0;
    for (var i = 0; i < 4; i += 1) {
        sum += w[i] * second[base + u32(clamp(x + i, 0, last))];
    }
    return sum;
}

@compute @workgroup_size(8, 8)
fn bend(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.width || id.y >= params.height {
        return;
    }
    let size = vec2(f32(params.width), f32(params.height));
    let centre = (size - 1.0) * 0.5;
    let p = vec2<f32>(id.xy) - centre;
    let last = params.maps_used - 1u;
    let t = clamp((p.y / (0.5 * size.y) + 1.0) * 0.5 * f32(last), 0.0, f32(last));
    let k = min(u32(t), max(last, 1u) - 1u);
    let next = min(k + 1u, last);
    let u = t - f32(k);
    let q = vec4(p, 1.0, 0.0);
    let x = dot(mix(params.maps[k].rows[0], params.maps[next].rows[0], u), q);
    let y = dot(mix(params.maps[k].rows[1], params.maps[next].rows[1], u), q);
    let s = dot(mix(params.maps[k].rows[2], params.maps[next].rows[2], u), q);
    let at = clamp(vec2(x, y) / max(s, 1e-3) + centre, vec2(-2.0), size + 1.0);
    let whole = floor(at);
    let wx = weights(at.x - whole.x);
    let wy = weights(at.y - whole.y);
    let c = vec2<i32>(whole) - 1;
    result[id.y * params.width + id.x] = wy.x * along(c.x, c.y, wx) + wy.y * along(c.x, c.y + 1, wx) + wy.z * along(c.x, c.y + 2, wx)
        + wy.w * along(c.x, c.y + 3, wx);
}

const THREADS = 64u;

var<workgroup> partial: array<vec4<f32>, 64>;

// the sum of what all threads of the group bring
fn total(thread: u32, value: vec4<f32>) -> vec4<f32> {
    partial[thread] = value;
    workgroupBarrier();
    for (var s = THREADS / 2u; s > 0u; s /= 2u) {
        if thread < s {
            partial[thread] += partial[thread + s];
        }
        workgroupBarrier();
    }
    let sum = partial[0];
    workgroupBarrier();
    return sum;
}

// `second` is bent already
@compute @workgroup_size(64)
fn tiles(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let corner = vec2(params.left + (group.x % params.across) * params.side, params.top + (group.x / params.across) * params.side);
    var s = array<vec4<f32>, 3>(vec4(0.0), vec4(0.0), vec4(0.0));
    let w = params.width;
    for (var i = thread; i < params.side * params.side; i += THREADS) {
        let at = (corner.y + i / params.side) * w + corner.x + i % params.side;
        let gx = 0.25 * (first[at + 1u] - first[at - 1u] + second[at + 1u] - second[at - 1u]);
        let gy = 0.25 * (first[at + w] - first[at - w] + second[at + w] - second[at - w]);
        let p = first[at];
        let q = second[at];
        s[0] += vec4(gx, gy, gx * gx, gx * gy);
        s[1] += vec4(gy * gy, gx * (q - p), gy * (q - p), p);
        s[2] += vec4(q, p * p, q * q, p * q);
    }
    for (var k = 0u; k < 3u; k += 1u) {
        let sum = total(thread, s[k]);
        if thread < 4u {
            result[group.x * 12u + k * 4u + thread] = sum[thread];
        }
    }
}

const SIDE = 16u;
const ROUNDS = 12;
const FARTHEST = 6.0;

// Every thread holds four pixels of a column's quarter. Nobody leaves early: all must reach every barrier.
@compute @workgroup_size(64)
fn patches(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let w = params.width;
    let corner = spots[group.x] - SIDE / 2u;
    let x = thread % SIDE;
    let y = thread / SIDE * 4u;
    var texels = vec4(0.0);
    var gx = vec4(0.0);
    var gy = vec4(0.0);
    for (var i = 0u; i < 4u; i += 1u) {
        let at = (corner.y + y + i) * w + corner.x + x;
        texels[i] = first[at];
        gx[i] = 0.5 * (first[at + 1u] - first[at - 1u]);
        gy[i] = 0.5 * (first[at + w] - first[at - w]);
    }
    let slopes = total(thread, vec4(dot(gx, gx), dot(gx, gy), dot(gy, gy), dot(texels, vec4(1.0))));
    let xx = slopes.x;
    let xy = slopes.y;
    let yy = slopes.z;
    let weaker = 0.5 * (xx + yy - sqrt((xx - yy) * (xx - yy) + 4.0 * xy * xy));
    let det = xx * yy - xy * xy;
    var lost = weaker < 0.05 || det <= 0.0;
    var settled = false;
    var moved = vec2(0.0);
    var seen = vec4(0.0);
    for (var round = 0; round <= ROUNDS; round += 1) {
        let place = vec2<f32>(corner) + moved;
        let whole = floor(place);
        let most = vec2(f32(params.width), f32(params.height)) - f32(SIDE + 1u);
        lost = lost || any(whole < vec2(0.0)) || any(whole > most);
        if !lost && !settled {
            let u = place - whole;
            let base = (u32(whole.y) + y) * w + u32(whole.x) + x;
            for (var i = 0u; i < 4u; i += 1u) {
                let at = base + i * w;
                let above = second[at] + u.x * (second[at + 1u] - second[at]);
                let below = second[at + w] + u.x * (second[at + w + 1u] - second[at + w]);
                seen[i] = above + u.y * (below - above);
            }
        }
        let pull = total(thread, vec4(dot(gx, seen - texels), dot(gy, seen - texels), 0.0, 0.0));
        if !lost && !settled && round < ROUNDS {
            let step = vec2(yy * pull.x - xy * pull.y, xx * pull.y - xy * pull.x) / det;
            moved -= step;
            // also lost where it is no number
            lost = !(abs(moved.x) <= FARTHEST && abs(moved.y) <= FARTHEST);
            settled = length(step) < 0.002;
        }
    }
    let n = f32(SIDE * SIDE);
    let mean = vec2(slopes.w, total(thread, vec4(dot(seen, vec4(1.0)))).x) / n;
    let a = texels - mean.x;
    let b = seen - mean.y;
    let c = total(thread, vec4(dot(a, b), dot(a, a), dot(b, b), 0.0));
    let alike = select(c.x / sqrt((c.y + 1e-6) * (c.z + 1e-6)), -1.0, lost);
    if thread == 0u {
        let at = group.x * 4u;
        result[at] = select(moved.x, 0.0, lost);
        result[at + 1u] = select(moved.y, 0.0, lost);
        result[at + 2u] = select(weaker, 0.0, lost);
        result[at + 3u] = alike;
    }
}
