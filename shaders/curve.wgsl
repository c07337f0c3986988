// Transfer curves and the highlight roll-off; twin of src/gpu/cpu/curve.rs, formulas and sources in src/base/color.rs.
// Put in front of the shaders that use it (src/gpu/device/shaders.rs).

const TRANSFER_SDR = 0u;
const TRANSFER_LINEAR = 1u;
const TRANSFER_PQ = 2u;

const FLAG_ALIGNED = 1u;
const FLAG_TONE_MAP = 2u;
const FLAG_PRIMARIES = 4u;

const SDR_GAMMA = 2.4;
const REFERENCE_WHITE = 203.0;
const TONE_MAP_KNEE = 0.9;

// SMPTE ST 2084:2014, clause 5
const PQ_M1 = 0.1593017578125;
const PQ_M2 = 78.84375;
const PQ_C1 = 0.8359375;
const PQ_C2 = 18.8515625;
const PQ_C3 = 18.6875;
// ITU-R BT.2100-2, table 5
const HLG_A = 0.17883277;
const HLG_B = 0.28466892;
const HLG_C = 0.55991073;

// pow is undefined below zero and may give NaN at zero on some drivers
fn power(v: vec3<f32>, e: f32) -> vec3<f32> {
    return select(pow(max(v, vec3(1e-30)), vec3(e)), vec3(0.0), v <= vec3(0.0));
}

fn to_linear(transfer: u32, v: vec3<f32>) -> vec3<f32> {
    if transfer == TRANSFER_SDR {
        return sign(v) * power(abs(v), SDR_GAMMA);
    }
    if transfer == TRANSFER_LINEAR {
        return v;
    }
    let c = clamp(v, vec3(0.0), vec3(1.0));
    if transfer == TRANSFER_PQ {
        let p = power(c, 1.0 / PQ_M2);
        return (10000.0 / REFERENCE_WHITE) * power(max(p - PQ_C1, vec3(0.0)) / (PQ_C2 - PQ_C3 * p), 1.0 / PQ_M1);
    }
    let scene = select((exp((c - HLG_C) / HLG_A) + HLG_B) / 12.0, c * c / 3.0, c <= vec3(0.5));
    return (1000.0 / REFERENCE_WHITE) * power(scene, 1.2);
}

fn from_linear(transfer: u32, l: vec3<f32>) -> vec3<f32> {
    if transfer == TRANSFER_SDR {
        return sign(l) * power(abs(l), 1.0 / SDR_GAMMA);
    }
    if transfer == TRANSFER_LINEAR {
        return l;
    }
    let c = max(l, vec3(0.0));
    if transfer == TRANSFER_PQ {
        let y = power(min(c * (REFERENCE_WHITE / 10000.0), vec3(1.0)), PQ_M1);
        return power((PQ_C1 + PQ_C2 * y) / (1.0 + PQ_C3 * y), PQ_M2);
    }
    let e = power(min(c * (REFERENCE_WHITE / 1000.0), vec3(1.0)), 1.0 / 1.2);
    return select(HLG_A * log(max(12.0 * e - HLG_B, vec3(1e-6))) + HLG_C, sqrt(3.0 * e), e <= vec3(1.0 / 12.0));
}

fn tone_map(c: vec3<f32>) -> vec3<f32> {
    let m = max(c.r, max(c.g, c.b));
    if m <= TONE_MAP_KNEE {
        return c;
    }
    let t = (m - TONE_MAP_KNEE) / (1.0 - TONE_MAP_KNEE);
    return c * ((TONE_MAP_KNEE + (1.0 - TONE_MAP_KNEE) * t / (1.0 + t)) / m);
}

// rows of an affine map of three components; the fourth column is the offset
fn affine(m: array<vec4<f32>, 3>, v: vec3<f32>) -> vec3<f32> {
    let h = vec4(v, 1.0);
    return vec3(dot(m[0], h), dot(m[1], h), dot(m[2], h));
}
