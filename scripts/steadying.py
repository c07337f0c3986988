#!/usr/bin/env python3
"""Steadies shaky films whose camera is known with this program, vid.stab and deshake, and says how steady each made them.

    python3 scripts/steadying.py --program target/release/montage-ai [--scenes static,pan] [--size 640x360] [--seed 1]

Needs NumPy, OpenCV (opencv-python-headless) and an ffmpeg with vid.stab. The films are drawn here; nothing is fetched.

Each film is one large drawn picture, seen by a camera that turns and zooms (K.R.K^-1). Every frame of an outcome is registered to the frame
of the same number of the film, never to its neighbour: with the film's camera H that gives the camera S = W.H of the outcome. All lengths
are pixels of a picture 960 wide:
  jitter     root mean square of what a parabola over half a second to each side does not follow, over a grid of points; a repeated picture
             is no point of the path
  off        root mean square distance of the middle from where the camera without shake looks, less one constant
  kept       median share of the picture's area that is left
  borders    frames in which something beyond the film's frame shows
"""
import argparse, math, os, subprocess, tempfile, zlib
import cv2, numpy as np

# shake in pixels of 960 (rms), turns in degrees, zoom in parts of one; the largest crop allowed
SCENES = {
    "static": dict(shake=7),
    "pan": dict(shake=7, meant="pan"),
    "walk": dict(shake=4, step=9, meant="sway"),
    "strong": dict(shake=20, roll=1.2, highest=7, meant="pan", blur=5, crop=0.18),
    "zoomjit": dict(shake=5, zoom=0.012, meant="zoom"),
    "roll": dict(shake=4, roll=2.2, crop=0.18),
    "fgmove": dict(shake=7, meant="pan", objects=4),
    "dup": dict(shake=7, meant="pan", repeat=5),
    "tripod": dict(shake=0, roll=0, objects=2, noise=3),
}
FOCAL = 1.15  # widths
FPS = 30


