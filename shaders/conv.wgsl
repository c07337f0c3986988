// Convolutions of compact networks: 3×3 with padding 1, bias and PReLU in one pass; the last one shuffles pixels and adds the enlarged input.
// Sums in single precision, what lies between two layers in half. Twin of src/ml/cpu.
//
// Features lie in planes of four channels, pixel after pixel, so that neighbours along a row are neighbours in memory. A group computes 32
// columns and eight times `strips` rows of pixels for eight times `octets` channels; four channels at a time, what it reads and their weights
// lie in its own memory. An invocation computes eight pixels, one below the other, of eight channels. Their sums have names, for drivers put
// arrays with running indices into memory.

const COLUMNS = 32u;
// columns that are read
const SPAN = 34u;
// rows of an invocation
const ROWS = 8u;

override octets: u32 = 8u;
override strips: u32 = 1u;
override tile_size: u32 = 340u;
override kernel_size: u32 = 576u;

// twin: gpu::params::ConvParams
struct ConvParams {
    width: u32,
    height: u32,
    // planes of four channels
    planes_in: u32,
    planes_out: u32,
    // where the biases and slopes of all channels begin behind the weights
    biases: u32,
    slopes: u32,
    // of the last layer: how many times wider and higher the picture becomes
    scale: u32,
    pad0: u32,
}

// no uniform: with one, Mesa 22.3's software driver kept 0.2 MB and more of each dispatch (measured); with storage nothing
@group(0) @binding(0) var<storage, read> params: ConvParams;
// by block of channels, plane, column and row of the kernel, octet, half of it, input: of four outputs
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
// the picture: three planes
@group(0) @binding(2) var<storage, read> picture: array<f32>;
@group(0) @binding(3) var<storage, read> features: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> made: array<vec2<u32>>;
// the larger picture: three planes
@group(0) @binding(5) var<storage, read_write> large: array<f32>;

var<workgroup> tile: array<vec4<f32>, tile_size>;
var<workgroup> kernels: array<vec4<f32>, kernel_size>;

// eight pixels of four channels and of the next four
struct Sums {
    a0: vec4<f32>,
    a1: vec4<f32>,
    a2: vec4<f32>,
    a3: vec4<f32>,
    a4: vec4<f32>,
    a5: vec4<f32>,
    a6: vec4<f32>,
    a7: vec4<f32>,
    b0: vec4<f32>,
    b1: vec4<f32>,
    b2: vec4<f32>,
    b3: vec4<f32>,
    b4: vec4<f32>,
    b5: vec4<f32>,
    b6: vec4<f32>,
    b7: vec4<f32>,
}

fn begun(octet: u32) -> Sums {
    let a = weights[params.biases + 2u * octet];
    let b = weights[params.biases + 2u * octet + 1u];
    return Sums(a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b);
}

// around the picture are zeros
fn is_inside(x: i32, y: i32) -> bool {
    return x >= 0 && y >= 0 && x < i32(params.width) && y < i32(params.height);
}

fn place(plane: u32, x: u32, y: u32) -> u32 {
    return (plane * params.height + y) * params.width + x;
}

fn colours(x: i32, y: i32) -> vec4<f32> {
    if !is_inside(x, y) {
        return vec4(0.0);
    }
    let at = place(0u, u32(x), u32(y));
    let size = params.width * params.height;
    return vec4(picture[at], picture[at + size], picture[at + 2u * size], 0.0);
}

fn four_features(plane: u32, x: i32, y: i32) -> vec4<f32> {
    if !is_inside(x, y) {
        return vec4(0.0);
    }
    let halves = features[place(plane, u32(x), u32(y))];
    return vec4(unpack2x16float(halves.x), unpack2x16float(halves.y));
}

fn read_weights(block: u32, plane: u32, index: u32) {
    let begin = (block * params.planes_in + plane) * kernel_size;
    for (var i = index; i < kernel_size; i += COLUMNS * octets * strips) {
        kernels[i] = weights[begin + i];
    }
}

fn four(m: mat4x4<f32>, v: vec4<f32>, sum: vec4<f32>) -> vec4<f32> {
    return fma(m[0], vec4(v.x), fma(m[1], vec4(v.y), fma(m[2], vec4(v.z), fma(m[3], vec4(v.w), sum))));
}

