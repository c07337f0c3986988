//! Python's pickles, as far as a dictionary of tensors needs them: a machine that makes data and calls nothing.
//!
//! Of the names that a pickle may use only those that describe tensors are known; any other is refused, for with it the file would run
//! code in Python. Opcodes are those of Python's `pickletools`.

use super::{Fault, Kind, damaged};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// Values on the machine's stack.
#[derive(Clone, Debug)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float,
    Text(Rc<str>),
    Tuple(Rc<[Value]>),
    List(Rc<RefCell<Vec<Value>>>),
    Dict(Rc<RefCell<Vec<(Value, Value)>>>),
    Name(Name),
    Storage(Rc<Storage>),
    Tensor(Rc<Tensor>),
    /// Where a list of arguments begins.
    Mark,
}

/// What a pickle may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    OrderedDict,
    Tensor,
    Parameter,
    Size,
    Numbers(Kind),
}

/// Numbers that lie beside the pickle.
#[derive(Debug)]
pub(super) struct Storage {
    pub key: String,
    pub kind: Kind,
}

/// A view into a storage.
#[derive(Debug)]
pub(super) struct Tensor {
    pub storage: Rc<Storage>,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub stride: Vec<usize>,
}

impl Value {
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(t) = self { Some(t) } else { None }
    }

    fn size(&self) -> Option<usize> {
        if let Self::Int(n) = self { usize::try_from(*n).ok() } else { None }
    }

    fn sizes(&self) -> Option<Vec<usize>> {
        match self {
            Self::Tuple(t) => t.iter().map(Self::size).collect(),
            Self::List(l) => l.borrow().iter().map(Self::size).collect(),
            _ => None,
        }
    }

    /// The value of a key, of a dictionary.
    pub fn get(&self, key: &str) -> Option<Self> {
        let Self::Dict(d) = self else { return None };
        d.borrow().iter().find(|(k, _)| k.text() == Some(key)).map(|(_, v)| v.clone())
    }
}

fn name(module: &str, name: &str) -> Result<Name, Fault> {
    use Name as N;
    let storage = |kind| N::Numbers(kind);
    Ok(match (module, name) {
        ("collections", "OrderedDict") => N::OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2" | "_rebuild_tensor") => N::Tensor,
        ("torch._utils", "_rebuild_parameter") => N::Parameter,
        ("torch", "Size") => N::Size,
        ("torch", "FloatStorage") => storage(Kind::F32),
        ("torch", "DoubleStorage") => storage(Kind::F64),
        ("torch", "HalfStorage") => storage(Kind::F16),
        ("torch", "BFloat16Storage") => storage(Kind::Bf16),
        ("torch", "LongStorage") => storage(Kind::I64),
        ("torch", "IntStorage") => storage(Kind::I32),
        ("torch", "ShortStorage") => storage(Kind::I16),
        ("torch", "CharStorage") => storage(Kind::I8),
        ("torch", "ByteStorage" | "BoolStorage") => storage(Kind::U8),
        _ => return Err(Fault::Code(format!("{module}.{name}"))),
    })
}

/// Reads bytes forward.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Fault> {
        let end = self.at.checked_add(n).filter(|e| *e <= self.bytes.len()).ok_or_else(|| damaged("it ends in the middle"))?;
        let out = &self.bytes[self.at..end];
        self.at = end;
        Ok(out)
    }

    fn number(&mut self, n: usize) -> Result<usize, Fault> {
        let b = self.take(n)?;
        b.iter().rev().try_fold(0usize, |v, b| v.checked_mul(256).map(|v| v | usize::from(*b))).ok_or_else(|| damaged("a length"))
    }

    fn line(&mut self) -> Result<&'a str, Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|b| *b == b'\n').ok_or_else(|| damaged("it ends in the middle"))?;
        let line = self.take(len + 1)?;
        std::str::from_utf8(&line[..len]).map_err(|_| damaged("a text in it is none"))
    }

    fn text(&mut self, n: usize) -> Result<Value, Fault> {
        let b = self.take(n)?;
        Ok(Value::Text(String::from_utf8_lossy(b).into()))
    }
}

/// A signed number of any length, as far as it fits.
fn long(b: &[u8]) -> Result<i64, Fault> {
    if b.len() > 8 {
        return Err(damaged("a number in it is too long"));
    }
    let fill = if b.last().is_some_and(|l| l & 0x80 != 0) { 0xff } else { 0 };
    let mut all = [fill; 8];
    all[..b.len()].copy_from_slice(b);
    Ok(i64::from_le_bytes(all))
}

