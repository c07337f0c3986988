// The status page: one table, kept by the server's event stream. Text from jobs only ever goes in as text.
"use strict";
const WORDS = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const say = (key, args = {}) => (WORDS[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "");
const language = document.documentElement.lang;
const OVER = ["completed", "failed", "cancelled"];
const PAGE = 100; // rows asked for at a time
const MOST = 600; // rows kept

// --- the server ---
let token = sessionStorage.getItem("token");

class Refused extends Error {
  constructor(status, body) {
    super(body?.error ?? `HTTP ${status}`);
    this.status = status;
    this.field = body?.field;
    this.hint = body?.hint;
  }
}

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (options.body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  signedIn(answer.status !== 401);
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => null));
  return answer;
}
function signedIn(yes) {
  at("door").hidden = yes;
  at("new").hidden = at("table").hidden = !yes;
}
const json = async (path, options) => (await ask(path, options)).json();

// --- what is known ---
const jobs = new Map();
let counts = {};
let filter = "all";
let stale = false; // whether a drawing is due

function take(job) {
  const known = jobs.get(job.id);
  if (known && known.serial > job.serial) return;
  if (known && known.state !== job.state) announce(job);
  jobs.set(job.id, job);
  redraw();
}

function announce(job) {
  if (!OVER.includes(job.state)) return;
  at("news").textContent = `${job.subject}: ${say(`state-${job.state}`)}`;
}

async function load() {
  const active = json(`/api/jobs?state=running,waiting,paused,queued&order=oldest&limit=${PAGE}`);
  const running = json(`/api/jobs?state=running&limit=${PAGE}`);
  const over = json(`/api/jobs?state=${OVER}&limit=${PAGE}`);
  for (const page of await Promise.all([active, running, over])) page.jobs.forEach(take);
  redraw();
}

const FILTERS = {
  all: () => true,
  active: (job) => !OVER.includes(job.state),
  completed: (job) => job.state === "completed",
  failed: (job) => job.state === "failed",
};
const total = {
  all: () => Object.values(counts).reduce((a, b) => a + b, 0),
  active: () => Object.entries(counts).reduce((sum, [state, n]) => sum + (OVER.includes(state) ? 0 : n), 0),
  completed: () => counts.completed ?? 0,
  failed: () => counts.failed ?? 0,
};

// Running first, then what comes next, then what ended last.
const rank = (job) => (job.state === "running" ? 0 : OVER.includes(job.state) ? 2 : 1);
const order = (a, b) => rank(a) - rank(b) || (rank(a) === 2 ? b.id - a.id : a.id - b.id);

async function further() {
  const query = { all: OVER, active: "running,waiting,paused,queued", completed: "completed", failed: "failed" }[filter];
  const shown = [...jobs.values()].filter((job) => FILTERS[filter](job) && (filter === "active" || OVER.includes(job.state)));
  const ids = shown.map((job) => job.id);
  const rest = filter === "active" ? `order=oldest&after=${Math.max(0, ...ids)}` : ids.length ? `before=${Math.min(...ids)}` : "";
  const page = await json(`/api/jobs?state=${query}&limit=${PAGE}&${rest}`);
  page.jobs.forEach(take);
  if (!page.jobs.length) at("further").hidden = true;
}

// --- drawing ---
const rows = new Map();

function redraw() {
  if (stale) return;
  stale = true;
  requestAnimationFrame(() => {
    stale = false;
    draw();
  });
}

function draw() {
  const sorted = [...jobs.values()].sort(order);
  for (const job of sorted.splice(MOST)) jobs.delete(job.id);
  const shown = sorted.filter(FILTERS[filter]);
  const wanted = new Set(shown.map((job) => job.id));
  for (const [id, row] of rows) {
    if (!wanted.has(id)) {
      row.remove();
      rows.delete(id);
    }
  }
  let next = at("rows").firstElementChild;
  for (const job of shown) {
    let row = rows.get(job.id);
    if (!row) rows.set(job.id, (row = makeRow(job.id)));
    if (row.serial !== job.serial) fill(row, job);
    // moving a row takes the focus from its buttons, so only rows out of place are moved
    if (row === next) next = next.nextElementSibling;
    else at("rows").insertBefore(row, next);
  }
  at("none").hidden = shown.length > 0;
  at("further").hidden = shown.length >= total[filter]() || shown.length >= MOST;
  for (const button of at("filters").children) {
    button.lastElementChild.textContent = total[button.dataset.filter]().toLocaleString(language);
    button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  }
}

function element(name, kind, text = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}

function makeRow(id) {
  const row = element("tr");
  row.dataset.job = id;
  for (const kind of ["number", "work", "how-it-stands", "wide", "actions"]) row.append(element("td", kind));
  row.cells[0].textContent = id;
  return row;
}

