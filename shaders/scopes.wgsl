// Counts of a finished picture for the scopes. Twin of src/gpu/scopes.rs; the counts are exactly the same.
// A workgroup counts the pixels of one column of the grids: their waveform and parade are nobody else's.

// twin: gpu::params::ScopeParams
struct ScopeParams {
    width: u32,
    rows: u32,
    row_step: u32,
    columns: u32,
}

const LEVELS = 256u;
const GRID = 65536u;
const VECTORSCOPE = 4u * GRID;
const HISTOGRAM = 5u * GRID;

// BT.709 times 65536
const LUMA = vec3<i32>(13933, 46871, 4732);
const CB = vec3<i32>(-7509, -25259, 32768);
const CR = vec3<i32>(32768, -29763, -3005);

@group(0) @binding(0) var<uniform> params: ScopeParams;
@group(0) @binding(1) var screen: texture_2d<f32>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;

// luma, R, G, B
var<workgroup> column: array<atomic<u32>, 1024>;

fn weigh(weights: vec3<i32>, rgb: vec3<i32>, offset: i32) -> u32 {
    let sum = weights.x * rgb.x + weights.y * rgb.y + weights.z * rgb.z;
    return u32(clamp((sum + (offset << 16u) + 32768) >> 16u, 0, 255));
}

@compute @workgroup_size(256)
fn count(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    // pixels x with x · columns / width = this column, rounded down
    let first = (group.x * params.width + params.columns - 1u) / params.columns;
    let end = ((group.x + 1u) * params.width + params.columns - 1u) / params.columns;
    let span = max(end - first, 1u);
    for (var i = thread; i < (end - first) * params.rows; i += 256u) {
        let at = vec2(first + i % span, (i / span) * params.row_step);
        let rgb = vec3<i32>(round(textureLoad(screen, vec2<i32>(at), 0).rgb * 255.0));
        atomicAdd(&column[weigh(LUMA, rgb, 0)], 1u);
        atomicAdd(&column[LEVELS + u32(rgb.x)], 1u);
        atomicAdd(&column[2u * LEVELS + u32(rgb.y)], 1u);
        atomicAdd(&column[3u * LEVELS + u32(rgb.z)], 1u);
        let cell = (LEVELS - 1u - weigh(CR, rgb, 128)) * LEVELS + weigh(CB, rgb, 128);
        atomicAdd(&counts[VECTORSCOPE + cell], 1u);
    }
    workgroupBarrier();
    for (var part = 0u; part < 4u; part++) {
        let n = atomicLoad(&column[part * LEVELS + thread]);
        if n > 0u {
            atomicStore(&counts[part * GRID + (LEVELS - 1u - thread) * LEVELS + group.x], n);
            // the histogram ends with luma
            atomicAdd(&counts[HISTOGRAM + ((part + 3u) % 4u) * LEVELS + thread], n);
        }
    }
}
