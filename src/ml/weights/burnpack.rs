//! Burn's own format, through Burn's reader.

use super::{Array, Fault, Kind, Weights, damaged, torch_name};
use burn::{
    store::burn_pack,
    tensor::{Bytes, DType},
};

/// Whether this begins like one.
pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(b"NRUB")
}

pub(super) fn read(bytes: Vec<u8>) -> Result<Weights, Fault> {
    let wrong = |e: burn_pack::Error| damaged(e.to_string());
    let reader = burn_pack::Reader::from_bytes(Bytes::from_bytes_vec(bytes)).map_err(wrong)?;
    let mut weights = Weights::default();
    for tensor in reader.into_tensors().map_err(wrong)? {
        let (name, kind, shape, _, bytes) = tensor.into_parts().map_err(wrong)?;
        let kind = match kind {
            DType::F64 => Kind::F64,
            DType::F32 => Kind::F32,
            DType::F16 => Kind::F16,
            DType::BF16 => Kind::Bf16,
            other => return Err(damaged(format!("{name}: numbers of kind {other:?}"))),
        };
        let shape: Vec<usize> = shape.iter().copied().collect();
        let array = Array::new(shape, kind.all(&bytes)).ok_or_else(|| damaged(format!("{name}: its shape and its length differ")))?;
        weights.0.insert(torch_name(&name), array);
    }
    Ok(weights)
}
