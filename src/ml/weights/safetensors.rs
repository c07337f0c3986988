//! `.safetensors`: a length, a JSON table of names, kinds, shapes and places, then the numbers.

use super::{Array, Fault, Kind, Weights, count, damaged, torch_name};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A longer table is none of the networks that are known.
const MAX_TABLE: usize = 16 << 20;

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

fn table(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = usize::try_from(u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?)).ok().filter(|n| *n <= MAX_TABLE)?;
    Some((bytes.get(8..8 + len)?, bytes.get(8 + len..)?))
}

/// Whether this begins like one. A file that is cut within its table does too.
pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{') && bytes.get(6..8) == Some(&[0, 0])
}

pub(super) fn read(bytes: &[u8]) -> Result<Weights, Fault> {
    let (head, data) = table(bytes).ok_or_else(|| damaged("the table at its start is cut off"))?;
    let entries: Map<String, Value> = serde_json::from_slice(head).map_err(|e| damaged(e.to_string()))?;
    let mut weights = Weights::default();
    for (name, entry) in entries {
        if name == "__metadata__" {
            continue;
        }
        let wrong = |what: &str| damaged(format!("{name}: {what}"));
        let e = Entry::deserialize(entry).map_err(|e| wrong(&e.to_string()))?;
        let kind = match e.dtype.as_str() {
            "F64" => Kind::F64,
            "F32" => Kind::F32,
            "F16" => Kind::F16,
            "BF16" => Kind::Bf16,
            "I64" => Kind::I64,
            "I32" => Kind::I32,
            other => return Err(wrong(&format!("numbers of kind {other:?}"))),
        };
        let slice = data.get(e.data_offsets.0..e.data_offsets.1).ok_or_else(|| wrong("its numbers are not all there"))?;
        if count(&e.shape).and_then(|n| n.checked_mul(kind.bytes())) != Some(slice.len()) {
            return Err(wrong("its shape and its length differ"));
        }
        weights.0.insert(torch_name(&name), Array { shape: e.shape, data: kind.all(slice) });
    }
    Ok(weights)
}

/// The file of these weights, in f32.
pub(super) fn bytes(weights: &Weights) -> Vec<u8> {
    let (mut table, mut at) = (Map::new(), 0);
    for (name, a) in &weights.0 {
        let end = at + 4 * a.data.len();
        table.insert(name.clone(), json!({ "dtype": "F32", "shape": a.shape, "data_offsets": [at, end] }));
        at = end;
    }
    let mut head = Value::Object(table).to_string().into_bytes();
    head.resize(head.len().next_multiple_of(8), b' ');
    let mut out = (head.len() as u64).to_le_bytes().to_vec();
    out.extend_from_slice(&head);
    weights.0.values().flat_map(|a| &a.data).for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
    out
}