struct Machine<'a> {
    r: Reader<'a>,
    stack: Vec<Value>,
    memo: HashMap<usize, Value>,
}

/// Run one pickle from `r`'s place to its end and give the value that it makes.
pub(super) fn read<'a>(r: Reader<'a>) -> Result<(Value, Reader<'a>), Fault> {
    let mut m = Machine { r, stack: Vec::new(), memo: HashMap::new() };
    loop {
        let op = m.r.take(1)?[0];
        if op == b'.' {
            let value = m.pop()?;
            return Ok((value, m.r));
        }
        m.step(op)?;
    }
}

impl Machine<'_> {
    fn pop(&mut self) -> Result<Value, Fault> {
        self.stack.pop().ok_or_else(|| damaged("it takes more than it has"))
    }

    fn marked(&mut self) -> Result<Vec<Value>, Fault> {
        let at = self.stack.iter().rposition(|v| matches!(v, Value::Mark)).ok_or_else(|| damaged("it takes more than it has"))?;
        let items = self.stack.split_off(at + 1);
        self.stack.pop();
        Ok(items)
    }

    fn tuple(&mut self, n: usize) -> Result<(), Fault> {
        let at = self.stack.len().checked_sub(n).ok_or_else(|| damaged("it takes more than it has"))?;
        let items = self.stack.split_off(at);
        self.stack.push(Value::Tuple(items.into()));
        Ok(())
    }

    fn remember(&mut self, n: usize) -> Result<(), Fault> {
        let top = self.stack.last().ok_or_else(|| damaged("it takes more than it has"))?;
        self.memo.insert(n, top.clone());
        Ok(())
    }

    fn recall(&mut self, n: usize) -> Result<(), Fault> {
        let v = self.memo.get(&n).ok_or_else(|| damaged("it asks for what it has not kept"))?;
        self.stack.push(v.clone());
        Ok(())
    }

    fn append(&mut self, items: Vec<Value>) -> Result<(), Fault> {
        match self.stack.last() {
            Some(Value::List(l)) => l.borrow_mut().extend(items),
            _ => return Err(damaged("a list is none")),
        }
        Ok(())
    }

    fn set(&mut self, items: Vec<Value>) -> Result<(), Fault> {
        let Some(Value::Dict(d)) = self.stack.last() else { return Err(damaged("a dictionary is none")) };
        let mut d = d.borrow_mut();
        let mut items = items.into_iter();
        while let (Some(k), Some(v)) = (items.next(), items.next()) {
            d.push((k, v));
        }
        Ok(())
    }

    fn step(&mut self, op: u8) -> Result<(), Fault> {
        let value = match op {
            0x80 => return self.r.take(1).map(drop),
            0x95 => return self.r.take(8).map(drop),
            b'(' => Value::Mark,
            b'0' => return self.pop().map(drop),
            b'1' => return self.marked().map(drop),
            b'2' => self.stack.last().cloned().ok_or_else(|| damaged("it takes more than it has"))?,
            b'N' => Value::None,
            0x88 => Value::Bool(true),
            0x89 => Value::Bool(false),
            b'J' => Value::Int(i64::from(self.r.number(4)? as u32 as i32)),
            b'K' => Value::Int(self.r.number(1)? as i64),
            b'M' => Value::Int(self.r.number(2)? as i64),
            0x8a => {
                let n = self.r.number(1)?;
                Value::Int(long(self.r.take(n)?)?)
            }
            b'I' | b'L' => match self.r.line()? {
                "00" => Value::Bool(false),
                "01" => Value::Bool(true),
                n => Value::Int(n.trim_end_matches('L').parse().map_err(|_| damaged("a number in it is none"))?),
            },
            b'G' => {
                self.r.take(8)?;
                Value::Float
            }
            b'F' => {
                self.r.line()?;
                Value::Float
            }
            b'X' | b'T' | b'B' => {
                let n = self.r.number(4)?;
                self.r.text(n)?
            }
            0x8c | b'U' | b'C' => {
                let n = self.r.number(1)?;
                self.r.text(n)?
            }
            0x8d | 0x8e => {
                let n = self.r.number(8)?;
                self.r.text(n)?
            }
            b'V' | b'S' => Value::Text(self.r.line()?.trim_matches(['\'', '"']).into()),
            b')' => Value::Tuple([].into()),
            b't' => Value::Tuple(self.marked()?.into()),
            0x85..=0x87 => return self.tuple(usize::from(op - 0x84)),
            b']' => Value::List(Rc::default()),
            b'l' => Value::List(Rc::new(RefCell::new(self.marked()?))),
            b'a' => {
                let v = self.pop()?;
                return self.append(vec![v]);
            }
            b'e' => {
                let items = self.marked()?;
                return self.append(items);
            }
            b'}' => Value::Dict(Rc::default()),
            b'd' => {
                let items = self.marked()?;
                self.stack.push(Value::Dict(Rc::default()));
                return self.set(items);
            }
            b's' => {
                let (v, k) = (self.pop()?, self.pop()?);
                return self.set(vec![k, v]);
            }
            b'u' => {
                let items = self.marked()?;
                return self.set(items);
            }
            b'c' => {
                let (module, attribute) = (self.r.line()?, self.r.line()?);
                Value::Name(name(module, attribute)?)
            }
            0x93 => {
                let (attribute, module) = (self.pop()?, self.pop()?);
                Value::Name(name(module.text().unwrap_or_default(), attribute.text().unwrap_or_default())?)
            }
            b'R' | 0x81 => {
                let (args, what) = (self.pop()?, self.pop()?);
                made(&what, &args)?
            }
            // the state of a dictionary beside its items: nothing that weights need
            b'b' => return self.pop().map(drop),
            b'q' => {
                let n = self.r.number(1)?;
                return self.remember(n);
            }
            b'r' => {
                let n = self.r.number(4)?;
                return self.remember(n);
            }
            b'p' => {
                let n = self.r.line()?.parse().map_err(|_| damaged("a number in it is none"))?;
                return self.remember(n);
            }
            0x94 => return self.remember(self.memo.len()),
            b'h' => {
                let n = self.r.number(1)?;
                return self.recall(n);
            }
            b'j' => {
                let n = self.r.number(4)?;
                return self.recall(n);
            }
            b'g' => {
                let n = self.r.line()?.parse().map_err(|_| damaged("a number in it is none"))?;
                return self.recall(n);
            }
            b'Q' => storage(&self.pop()?)?,
            // EXT, INST, OBJ and their kin make objects of classes
            b'i' | b'o' | 0x82..=0x84 | 0x92 => return Err(Fault::Code(format!("opcode {op:#04x}"))),
            _ => return Err(damaged(format!("opcode {op:#04x}"))),
        };
        self.stack.push(value);
        Ok(())
    }
}

