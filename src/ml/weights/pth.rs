//! PyTorch's files: a zip with a pickle and one file for the numbers of each storage, or (before PyTorch 1.6) pickles one after another
//! with the numbers behind them.

use super::{
    Array, Fault, Weights, count, damaged,
    pickle::{self, Reader, Tensor, Value},
    torch_name,
};
use std::{
    collections::HashMap,
    io::{Cursor, Read},
};

/// First value of a file of the old kind.
const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/// More numbers than any known network has, ten times over: a tensor of stride zero could ask for anything.
const MAX_NUMBERS: usize = 200_000_000;

pub(super) fn read(bytes: &[u8]) -> Result<Weights, Fault> {
    let (root, storages) = if bytes.starts_with(b"PK") { zipped(bytes)? } else { legacy(bytes)? };
    let inner = ["params_ema", "params", "state_dict"].iter().find_map(|key| root.get(key)).unwrap_or(root);
    let Value::Dict(dict) = inner else { return Err(damaged("there is no dictionary of tensors in it")) };
    let (mut weights, mut numbers) = (Weights::default(), 0usize);
    for (key, value) in dict.borrow().iter() {
        let (Some(key), Value::Tensor(t)) = (key.text(), value) else { continue };
        numbers = count(&t.shape).and_then(|n| n.checked_add(numbers)).filter(|n| *n <= MAX_NUMBERS).ok_or_else(|| damaged(key))?;
        weights.0.insert(torch_name(key), array(key, t, &storages)?);
    }
    Ok(weights)
}

type Storages<'a> = HashMap<String, std::borrow::Cow<'a, [u8]>>;

fn zipped(bytes: &[u8]) -> Result<(Value, Storages<'_>), Fault> {
    let wrong = |e: zip::result::ZipError| damaged(e.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(wrong)?;
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let main = names.iter().find(|n| n.ends_with("/data.pkl")).cloned().ok_or(Fault::NotWeights)?;
    let folder = main.strip_suffix("data.pkl").unwrap_or_default().to_owned();
    let mut unpack = |name: &str| -> Result<Vec<u8>, Fault> {
        let file = archive.by_name(name).map_err(wrong)?;
        // PyTorch stores without packing, so nothing can grow
        let mut out = Vec::new();
        file.take(bytes.len() as u64 + 1).read_to_end(&mut out).map_err(|e| damaged(e.to_string()))?;
        Ok(out)
    };
    if let Some(order) = names.iter().find(|n| **n == format!("{folder}byteorder"))
        && unpack(order)? == b"big"
    {
        return Err(damaged("its numbers are big-endian"));
    }
    let pickled = unpack(&main)?;
    let (root, _) = pickle::read(Reader::new(&pickled, 0))?;
    let mut storages = Storages::new();
    for name in &names {
        if let Some(key) = name.strip_prefix(&format!("{folder}data/")) {
            storages.insert(key.to_owned(), unpack(name)?.into());
        }
    }
    Ok((root, storages))
}

fn legacy(bytes: &[u8]) -> Result<(Value, Storages<'_>), Fault> {
    // the magic number is a LONG1 of ten bytes, longer than what the machine needs elsewhere
    let head = bytes.windows(MAGIC.len()).take(16).position(|w| w == MAGIC).ok_or(Fault::NotWeights)?;
    let mut r = Reader::new(bytes, head + MAGIC.len());
    if r.take(1)? != b"." {
        return Err(Fault::NotWeights);
    }
    // its version, and what machine wrote it
    let (_, r) = pickle::read(r)?;
    let (machine, r) = pickle::read(r)?;
    if matches!(machine.get("little_endian"), Some(Value::Bool(false))) {
        return Err(damaged("its numbers are big-endian"));
    }
    let (root, r) = pickle::read(r)?;
    let (keys, mut r) = pickle::read(r)?;
    let Value::List(keys) = keys else { return Err(damaged("the list of its numbers is none")) };
    let kinds = kinds(&root);
    let mut storages = Storages::new();
    for key in keys.borrow().iter() {
        let Some(key) = key.text() else { return Err(damaged("the list of its numbers is none")) };
        let n = r.take(8)?;
        let n = u64::from_le_bytes([n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]]);
        let kind = kinds.get(key).ok_or_else(|| damaged(format!("nobody asks for the numbers {key:?}")))?;
        let len = usize::try_from(n).ok().and_then(|n| n.checked_mul(*kind)).ok_or_else(|| damaged("a length"))?;
        storages.insert(key.to_owned(), r.take(len)?.into());
    }
    Ok((root, storages))
}

/// Bytes of one number, by storage: the old files do not say it where the numbers lie.
fn kinds(value: &Value) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    let mut todo = vec![(value.clone(), 0)];
    while let Some((value, depth)) = todo.pop() {
        match value {
            Value::Tensor(t) => drop(found.insert(t.storage.key.clone(), t.storage.kind.bytes())),
            // a dictionary may hold itself
            Value::Dict(d) if depth < 4 => todo.extend(d.borrow().iter().map(|(_, v)| (v.clone(), depth + 1))),
            _ => {}
        }
    }
    found
}

/// A tensor's numbers in their own order, whatever their strides in the file.
fn array(key: &str, t: &Tensor, storages: &Storages<'_>) -> Result<Array, Fault> {
    let short = || damaged(format!("{key}: its numbers are not all there"));
    let bytes = storages.get(&t.storage.key).ok_or_else(short)?;
    let kind = t.storage.kind;
    let n = count(&t.shape).ok_or_else(short)?;
    let mut data = Vec::with_capacity(n.min(bytes.len()));
    let mut index = vec![0usize; t.shape.len()];
    for _ in 0..n {
        let at = index.iter().zip(&t.stride).try_fold(t.offset, |at, (i, s)| i.checked_mul(*s)?.checked_add(at));
        let start = at.and_then(|at| at.checked_mul(kind.bytes())).ok_or_else(short)?;
        data.push(bytes.get(start..).and_then(|b| kind.at(b)).ok_or_else(short)?);
        for (i, size) in index.iter_mut().zip(&t.shape).rev() {
            *i += 1;
            if *i < *size {
                break;
            }
            *i = 0;
        }
    }
    Ok(Array { shape: t.shape.clone(), data })
}
