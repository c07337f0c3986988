// Copies of a picture that motion is measured on: smoothed, halved, less their local mean and by their local spread.
// Twin of src/analysis/motion/plane.rs.

// twin: gpu::params::PictureParams
struct PictureParams {
    width: u32,
    height: u32,
    out_width: u32,
    out_height: u32,
    // pixels of `source` from one of `result` to the next
    step: u32,
    // of the mean, to each side
    reach: u32,
    pad0: u32,
    pad1: u32,
}

@group(0) @binding(0) var<uniform> params: PictureParams;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read> means: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

fn column(x: i32) -> u32 {
    return u32(clamp(x, 0, i32(params.width) - 1));
}

fn row(y: i32) -> u32 {
    return u32(clamp(y, 0, i32(params.height) - 1)) * params.width;
}

fn five(a: f32, b: f32, c: f32, d: f32, e: f32) -> f32 {
    return (a + e + 4.0 * (b + d) + 6.0 * c) / 16.0;
}

fn down(x: i32, y: i32) -> f32 {
    let c = column(x);
    return five(source[row(y - 2) + c], source[row(y - 1) + c], source[row(y) + c], source[row(y + 1) + c], source[row(y + 2) + c]);
}

// binomials of five across and down, edges repeated
@compute @workgroup_size(8, 8)
fn binomial(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.out_width || id.y >= params.out_height {
        return;
    }
    let x = i32(id.x * params.step);
    let y = i32(id.y * params.step);
    result[id.y * params.out_width + id.x] = five(down(x - 2, y), down(x - 1, y), down(x, y), down(x + 1, y), down(x + 2, y));
}

// means of values, from mid-grey, and of their squares along a row, side by side
@compute @workgroup_size(8, 8)
fn across(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.width || id.y >= params.height {
        return;
    }
    let reach = i32(params.reach);
    var sum = vec2(0.0);
    for (var k = -reach; k <= reach; k += 1) {
        let v = source[row(i32(id.y)) + column(i32(id.x) + k)] - 128.0;
        sum += vec2(v, v * v);
    }
    sum /= f32(2 * reach + 1);
    let at = 2u * (id.y * params.width + id.x);
    result[at] = sum.x;
    result[at + 1u] = sum.y;
}

// the same down, and with both the normalised picture; noise of three levels is the least that counts as contrast
@compute @workgroup_size(8, 8)
fn normalise(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.width || id.y >= params.height {
        return;
    }
    let reach = i32(params.reach);
    var sum = vec2(0.0);
    for (var k = -reach; k <= reach; k += 1) {
        sum += means[row(i32(id.y) + k) + id.x];
    }
    sum /= f32(2 * reach + 1);
    let at = id.y * params.width + id.x;
    result[at] = (source[at] - 128.0 - sum.x) / sqrt(max(sum.y - sum.x * sum.x, 0.0) + 9.0);
}