// one place of the kernel
fn add_place(
    sums: ptr<function, Sums>,
    w: u32,
    v0: vec4<f32>,
    v1: vec4<f32>,
    v2: vec4<f32>,
    v3: vec4<f32>,
    v4: vec4<f32>,
    v5: vec4<f32>,
    v6: vec4<f32>,
    v7: vec4<f32>,
) {
    let m = mat4x4<f32>(kernels[w], kernels[w + 1u], kernels[w + 2u], kernels[w + 3u]);
    (*sums).a0 = four(m, v0, (*sums).a0);
    (*sums).a1 = four(m, v1, (*sums).a1);
    (*sums).a2 = four(m, v2, (*sums).a2);
    (*sums).a3 = four(m, v3, (*sums).a3);
    (*sums).a4 = four(m, v4, (*sums).a4);
    (*sums).a5 = four(m, v5, (*sums).a5);
    (*sums).a6 = four(m, v6, (*sums).a6);
    (*sums).a7 = four(m, v7, (*sums).a7);
    let n = mat4x4<f32>(kernels[w + 4u], kernels[w + 5u], kernels[w + 6u], kernels[w + 7u]);
    (*sums).b0 = four(n, v0, (*sums).b0);
    (*sums).b1 = four(n, v1, (*sums).b1);
    (*sums).b2 = four(n, v2, (*sums).b2);
    (*sums).b3 = four(n, v3, (*sums).b3);
    (*sums).b4 = four(n, v4, (*sums).b4);
    (*sums).b5 = four(n, v5, (*sums).b5);
    (*sums).b6 = four(n, v6, (*sums).b6);
    (*sums).b7 = four(n, v7, (*sums).b7);
}

// what four channels add
fn add_plane(sums: ptr<function, Sums>, local: vec3<u32>) {
    for (var column = 0u; column < 3u; column++) {
        let at = local.z * ROWS * SPAN + local.x + column;
        let v0 = tile[at];
        let v1 = tile[at + SPAN];
        let v2 = tile[at + 2u * SPAN];
        let v3 = tile[at + 3u * SPAN];
        let v4 = tile[at + 4u * SPAN];
        let v5 = tile[at + 5u * SPAN];
        let v6 = tile[at + 6u * SPAN];
        let v7 = tile[at + 7u * SPAN];
        let v8 = tile[at + 8u * SPAN];
        let v9 = tile[at + 9u * SPAN];
        let w = (column * 3u * octets + local.y) * 8u;
        add_place(sums, w, v0, v1, v2, v3, v4, v5, v6, v7);
        add_place(sums, w + 8u * octets, v1, v2, v3, v4, v5, v6, v7, v8);
        add_place(sums, w + 16u * octets, v2, v3, v4, v5, v6, v7, v8, v9);
    }
}

// to the nearest: drivers may cut off instead
fn rounded(v: vec4<f32>) -> vec4<f32> {
    let bits = bitcast<vec4<u32>>(clamp(v, vec4(-65504.0), vec4(65504.0)));
    return bitcast<vec4<f32>>((bits + vec4(0xfffu) + ((bits >> vec4(13u)) & vec4(1u))) & vec4(0xffffe000u));
}

fn keep(plane: u32, at: vec2<u32>, sum: vec4<f32>, slope: vec4<f32>) {
    if plane >= params.planes_out || at.x >= params.width || at.y >= params.height {
        return;
    }
    let v = rounded(select(sum * slope, sum, sum >= vec4(0.0)));
    made[place(plane, at.x, at.y)] = vec2(pack2x16float(v.xy), pack2x16float(v.zw));
}

fn keep_all(sums: ptr<function, Sums>, octet: u32, first: vec2<u32>) {
    let a = weights[params.slopes + 2u * octet];
    let b = weights[params.slopes + 2u * octet + 1u];
    let plane = 2u * octet;
    keep(plane, first, (*sums).a0, a);
    keep(plane, first + vec2(0u, 1u), (*sums).a1, a);
    keep(plane, first + vec2(0u, 2u), (*sums).a2, a);
    keep(plane, first + vec2(0u, 3u), (*sums).a3, a);
    keep(plane, first + vec2(0u, 4u), (*sums).a4, a);
    keep(plane, first + vec2(0u, 5u), (*sums).a5, a);
    keep(plane, first + vec2(0u, 6u), (*sums).a6, a);
    keep(plane, first + vec2(0u, 7u), (*sums).a7, a);
    keep(plane + 1u, first, (*sums).b0, b);
    keep(plane + 1u, first + vec2(0u, 1u), (*sums).b1, b);
    keep(plane + 1u, first + vec2(0u, 2u), (*sums).b2, b);
    keep(plane + 1u, first + vec2(0u, 3u), (*sums).b3, b);
    keep(plane + 1u, first + vec2(0u, 4u), (*sums).b4, b);
    keep(plane + 1u, first + vec2(0u, 5u), (*sums).b5, b);
    keep(plane + 1u, first + vec2(0u, 6u), (*sums).b6, b);
    keep(plane + 1u, first + vec2(0u, 7u), (*sums).b7, b);
}

