//! `.safetensors`: a length, a JSON table of names, kinds, shapes and places, then the numbers.

use super::{Array, Fault, Kind, Weights, count, damaged, torch_name};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

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

/// The table: each array's name, kind of numbers, shape and place.
fn entries(head: &[u8]) -> Result<Vec<(String, Kind, Entry)>, Fault> {
    let entries: Map<String, Value> = serde_json::from_slice(head).map_err(|e| damaged(e.to_string()))?;
    let arrays = entries.into_iter().filter(|(name, _)| name != "__metadata__");
    let one = |(name, entry): (String, Value)| {
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
        let bytes = e.data_offsets.1.checked_sub(e.data_offsets.0);
        if bytes.is_none() || count(&e.shape).and_then(|n| n.checked_mul(kind.bytes())) != bytes {
            return Err(wrong("its shape and its length differ"));
        }
        Ok((name, kind, e))
    };
    arrays.map(one).collect()
}

pub(super) fn read(bytes: &[u8]) -> Result<Weights, Fault> {
    let (head, data) = table(bytes).ok_or_else(|| damaged("the table at its start is cut off"))?;
    let mut weights = Weights::default();
    for (name, kind, e) in entries(head)? {
        let slice = data.get(e.data_offsets.0..e.data_offsets.1);
        let slice = slice.ok_or_else(|| damaged(format!("{name}: its numbers are not all there")))?;
        weights.0.insert(torch_name(&name), Array { shape: e.shape, data: kind.all(slice) });
    }
    Ok(weights)
}

/// The same of a file, of which only the arrays that `keep` wants are read: large ones need no second copy in memory.
pub(super) fn read_some(file: &mut File, keep: &dyn Fn(&str) -> bool) -> io::Result<Result<Weights, Fault>> {
    let mut head = vec![0; 9];
    let len = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    if len < 9 {
        return Ok(Err(Fault::NotWeights));
    }
    file.read_exact(&mut head)?;
    if !is(&head) {
        return Ok(Err(Fault::NotWeights));
    }
    let table = u64::from_le_bytes(head[..8].try_into().unwrap_or_default());
    if table > MAX_TABLE as u64 || table > len - 8 {
        return Ok(Err(damaged("the table at its start is cut off")));
    }
    file.seek(SeekFrom::Start(8))?;
    // within the file and small
    head.resize(table as usize, 0);
    file.read_exact(&mut head)?;
    let mut wanted = match entries(&head) {
        Ok(all) => all,
        Err(fault) => return Ok(Err(fault)),
    };
    wanted.retain(|(name, ..)| keep(name));
    wanted.sort_by_key(|(.., e)| e.data_offsets.0);
    let (mut weights, mut block) = (Weights::default(), Vec::new());
    for (name, kind, e) in wanted {
        let at = |offset: usize| (8 + table).saturating_add(offset as u64);
        let (from, to) = (at(e.data_offsets.0), at(e.data_offsets.1));
        if to > len {
            return Ok(Err(damaged(format!("{name}: its numbers are not all there"))));
        }
        file.seek(SeekFrom::Start(from))?;
        block.resize((to - from) as usize, 0);
        file.read_exact(&mut block)?;
        weights.0.insert(name, Array { shape: e.shape, data: kind.all(&block) });
    }
    Ok(Ok(weights))
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
