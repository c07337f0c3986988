#!/usr/bin/env python3
"""Makes a small CLIP of random weights beside this file (clip.safetensors, clip.merges.txt), and what it computes (clip.*.npy).

Names, layouts and numbers are those of OpenAI's CLIP as Hugging Face's transformers write it (CLIPModel). What it computes is reckoned here in
double precision from the definition of the network (openai/CLIP, clip/model.py and clip/simple_tokenizer.py): patches one by one,
heads one by one, the text at its full length with a mask.

    python3 tests/weights/make_clip.py      needs numpy
"""
import json, os, re, struct
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = 64
VISION = dict(width=128, layers=1, wider=96, patch=4, grid=3)
TEXT = dict(width=64, layers=2, wider=160, context=12)
LENGTH = 16
MERGES = ["i n", "t h", "a n", "r e", "a r", "e r", "th e</w>", "in g</w>", "o u", "ou r</w>"]
TEXTS = ["the harbour", "", "Counting the waves, again and again and again, until the morning", "\u00fcber 25%"]

rng = np.random.default_rng(20261127)


def weights():
    w = {}

    def put(name, *shape, spread=None, middle=0.0):
        spread = spread or 1.5 * (shape[-1] ** -0.5)
        w[name] = (middle + rng.normal(0, spread, shape)).astype(np.float16)

    def norm(name, width):
        put(name + ".weight", width, spread=0.2, middle=1.0)
        put(name + ".bias", width, spread=0.2)

    def layers(name, width, wider, count):
        for i in range(count):
            at = f"{name}.encoder.layers.{i}"
            norm(at + ".layer_norm1", width)
            norm(at + ".layer_norm2", width)
            for part in ("q", "k", "v", "out"):
                put(f"{at}.self_attn.{part}_proj.weight", width, width)
                put(f"{at}.self_attn.{part}_proj.bias", width, spread=0.1)
            put(at + ".mlp.fc1.weight", wider, width)
            put(at + ".mlp.fc1.bias", wider, spread=0.1)
            put(at + ".mlp.fc2.weight", width, wider)
            put(at + ".mlp.fc2.bias", width, spread=0.1)

    v, t = VISION, TEXT
    e = "vision_model.embeddings."
    put(e + "class_embedding", v["width"], spread=0.5)
    put(e + "patch_embedding.weight", v["width"], 3, v["patch"], v["patch"], spread=0.2)
    put(e + "position_embedding.weight", v["grid"] ** 2 + 1, v["width"], spread=0.5)
    norm("vision_model.pre_layrnorm", v["width"])
    layers("vision_model", v["width"], v["wider"], v["layers"])
    norm("vision_model.post_layernorm", v["width"])
    put("visual_projection.weight", LENGTH, v["width"])
    e = "text_model.embeddings."
    put(e + "token_embedding.weight", 512 + len(MERGES) + 2, t["width"], spread=0.5)
    put(e + "position_embedding.weight", t["context"], t["width"], spread=0.3)
    layers("text_model", t["width"], t["wider"], t["layers"])
    norm("text_model.final_layer_norm", t["width"])
    put("text_projection.weight", LENGTH, t["width"])
    w["logit_scale"] = np.array(np.log(100.0), dtype=np.float32)
    return w


def save(path, w):
    table, data, at = {"__metadata__": {"format": "pt"}}, [], 0
    # as transformers did for years: numbers of places, which are no weights
    extra = {"text_model.embeddings.position_ids": np.arange(TEXT["context"], dtype=np.int64)[None]}
    for name, a in {**w, **extra}.items():
        kind = {"float16": "F16", "float32": "F32", "int64": "I64"}[str(a.dtype)]
        table[name] = {"dtype": kind, "shape": list(a.shape), "data_offsets": [at, at + a.nbytes]}
        data.append(np.ascontiguousarray(a).tobytes())
        at += a.nbytes
    head = json.dumps(table).encode()
    head += b" " * (-len(head) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + b"".join(data))


