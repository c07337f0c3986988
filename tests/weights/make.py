#!/usr/bin/env python3
"""Makes the small networks of random weights beside this file, and what they compute.

A file of weights holds what PyTorch's `torch.save` writes, made by Python's own pickle with stand-ins for PyTorch's names, so that
PyTorch (hundreds of megabytes) is not needed. Inputs and outputs are .npy; outputs are computed here in double precision from the
definition of the networks (xinntao/Real-ESRGAN realesrgan/archs/srvgg_arch.py, XPixelGroup/BasicSR basicsr/archs/rrdbnet_arch.py).
Where PyTorch is installed the outputs are compared with its own convolutions first.

    python3 tests/weights/make.py      needs numpy
"""
import collections, io, os, pickle, struct, sys, types, zipfile
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))

torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")


class FloatStorage:
    pass


class HalfStorage:
    pass


def _rebuild_tensor_v2(*args):
    pass


for thing, module in ((FloatStorage, "torch"), (HalfStorage, "torch"), (_rebuild_tensor_v2, "torch._utils")):
    thing.__module__, thing.__qualname__ = module, thing.__name__
torch.FloatStorage, torch.HalfStorage, torch._utils, utils._rebuild_tensor_v2 = FloatStorage, HalfStorage, utils, _rebuild_tensor_v2


class Stored:
    def __init__(self, array, number):
        self.array, self.key = array, str(number)


class Tensor:
    def __init__(self, stored, shape, stride):
        self.stored, self.shape, self.stride = stored, shape, stride

    def __reduce__(self):
        return _rebuild_tensor_v2, (self.stored, 0, self.shape, self.stride, False, collections.OrderedDict())


class Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        if isinstance(thing, Stored):
            kind = HalfStorage if thing.array.dtype == np.float16 else FloatStorage
            view = (None,) if self.legacy else ()
            return ("storage", kind, thing.key, "cpu", thing.array.size) + view


def pickled(thing, legacy=False):
    out = io.BytesIO()
    p = Pickler(out, protocol=2)
    p.legacy = legacy
    names = {n: sys.modules.get(n) for n in ("torch", "torch._utils")}
    sys.modules.update({"torch": torch, "torch._utils": utils})
    p.dump(thing)
    for name, module in names.items():
        sys.modules.pop(name) if module is None else sys.modules.__setitem__(name, module)
    return out.getvalue()


def tensors(weights):
    """As a network's state: contiguous, but every third array of four dimensions with its channels last, as `channels_last` leaves it."""
    stored, out = [], collections.OrderedDict()
    for i, (key, a) in enumerate(weights.items()):
        if a.ndim == 4 and i % 3 == 0:
            o, c, h, w = a.shape
            s, stride = Stored(np.ascontiguousarray(a.transpose(0, 2, 3, 1)).ravel(), i), (c * h * w, 1, w * c, c)
        else:
            s, stride = Stored(a.ravel(), i), tuple(int(np.prod(a.shape[k + 1:])) for k in range(a.ndim))
        stored.append(s)
        out[key] = Tensor(s, a.shape, stride)
    return stored, out


def save(name, weights, key=None, legacy=False):
    stored, state = tensors(weights)
    whole = state if key is None else {key: state}
    path = os.path.join(HERE, name)
    if legacy:
        with open(path, "wb") as f:
            for part in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {"int": 4}}):
                f.write(pickle.dumps(part, protocol=2))
            f.write(pickled(whole, legacy=True))
            f.write(pickle.dumps([s.key for s in stored], protocol=2))
            for s in stored:
                f.write(struct.pack("<q", s.array.size) + s.array.tobytes())
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as z:
        stem = name.removesuffix(".pth")
        entry = lambda n, data: z.writestr(zipfile.ZipInfo(f"{stem}/{n}", (1980, 1, 1, 0, 0, 0)), data)
        entry("data.pkl", pickled(whole))
        entry("byteorder", b"little")
        for s in stored:
            entry(f"data/{s.key}", s.array.tobytes())
        entry("version", b"3\n")


def conv(x, w, b):
    h, wd = x.shape[1:]
    p = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    y = sum(np.einsum("oi,ihw->ohw", w[:, :, i, j].astype(np.float64), p[:, i:i + h, j:j + wd]) for i in range(3) for j in range(3))
    if "real" in globals():
        t = real.nn.functional.conv2d(real.tensor(x)[None], real.tensor(w.astype(np.float64)), padding=1)[0].numpy()
        assert np.abs(t - y).max() < 1e-12
    return y + b.astype(np.float64)[:, None, None]