// a channel of the last layer: a place within an enlarged pixel of one colour
fn enlarge(channel: u32, at: vec2<u32>, sum: f32) {
    let square = params.scale * params.scale;
    let colour = channel / square;
    if colour > 2u {
        return;
    }
    let rest = channel % square;
    let y = (colour * params.height + at.y) * params.scale + rest / params.scale;
    large[(y * params.width + at.x) * params.scale + rest % params.scale] = sum + picture[place(colour, at.x, at.y)];
}

fn enlarge_four(plane: u32, at: vec2<u32>, sum: vec4<f32>) {
    if at.x < params.width && at.y < params.height {
        enlarge(4u * plane, at, sum.x);
        enlarge(4u * plane + 1u, at, sum.y);
        enlarge(4u * plane + 2u, at, sum.z);
        enlarge(4u * plane + 3u, at, sum.w);
    }
}

// of a group's pixels the first one, and of an invocation's
fn corner(group: vec3<u32>) -> vec2<u32> {
    return group.xy * vec2(COLUMNS, ROWS * strips);
}

fn first_pixel(group: vec3<u32>, local: vec3<u32>) -> vec2<u32> {
    return corner(group) + vec2(local.x, local.z * ROWS);
}

// from the picture to features
@compute @workgroup_size(COLUMNS, octets, strips)
fn first(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let octet = group.z * octets + local.y;
    var sums = begun(octet);
    let begin = vec2<i32>(corner(group)) - 1;
    for (var row = local.z * octets + local.y; row < ROWS * strips + 2u; row += octets * strips) {
        tile[row * SPAN + local.x] = colours(begin.x + i32(local.x), begin.y + i32(row));
        if local.x < SPAN - COLUMNS {
            tile[row * SPAN + COLUMNS + local.x] = colours(begin.x + i32(COLUMNS + local.x), begin.y + i32(row));
        }
    }
    read_weights(group.z, 0u, index);
    workgroupBarrier();
    add_plane(&sums, local);
    keep_all(&sums, octet, first_pixel(group, local));
}

// all that there is to add, from features
fn added(group: vec3<u32>, local: vec3<u32>, index: u32) -> Sums {
    var sums = begun(group.z * octets + local.y);
    let begin = vec2<i32>(corner(group)) - 1;
    for (var plane = 0u; plane < params.planes_in; plane++) {
        workgroupBarrier();
        for (var row = local.z * octets + local.y; row < ROWS * strips + 2u; row += octets * strips) {
            tile[row * SPAN + local.x] = four_features(plane, begin.x + i32(local.x), begin.y + i32(row));
            if local.x < SPAN - COLUMNS {
                tile[row * SPAN + COLUMNS + local.x] = four_features(plane, begin.x + i32(COLUMNS + local.x), begin.y + i32(row));
            }
        }
        read_weights(group.z, plane, index);
        workgroupBarrier();
        add_plane(&sums, local);
    }
    return sums;
}

// from features to features
@compute @workgroup_size(COLUMNS, octets, strips)
fn middle(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    var sums = added(group, local, index);
    keep_all(&sums, group.z * octets + local.y, first_pixel(group, local));
}

// from features to the larger picture
@compute @workgroup_size(COLUMNS, octets, strips)
fn last(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let sums = added(group, local, index);
    let plane = 2u * (group.z * octets + local.y);
    let at = first_pixel(group, local);
    enlarge_four(plane, at, sums.a0);
    enlarge_four(plane, at + vec2(0u, 1u), sums.a1);
    enlarge_four(plane, at + vec2(0u, 2u), sums.a2);
    enlarge_four(plane, at + vec2(0u, 3u), sums.a3);
    enlarge_four(plane, at + vec2(0u, 4u), sums.a4);
    enlarge_four(plane, at + vec2(0u, 5u), sums.a5);
    enlarge_four(plane, at + vec2(0u, 6u), sums.a6);
    enlarge_four(plane, at + vec2(0u, 7u), sums.a7);
    enlarge_four(plane + 1u, at, sums.b0);
    enlarge_four(plane + 1u, at + vec2(0u, 1u), sums.b1);
    enlarge_four(plane + 1u, at + vec2(0u, 2u), sums.b2);
    enlarge_four(plane + 1u, at + vec2(0u, 3u), sums.b3);
    enlarge_four(plane + 1u, at + vec2(0u, 4u), sums.b4);
    enlarge_four(plane + 1u, at + vec2(0u, 5u), sums.b5);
    enlarge_four(plane + 1u, at + vec2(0u, 6u), sums.b6);
    enlarge_four(plane + 1u, at + vec2(0u, 7u), sums.b7);
}