class Net:
    def __init__(self, w):
        self.w = {k: v.astype(np.float64) for k, v in w.items()}

    def norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        spread = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) / np.sqrt(spread + 1e-5) * self.w[name + ".weight"] + self.w[name + ".bias"]

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def layer(self, x, at, mask):
        y = self.norm(x, at + ".layer_norm1")
        q, k, v = (self.linear(y, f"{at}.self_attn.{p}_proj") for p in "qkv")
        heads = []
        for h in range(0, x.shape[1], HEAD):
            fits = q[:, h:h + HEAD] @ k[:, h:h + HEAD].T / np.sqrt(HEAD) + mask
            fits = np.exp(fits - fits.max(-1, keepdims=True))
            heads.append(fits / fits.sum(-1, keepdims=True) @ v[:, h:h + HEAD])
        x = x + self.linear(np.concatenate(heads, 1), at + ".self_attn.out_proj")
        y = self.linear(self.norm(x, at + ".layer_norm2"), at + ".mlp.fc1")
        return x + self.linear(y / (1 + np.exp(-1.702 * y)), at + ".mlp.fc2")

    def picture(self, p):
        v, e = VISION, "vision_model.embeddings."
        rows = [self.w[e + "class_embedding"]]
        for y in range(v["grid"]):
            for x in range(v["grid"]):
                n = v["patch"]
                part = p[:, y * n:(y + 1) * n, x * n:(x + 1) * n]
                rows.append((self.w[e + "patch_embedding.weight"] * part).sum((1, 2, 3)))
        x = self.norm(np.array(rows) + self.w[e + "position_embedding.weight"], "vision_model.pre_layrnorm")
        for i in range(v["layers"]):
            x = self.layer(x, f"vision_model.encoder.layers.{i}", 0.0)
        return self.direction(self.norm(x[0], "vision_model.post_layernorm"), "visual_projection.weight")

    def text(self, tokens):
        t, e = TEXT, "text_model.embeddings."
        end = tokens.index(max(tokens))
        tokens = tokens + [0] * (t["context"] - len(tokens))
        x = self.w[e + "token_embedding.weight"][tokens] + self.w[e + "position_embedding.weight"]
        mask = np.triu(np.full((t["context"],) * 2, -np.inf), 1)
        for i in range(t["layers"]):
            x = self.layer(x, f"text_model.encoder.layers.{i}", mask)
        return self.direction(self.norm(x, "text_model.final_layer_norm")[end], "text_projection.weight")

    def direction(self, x, name):
        x = self.w[name] @ x
        return x / np.linalg.norm(x)


def byte_letters():
    """As clip/simple_tokenizer.py has it."""
    bs = list(range(ord("!"), ord("~") + 1)) + list(range(ord("¡"), ord("¬") + 1)) + list(range(ord("®"), ord("ÿ") + 1))
    cs, n = bs[:], 0
    for b in range(256):
        if b not in bs:
            bs.append(b)
            cs.append(256 + n)
            n += 1
    return dict(zip(bs, map(chr, cs)))


def tokens(text):
    letters = byte_letters()
    merges = [tuple(m.split()) for m in MERGES]
    vocabulary = list(letters.values())
    vocabulary += [v + "</w>" for v in vocabulary] + ["".join(m) for m in merges] + ["<begin>", "<end>"]
    number = {v: i for i, v in enumerate(vocabulary)}
    out = []
    for word in re.findall(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|[^\s\w]+|_", text.lower()):
        parts = [letters[b] for b in word.encode()]
        parts[-1] += "</w>"
        while len(parts) > 1:
            pairs = [p for p in merges if p in list(zip(parts, parts[1:]))]
            if not pairs:
                break
            new, i = [], 0
            while i < len(parts):
                if tuple(parts[i:i + 2]) == pairs[0]:
                    new.append("".join(parts[i:i + 2]))
                    i += 2
                else:
                    new.append(parts[i])
                    i += 1
            parts = new
        out += [number[p] for p in parts]
    return [len(number) - 2] + out[:TEXT["context"] - 2] + [len(number) - 1]


def main():
    w = weights()
    save(os.path.join(HERE, "clip.safetensors"), w)
    with open(os.path.join(HERE, "clip.merges.txt"), "w") as f:
        f.write("#version: 0.2\n" + "\n".join(MERGES) + "\n")
    net, side = Net(w), VISION["patch"] * VISION["grid"]
    pictures = rng.normal(0, 1, (3, 3, side, side)).astype(np.float32)
    out = {
        "clip.in": pictures,
        "clip.pictures": np.array([net.picture(p.astype(np.float64)) for p in pictures]),
        "clip.words": np.array([net.text(tokens(t)) for t in TEXTS]),
    }
    for name, a in out.items():
        np.save(os.path.join(HERE, name + ".npy"), a.astype(np.float32))
    print({t: tokens(t) for t in TEXTS})


if __name__ == "__main__":
    main()