def nearest(x, s):
    return x.repeat(s, 1).repeat(s, 2)


def shuffle(x, s):
    c, h, w = x.shape
    return x.reshape(c // s // s, s, s, h, w).transpose(0, 3, 1, 4, 2).reshape(c // s // s, h * s, w * s)


def unshuffle(x, s):
    c, h, w = x.shape
    return x.reshape(c, h // s, s, w // s, s).transpose(0, 2, 4, 1, 3).reshape(c * s * s, h // s, w // s)


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def compact(w, x, count, scale):
    y = x
    for i in range(count + 1):
        y = conv(y, w[f"body.{2 * i}.weight"], w[f"body.{2 * i}.bias"])
        y = np.where(y > 0, y, w[f"body.{2 * i + 1}.weight"].astype(np.float64)[:, None, None] * y)
    last = 2 * count + 2
    return shuffle(conv(y, w[f"body.{last}.weight"], w[f"body.{last}.bias"]), scale) + nearest(x, scale)


def residual(w, x, blocks, by):
    named = lambda n, v: conv(v, w[f"{n}.weight"], w[f"{n}.bias"])
    first = named("conv_first", unshuffle(x, by) if by > 1 else x)
    y = first
    for b in range(blocks):
        start = y
        for r in (1, 2, 3):
            parts = [y]
            for k in range(1, 5):
                parts.append(leaky(named(f"body.{b}.rdb{r}.conv{k}", np.concatenate(parts))))
            y = named(f"body.{b}.rdb{r}.conv5", np.concatenate(parts)) * 0.2 + y
        y = y * 0.2 + start
    y = first + named("conv_body", y)
    for n in ("conv_up1", "conv_up2"):
        y = leaky(named(n, nearest(y, 2)))
    return named("conv_last", leaky(named("conv_hr", y)))


random = np.random.default_rng(20_000)


def layer(w, name, i, o, half):
    kind = np.float16 if half else np.float32
    w[f"{name}.weight"] = random.normal(0, (2 / (9 * i)) ** 0.5, (o, i, 3, 3)).astype(kind)
    w[f"{name}.bias"] = random.normal(0, 0.05, o).astype(kind)


def compact_weights(features, count, scale):
    w = collections.OrderedDict()
    for i in range(count + 2):
        layer(w, f"body.{2 * i}", 3 if i == 0 else features, 3 * scale * scale if i == count + 1 else features, False)
        if i <= count:
            w[f"body.{2 * i + 1}.weight"] = random.uniform(0, 0.5, features).astype(np.float32)
    return w


def residual_weights(features, growth, blocks, by):
    w = collections.OrderedDict()
    layer(w, "conv_first", 3 * by * by, features, True)
    for b in range(blocks):
        for r in (1, 2, 3):
            for k in range(5):
                layer(w, f"body.{b}.rdb{r}.conv{k + 1}", features + k * growth, features if k == 4 else growth, True)
    for n in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
        layer(w, n, features, features, True)
    layer(w, "conv_last", features, 3, True)
    return w


def case(name, weights, size, run, **how):
    x = random.uniform(0, 1, (3, *size)).astype(np.float32)
    save(f"{name}.pth", weights, **how)
    np.save(os.path.join(HERE, f"{name}.in.npy"), x)
    np.save(os.path.join(HERE, f"{name}.out.npy"), run(weights, x.astype(np.float64)).astype(np.float32))


def main():
    case("compact-x2", compact_weights(8, 2, 2), (7, 9), lambda w, x: compact(w, x, 2, 2), key="params")
    case("compact-x3", compact_weights(8, 1, 3), (5, 6), lambda w, x: compact(w, x, 1, 3), key="params", legacy=True)
    case("compact-x4", compact_weights(24, 1, 4), (4, 5), lambda w, x: compact(w, x, 1, 4))
    case("residual-x4", residual_weights(12, 6, 2, 1), (4, 5), lambda w, x: residual(w, x, 2, 1), key="params_ema")
    case("residual-x2", residual_weights(8, 4, 1, 2), (6, 4), lambda w, x: residual(w, x, 1, 2), key="params_ema")
    case("residual-x1", residual_weights(8, 4, 1, 4), (8, 12), lambda w, x: residual(w, x, 1, 4), key="params_ema")


if __name__ == "__main__":
    try:
        import torch as real
    except ImportError:
        pass
    main()