// Sets a text only where it differs: a text that is read out or selected stays as it is.
function put(parent, kind, name, text) {
  let there = parent.querySelector(`:scope > .${kind}`);
  if (!text) return there?.remove();
  if (!there) parent.append((there = element(name, kind)));
  if (there.textContent !== text) there.textContent = text;
}

function fill(row, job) {
  row.serial = job.serial;
  row.dataset.state = job.state;
  const [, work, state, how, actions] = row.cells;
  put(work, "subject", "div", job.subject);
  put(work, "hint", "div", say(`kind-${job.kind}`) === `kind-${job.kind}` ? job.kind : say(`kind-${job.kind}`));
  put(state, "state", "span", say(`state-${job.state}`));
  put(state, "hint", "div", waitsFor(job));
  fillProgress(how, job);
  put(how, "why", "div", job.error?.error);
  put(how, "advice", "div", job.error?.hint && say("hint", { hint: job.error.hint }));
  how.querySelector(":scope > .advice")?.classList.add("hint");
  button(actions, "cancel", !OVER.includes(job.state) && !job.cancelling, job, "DELETE", "");
  button(actions, "retry", job.state === "failed" || job.state === "cancelled" || job.interrupted, job, "POST", "/retry");
}

function waitsFor(job) {
  if (job.waits_for) return say("waits-for", { id: job.waits_for });
  if (job.retry_at) return say("retries-at", { time: new Date(job.retry_at).toLocaleTimeString(language) });
  if (job.cancelling) return say("cancelling");
  return job.interrupted ? say("interrupted") : "";
}

function fillProgress(how, job) {
  const { fraction, step, rate, secs_left: left } = job.progress;
  const going = ["running", "paused"].includes(job.state) || (job.state === "waiting" && fraction > 0);
  let bar = how.querySelector("progress");
  let line = how.querySelector(".how");
  if (!going) {
    bar?.remove();
    line?.remove();
    return put(how, "took", "div", took(job));
  }
  put(how, "took", "div", "");
  if (!bar) {
    how.prepend((bar = element("progress")), (line = element("div", "how")));
    bar.max = 1;
    bar.setAttribute("aria-label", say("progress-of", { subject: job.subject }));
  }
  bar.value = fraction;
  put(line, "step", "span", `${Math.floor(fraction * 100)} % ${step}`);
  put(line, "rate", "span", rate > 0 ? say("rate", { rate: rate.toLocaleString(language, { maximumFractionDigits: 1 }) }) : "");
  put(line, "left", "span", left == null ? "" : say("left", { time: span(left) }));
}

function span(secs) {
  const s = Math.max(0, Math.round(secs));
  const two = (n) => String(n).padStart(2, "0");
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

function took(job) {
  if (!OVER.includes(job.state) || !job.started || !job.ended) return "";
  return say("took", { time: span((new Date(job.ended) - new Date(job.started)) / 1000) });
}

function button(cell, name, wanted, job, method, tail) {
  let there = cell.querySelector(`[data-do="${name}"]`);
  if (!wanted) return there?.remove();
  if (there) return;
  there = element("button", "", say(name));
  there.type = "button";
  there.dataset.do = name;
  there.setAttribute("aria-label", say(`${name}-job`, { subject: job.subject }));
  there.addEventListener("click", async () => {
    there.disabled = true;
    try {
      take(await json(`/api/jobs/${job.id}${tail}`, { method }));
    } catch (e) {
      tell(e);
    }
    there.disabled = false;
  });
  cell.append(there);
}

function tell(e) {
  if (e.status === 401) return; // the page asks for the token
  const said = at("said");
  said.className = "bad";
  said.textContent = e.hint ? `${e.message}\n${say("hint", { hint: e.hint })}` : e.message;
}

// --- the event stream: fetch, because EventSource cannot show a token ---
let last = null;

function link(state) {
  at("link").dataset.state = state;
  at("link").textContent = say(`link-${state}`);
}

async function listen() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      const answer = await ask("/api/events", { headers: last === null ? {} : { "Last-Event-ID": last } });
      link("on");
      wait = 500;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const blocks = (text + value).split("\n\n");
        text = blocks.pop();
        blocks.forEach(event);
      }
    } catch (e) {
      if (e instanceof Refused && e.status === 401) {
        link("off");
        await new Promise((go) => at("token-form").addEventListener("submit", go, { once: true }));
        continue;
      }
    }
    link("lost");
    await new Promise((go) => setTimeout(go, wait));
  }
}

function event(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields[line.slice(0, colon)] = (fields[line.slice(0, colon)] ?? "") + line.slice(colon + 1).trimStart();
  }
  if (fields.id !== undefined) last = fields.id;
  if (!fields.data) return;
  const data = JSON.parse(fields.data);
  if (fields.event === "job") take(data);
  else if (fields.event === "counts") {
    counts = data;
    redraw();
  } else if (fields.event === "hello" || fields.event === "reset") {
    if (fields.event === "reset") jobs.clear();
    load().catch(tell);
  }
}