def texture(rng, width, height):
    """Houses with windows, and noise of all sizes."""
    image = np.zeros((height, width, 3), np.float32) + rng.uniform(90, 180, 3)
    for _ in range(260):
        x, y = rng.integers(-50, width), rng.integers(-50, height)
        w, h = rng.integers(20, width // 5), rng.integers(20, height // 4)
        color = rng.uniform(20, 235, 3)
        cv2.rectangle(image, (x, y), (x + w, y + h), color.tolist(), -1)
        if rng.random() < 0.6:
            step, other = int(rng.integers(10, 40)), (color + rng.uniform(-70, 70, 3)).clip(0, 255).tolist()
            for v in range(y + step // 3, y + h - step // 2, step):
                for u in range(x + step // 3, x + w - step // 2, step):
                    cv2.rectangle(image, (u, v), (u + step // 2, v + step // 2), other, -1)
    f = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    f[0, 0] = 1
    noise = np.fft.irfft2((rng.normal(size=f.shape) + 1j * rng.normal(size=f.shape)) / f**0.8, (height, width))
    return np.clip(image + 5 * (noise / noise.std())[..., None], 0, 255).astype(np.uint8)


class Camera:
    """Yaw and pitch in pixels at the middle, roll in radians, logarithm of zoom."""

    def __init__(self, rng, scene, width, height, secs):
        self.width, self.height, self.secs, self.scene = width, height, secs, scene
        unit, shake = width / 960, scene["shake"]
        lowest, highest = 0.7, scene.get("highest", 9)
        self.size = np.array([shake * unit, 0.8 * shake * unit, math.radians(scene.get("roll", 0.6)), scene.get("zoom", 0)])
        self.waves = []
        for _ in range(4):
            hz = np.exp(rng.uniform(math.log(lowest), math.log(highest), 40))
            a = rng.normal(size=40) * hz**-0.3
            self.waves.append((a / math.sqrt((a**2).sum() / 2), hz, rng.uniform(0, 2 * math.pi, 40)))
        self.step, self.step_hz, self.phase = scene.get("step", 0) * unit, rng.uniform(1.7, 2.1), rng.uniform(0, 6, 3)
        self.way = rng.choice([-1, 1]), rng.uniform(-0.35, 0.35)

    def meant(self, t):
        unit, r = self.width / 960, np.clip((t / self.secs - 0.15) / 0.7, 0, 1)
        gone = r * r * (3 - 2 * r)
        if self.scene.get("meant") == "pan":
            return np.array([self.way[0] * 420 * unit * (gone - 0.5), self.way[1] * 300 * unit * (gone - 0.5), 0, 0])
        if self.scene.get("meant") == "sway":
            return np.array([120 * unit * math.sin(2 * math.pi * 0.12 * t), 0, 0, 0.25 * t / self.secs])
        return np.array([0, 0, 0, 0.35 * gone if self.scene.get("meant") == "zoom" else 0])

    def shaken(self, t):
        x = self.size * [(a * np.sin(2 * math.pi * hz * t + p)).sum() for a, hz, p in self.waves]
        w, s, p = 2 * math.pi * self.step_hz, self.step, self.phase
        x += [0.8 * s * math.sin(w * t / 2 + p[1]), 2 * s * (abs(math.sin(w * t / 2 + p[0])) - 0.64),
              0.0006 * s * math.sin(w * t / 2 + p[2]), 0.00015 * s * math.sin(w * t + p[1])]
        return self.meant(t) + x

    def map(self, pose, world):
        """From the large picture, whose size is given, to the frame."""
        f = FOCAL * self.width
        (cy, cp, cr), (sy, sp, sr) = np.cos([pose[0] / f, pose[1] / f, pose[2]]), np.sin([pose[0] / f, pose[1] / f, pose[2]])
        roll, pitch, yaw = [[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]], [[1, 0, 0], [0, cp, sp], [0, -sp, cp]], [[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]]
        z = f * math.exp(pose[3])
        k = np.array([[z, 0, (self.width - 1) / 2], [0, z, (self.height - 1) / 2], [0, 0, 1]])
        back = np.array([[1 / f, 0, -(world[0] - 1) / 2 / f], [0, 1 / f, -(world[1] - 1) / 2 / f], [0, 0, 1]])
        return k @ np.array(roll) @ np.array(pitch) @ np.array(yaw) @ back


def draw(path, name, size, frames, seed):
    """Writes a film. Gives the maps of its camera, and of the camera that was meant, from the large picture to each frame."""
    scene, (width, height) = SCENES[name], size
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    world = int(width * 2.4), int(height * 2.6)
    camera = Camera(rng, scene, width, height, frames / FPS)
    double = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])  # drawn at twice the density
    large = texture(rng, 2 * world[0], 2 * world[1])
    objects = [(cv2.resize(texture(rng, 256, 256), (int(h * 1.2), int(h * 1.6)), interpolation=cv2.INTER_AREA), rng.uniform(0, [width, 0.8 * height]),
                rng.uniform(-140, 140, 2) * [1, 0.3] * width / 960) for h in rng.uniform(0.28, 0.5, scene.get("objects", 0)) * height]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}", "-r", str(FPS), "-i", "-"]
    tags = ["-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    out = subprocess.Popen(command + tags + ["-c:v", "libx264", "-preset", "veryfast", "-crf", "8", "-pix_fmt", "yuv420p", path], stdin=subprocess.PIPE)
    cameras, meant, blur, picture = [], [], scene.get("blur", 1), None
    for n in range(frames):
        repeated = scene.get("repeat") and n % scene["repeat"] == scene["repeat"] - 1
        t = (n - 1 if repeated else n) / FPS
        if not repeated:
            total = 0
            for b in range(blur):
                h = camera.map(camera.shaken(t + 0.5 * ((b + 0.5) / blur - 0.5) / FPS), world)
                seen = cv2.warpPerspective(large, double @ h @ np.linalg.inv(double), (2 * width, 2 * height), borderMode=cv2.BORDER_REFLECT)
                total = total + cv2.resize(seen, size, interpolation=cv2.INTER_AREA).astype(np.float32)
            picture = total / blur
            trembles = (camera.shaken(t) - camera.meant(t))[:2]
            for thing, at, speed in objects:
                x, y = at + speed * t + [0, trembles[1]]
                x = x % (width + 2 * thing.shape[1]) - thing.shape[1] + trembles[0]
                move = np.array([[1, 0, x], [0, 1, y]])
                share = cv2.warpAffine(np.ones(thing.shape[:2], np.float32), move, size)[..., None]
                picture = picture * (1 - share) + cv2.warpAffine(thing, move, size).astype(np.float32) * share
            picture = picture + rng.normal(size=picture.shape) * scene.get("noise", 1.2)
        out.stdin.write(np.clip(picture + 0.5, 0, 255).astype(np.uint8).tobytes())
        cameras.append(camera.map(camera.shaken(t), world))
        meant.append(camera.map(camera.meant(n / FPS), world))
    out.stdin.close()
    if out.wait():
        raise SystemExit("ffmpeg could not write the film")
    return cameras, meant


def grey(path):
    film = cv2.VideoCapture(path)
    frames = []
    while (read := film.read())[0]:
        frames.append(cv2.cvtColor(read[1], cv2.COLOR_BGR2GRAY))
    return frames


def through(m, points):
    return cv2.perspectiveTransform(np.asarray(points, np.float64).reshape(-1, 1, 2), m).reshape(-1, 2)


def registered(before, after):
    """The map from each frame of a film to that of its outcome. None where none is found."""
    maps, guess = [], np.eye(3)
    for a, b in zip(before, after):
        points = cv2.goodFeaturesToTrack(a, 500, 0.01, 8)
        best = None
        for start in [guess, np.eye(3)]:
            expected = through(start, points).astype(np.float32).reshape(-1, 1, 2)
            flow = dict(winSize=(21, 21), maxLevel=4, flags=cv2.OPTFLOW_USE_INITIAL_FLOW, criteria=(3, 40, 0.003))
            found, ok, _ = cv2.calcOpticalFlowPyrLK(a, b, points, expected.copy(), **flow)
            p, q = points[ok.ravel() == 1], found[ok.ravel() == 1]
            if len(p) < 12:
                continue
            m, inner = cv2.findHomography(p, q, cv2.RANSAC, 1.0, maxIters=4000, confidence=0.9999)
            if m is not None and (best is None or inner.sum() > best[1]):
                best = m, inner.sum()
            if best is not None and best[1] > 0.5 * len(points):
                break
        maps.append(None if best is None else best[0])
        guess = guess if best is None else best[0]
    return maps


def moves(cameras):
    return any(not np.array_equal(c, cameras[0]) for c in cameras)


def judged(maps, cameras, meant, size):
    (width, height), frames = size, len(cameras)
    steady = [None if w is None else w @ h for w, h in zip(maps, cameras)]
    unit, reach = 960 / width, FPS // 2
    grid = [(x, y) for x in np.linspace(0.15, 0.85, 5) * width for y in np.linspace(0.15, 0.85, 4) * height]
    own = [n for n in range(frames) if n == 0 or not np.array_equal(cameras[n], cameras[n - 1])] if moves(cameras) else list(range(frames))
    squares = []
    for n in (n for n in own if reach <= n < frames - reach):
        around = [i for i in own if abs(i - n) <= reach]
        if any(steady[i] is None for i in around):
            continue
        points = through(np.linalg.inv(steady[n]), grid)
        path, times = np.stack([through(steady[i], points) for i in around]), np.array(around) - n
        follow = np.linalg.pinv(np.stack([times**0, times, times**2], 1))[0]  # the parabola's value in the middle
        squares.append(((path[around.index(n)] - np.tensordot(follow, path, 1)) ** 2).sum(1).mean())
    middle = np.array([[(width - 1) / 2, (height - 1) / 2]])
    strays = [through(steady[n], through(np.linalg.inv(meant[n]), middle)) - middle for n in own if steady[n] is not None]
    off = np.concatenate(strays) if strays else np.full((1, 2), math.nan)
    corners, kept, borders = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float64), [], 0
    for w in maps:
        if w is None:
            continue
        quad = through(np.linalg.inv(w), corners)
        kept.append(min(cv2.contourArea(quad.astype(np.float32)) / ((width - 1) * (height - 1)), 1.0))
        # a pixel for what registration is off by
        borders += bool((quad < -1).any() or (quad > [width, height]).any())
    return dict(jitter=unit * math.sqrt(np.mean(squares)) if squares else math.nan, kept=float(np.median(kept)) if kept else math.nan, borders=borders,
                off=unit * math.sqrt(((off - off.mean(0)) ** 2).sum(1).mean()), lost=sum(m is None for m in maps))


def call(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")


X264 = ["-c:v", "libx264", "-preset", "fast", "-crf", "20"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--scenes", default=",".join(SCENES))
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--frames", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    ask = parser.parse_args()
    size = tuple(int(v) for v in ask.size.split("x"))
    print("| scene | outcome | jitter | kept | borders | off |\n|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["MONTAGE_AI_HOME"] = home
        for name in ask.scenes.split(","):
            film, out = f"{home}/{name}.mp4", f"{home}/{name}-out.mp4"
            cameras, meant = draw(film, name, size, ask.frames, ask.seed)
            before = grey(film)
            crop = SCENES[name].get("crop", 0.1)

            def tell(label, maps):
                j = judged(maps, cameras, meant, size)
                lost = f" ({j['lost']} not found)" if j["lost"] else ""
                print(f"| {name} | {label}{lost} | {j['jitter']:.3f} | {j['kept']:.2f} | {j['borders']} | {j['off']:.1f} |", flush=True)

            tell("as it was", [np.eye(3)] * ask.frames)
            call([ask.program, "stabilize", film, "-o", out, "--max-crop", str(crop), "--cpu", "-q"])
            tell("ours", registered(before, grey(out)))
            ffmpeg = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", film, "-vf"]
            shakes = f"{home}/{name}.trf"
            call(ffmpeg + [f"vidstabdetect=shakiness=8:accuracy=15:result={shakes}", "-f", "null", "-"])
            for smoothing in (15, 30, 60):
                zoom = 100 / (1 - crop) - 100  # the crop that ours may use
                settings = f"input={shakes}:smoothing={smoothing}:optzoom=0:zoom={zoom:.2f}:interpol=bicubic:crop=black"
                call(ffmpeg + [f"vidstabtransform={settings}"] + X264 + [out])
                tell(f"vid.stab, smoothing {smoothing}", registered(before, grey(out)))
            call(ffmpeg + ["deshake=rx=64:ry=64"] + X264 + [out])
            tell("deshake", registered(before, grey(out)))


if __name__ == "__main__":
    main()