/// `('storage', kind, key, place, count)`, with a view in old files.
fn storage(id: &Value) -> Result<Value, Fault> {
    let wrong = || damaged("a tensor's numbers are named in an unknown way");
    let Value::Tuple(t) = id else { return Err(wrong()) };
    match (t.first().and_then(Value::text), t.get(1), t.get(2)) {
        (Some("storage"), Some(Value::Name(Name::Numbers(kind))), Some(Value::Text(key))) => {
            Ok(Value::Storage(Rc::new(Storage { key: key.to_string(), kind: *kind })))
        }
        _ => Err(wrong()),
    }
}

/// What a known name makes of its arguments.
fn made(what: &Value, args: &Value) -> Result<Value, Fault> {
    let (Value::Name(name), Value::Tuple(args)) = (what, args) else { return Err(damaged("it calls what cannot be called")) };
    let wrong = || damaged("a tensor is described in an unknown way");
    match name {
        Name::OrderedDict => {
            let dict: Rc<RefCell<Vec<(Value, Value)>>> = Rc::default();
            // OrderedDict([[key, value], …]) of very old files
            if let Some(Value::List(pairs)) = args.first() {
                for pair in pairs.borrow().iter() {
                    match pair {
                        Value::Tuple(p) if p.len() == 2 => dict.borrow_mut().push((p[0].clone(), p[1].clone())),
                        Value::List(p) if p.borrow().len() == 2 => {
                            let p = p.borrow();
                            dict.borrow_mut().push((p[0].clone(), p[1].clone()));
                        }
                        _ => return Err(damaged("a dictionary is none")),
                    }
                }
            }
            Ok(Value::Dict(dict))
        }
        Name::Tensor => {
            let Some(Value::Storage(storage)) = args.first() else { return Err(wrong()) };
            let offset = args.get(1).and_then(Value::size).ok_or_else(wrong)?;
            let shape = args.get(2).and_then(Value::sizes).ok_or_else(wrong)?;
            let stride = args.get(3).and_then(Value::sizes).ok_or_else(wrong)?;
            if shape.len() != stride.len() {
                return Err(wrong());
            }
            Ok(Value::Tensor(Rc::new(Tensor { storage: storage.clone(), offset, shape, stride })))
        }
        Name::Parameter => args.first().cloned().ok_or_else(wrong),
        Name::Size => args.first().cloned().ok_or_else(wrong),
        Name::Numbers(_) => Err(wrong()),
    }
}