// --- a new job: the form is made from the API's own description ---
let schemas = {};

function resolve(schema) {
  if (schema.$ref) return resolve(schemas[schema.$ref.split("/").pop()]);
  const one = (schema.oneOf ?? schema.allOf)?.filter((s) => s.type !== "null");
  if (one?.length === 1) return { ...resolve(one[0]), ...(schema.description && { description: schema.description }) };
  return schema;
}

async function loadForms() {
  const api = await json("/api/openapi.json");
  schemas = api.components.schemas;
  at("about").textContent = `${api.info.title} ${api.info.version}`;
  const kinds = Object.keys(api.paths).filter((p) => api.paths[p].post?.requestBody && p.startsWith("/api/jobs/"));
  at("kind").replaceChildren(
    ...kinds.map((path) => {
      const kind = path.split("/").pop();
      const option = element("option", "", say(`kind-${kind}`));
      option.value = kind;
      option.schema = api.paths[path].post.requestBody.content["application/json"].schema;
      return option;
    }),
  );
  if (kinds.includes("/api/jobs/proxy")) at("kind").value = "proxy";
  showForm();
}

function showForm() {
  const schema = resolve(at("kind").selectedOptions[0].schema);
  const [wanted, extra] = [[], []];
  // the list of required fields keeps the order that they were written in
  const required = schema.required ?? [];
  const names = [...required, ...Object.keys(schema.properties).filter((name) => !required.includes(name))];
  for (const name of names) {
    const made = field(name, resolve(schema.properties[name]), required.includes(name));
    (made.required ? wanted : extra).push(made.box);
  }
  at("fields").replaceChildren(...wanted);
  at("options").replaceChildren(...extra);
  at("more").hidden = extra.length === 0;
}

function field(name, schema, required) {
  const types = [schema.type].flat();
  const box = element("div", types.includes("array") ? "field broad" : "field");
  const label = element("label", "", say(`field-${name}`) === `field-${name}` ? name.replaceAll("_", " ") : say(`field-${name}`));
  let input;
  if (schema.enum) {
    input = element("select");
    const empty = element("option", "", required ? "" : "–");
    empty.value = "";
    input.append(...(required ? [] : [empty]), ...schema.enum.map((v) => Object.assign(element("option", "", String(v)), { value: v })));
  } else if (types.includes("array")) {
    input = element("textarea");
    input.rows = 2;
  } else {
    input = element("input");
    input.type = types.includes("boolean") ? "checkbox" : types.includes("integer") || types.includes("number") ? "number" : "text";
    if (input.type === "number") input.step = types.includes("integer") ? 1 : "any";
  }
  input.id = `field-${name}`;
  input.name = name;
  input.required = required;
  input.types = types;
  input.autocomplete = "off";
  input.spellcheck = false;
  label.htmlFor = input.id;
  box.append(label, input);
  if (schema.description) {
    const note = element("small", "", schema.description);
    note.id = `note-${name}`;
    input.setAttribute("aria-describedby", note.id);
    box.append(note);
  }
  return { box, required };
}

function value(input) {
  if (input.type === "checkbox") return input.checked || undefined;
  const text = input.value.trim();
  if (!text) return undefined;
  if (input.types.includes("array")) {
    const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
    return lines.map((line) => (/^\d+$/.test(line) ? Number(line) : line));
  }
  return input.types.includes("integer") || input.types.includes("number") ? Number(text) : text;
}

async function submit(e) {
  e.preventDefault();
  const inputs = [...at("submit").querySelectorAll("[name]")];
  const body = {};
  for (const input of inputs) {
    input.removeAttribute("aria-invalid");
    const v = value(input);
    if (v !== undefined) body[input.name] = v;
  }
  const said = at("said");
  try {
    const done = await json(`/api/jobs/${at("kind").value}`, { method: "POST", body: JSON.stringify(body) });
    done.jobs.forEach(take);
    said.className = "good";
    said.textContent = say("submitted", { ids: done.jobs.map((job) => job.id).join(", ") });
  } catch (refused) {
    tell(refused);
    const wrong = inputs.find((input) => input.name === refused.field?.split(/[.[]/)[0]);
    if (wrong) {
      wrong.setAttribute("aria-invalid", "true");
      if (at("options").contains(wrong)) at("more").open = true;
      wrong.focus();
    }
  }
}

at("kind").addEventListener("change", showForm);
at("submit").addEventListener("submit", submit);
at("further").addEventListener("click", () => further().catch(tell));
at("filters").addEventListener("click", (e) => {
  const chosen = e.target.closest("[data-filter]");
  if (!chosen) return;
  filter = chosen.dataset.filter;
  draw();
});
at("token-form").addEventListener("submit", (e) => {
  e.preventDefault();
  token = at("token").value.trim();
  sessionStorage.setItem("token", token);
  loadForms().catch(tell);
});
loadForms().catch(tell);
listen();
