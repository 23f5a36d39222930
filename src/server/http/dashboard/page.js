"use strict";
// Everything that the API tells is put in as text, never as markup.

const at = (id) => document.getElementById(id);
const path = (vm, rest = "") => `/v1/vms/${encodeURIComponent(vm)}${rest}`;
const pictures = new Map();
const filled = new Map();
const thumbnails = new Map();
let chosen = null;
let paused = false;

function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = kind;
  return made;
}

function button(text, work) {
  const made = element("button", text);
  made.addEventListener("click", () => attempt(work));
  return made;
}

// What is replaced under a hand loses its focus: only what changed is.
function fill(id, items, make) {
  const told = JSON.stringify(items);
  if (filled.get(id) === told) return;
  filled.set(id, told);
  at(id).replaceChildren(...items.map(make));
}

function row(...texts) {
  const made = element("tr");
  made.append(...texts.map((it) => element("td", it)));
  return made;
}

async function ask(verb, where, body, more = {}) {
  const headers = { ...more };
  const token = sessionStorage.getItem("token");
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const reply = await fetch(where, { method: verb, headers, body: body && JSON.stringify(body) });
  at("login").hidden = reply.status !== 401;
  if (!reply.ok && reply.status !== 304) {
    const told = await reply.json();
    throw new Error([told.error.message, told.error.hint].filter(Boolean).join(" - "));
  }
  return reply;
}

const json = async (...asked) => (await ask(...asked)).json();

async function attempt(work) {
  try {
    await work();
    at("trouble").hidden = true;
  } catch (error) {
    at("trouble").textContent = error.message;
    at("trouble").hidden = false;
  }
}

// A picture is fetched only if the screen shows another one than before.
async function picture(image, vm, query) {
  const key = `${vm} ${query}`;
  const known = pictures.get(key);
  const reply = await ask("GET", path(vm, `/screen${query}`), null, known ? { "If-None-Match": known.tag } : {});
  if (reply.status !== 304) {
    if (known) URL.revokeObjectURL(known.url);
    pictures.set(key, { tag: reply.headers.get("ETag"), url: URL.createObjectURL(await reply.blob()) });
  }
  const { url } = pictures.get(key);
  if (image.src !== url) image.src = url;
}

async function change(vm, verb, rest, body) {
  await ask(verb, path(vm, rest), body);
  await refresh();
}

function card(vm) {
  const made = element("article", "", "card");
  const image = element("img");
  image.alt = "";
  const running = vm.state === "running";
  const bar = element("div", "", "row");
  bar.append(element("span", vm.state, running ? "running" : ""));
  if (running) {
    bar.append(button("Stop", () => change(vm.id, "POST", "/stop", { way: "button" })));
    bar.append(button("Power off", async () => {
      if (confirm(`Power off ${vm.name}? What its guest has not written is lost.`)) {
        await change(vm.id, "POST", "/stop", { way: "power_off" });
      }
    }));
    thumbnails.set(vm.id, image);
  } else {
    bar.append(button("Start", () => change(vm.id, "POST", "/start")));
  }
  bar.append(button("Open", () => { chosen = vm; return refresh(); }));
  made.append(image, element("h3", vm.name), bar);
  return made;
}

function snapshot(found) {
  const made = element("li", `${found.name} `);
  const named = `/snapshots/${encodeURIComponent(found.id)}`;
  made.append(button("Restore", async () => {
    if (confirm(`Put ${chosen.name} back to ${found.name}? What it is now is lost.`)) {
      await change(chosen.id, "POST", `${named}/restore`, { confirm: chosen.id });
    }
  }), button("Delete", async () => {
    if (confirm(`Delete the snapshot ${found.name}?`)) {
      await change(chosen.id, "DELETE", `${named}?confirm=${chosen.id}`);
    }
  }));
  return made;
}

async function refresh() {
  const vms = (await json("GET", "/v1/vms")).items;
  fill("vms", vms, card);
  const running = new Set(vms.filter((it) => it.state === "running").map((it) => it.id));
  thumbnails.forEach((image, id) => {
    // A screen that cannot be had now may be there the next time.
    if (running.has(id)) picture(image, id, "?scale=320x240").catch(() => {});
    else thumbnails.delete(id);
  });
  at("host").textContent = `${vms.length} VMs`;
  const tasks = (await json("GET", "/v1/tasks?limit=10")).items;
  fill("tasks", tasks, (task) => row(task.type, task.vm || "-", task.state));
  // Who reaches some VMs only is not told of agents.
  const told = await json("GET", "/v1/agents").catch(() => ({ agents: [], leases: [] }));
  paused = Boolean(told.paused_since);
  at("pause").textContent = paused ? "Let agents go on" : "Stop all agents";
  const named = (id) => vms.find((it) => it.id === id)?.name || id;
  const has = ({ name }) => told.leases.filter((it) => it.holder === name).map((it) => named(it.vm));
  const agents = told.agents.map((it) => [it.name, it.kind, has(it).join(", ") || "-"]);
  fill("agents", agents, (texts) => row(...texts));
  chosen = chosen && vms.find((it) => it.id === chosen.id);
  at("vm").hidden = !chosen;
  if (!chosen) return;
  at("vm-name").textContent = chosen.name;
  const found = (await json("GET", path(chosen.id, "/snapshots"))).items;
  fill("snapshots", found, snapshot);
  await look();
}

async function look() {
  at("screen").hidden = chosen?.state !== "running";
  if (chosen?.state === "running") await picture(at("screen"), chosen.id, "");
}

// One after the other: what is typed arrives in its order.
let last = Promise.resolve();
function send(rest, body) {
  const vm = chosen.id;
  last = last.then(() => attempt(async () => {
    await ask("POST", path(vm, rest), body);
    await look();
  }));
}

at("screen").addEventListener("click", (event) => {
  const image = at("screen");
  const scale = image.naturalWidth / image.clientWidth;
  const [x, y] = [event.offsetX, event.offsetY].map((it) => Math.floor(it * scale));
  send("/pointer/click", { at: { x, y } });
});

const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Escape: "esc", Delete: "del" };

at("screen").addEventListener("keydown", (event) => {
  // Tab leads on through the page.
  if (["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key) || event.metaKey) return;
  event.preventDefault();
  const plain = event.key.length === 1 && !event.ctrlKey && !event.altKey;
  if (plain) {
    send("/keyboard/type", { text: event.key });
  } else {
    const held = [event.ctrlKey && "ctrl", event.altKey && "alt"].filter(Boolean);
    const chord = [...held, KEYS[event.key] || event.key.toLowerCase()].join("+");
    send("/keyboard/press", { chords: [chord] });
  }
});

at("take").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => change(chosen.id, "POST", "/snapshots", { name: at("snapshot").value }));
});

at("login").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", at("token").value);
  attempt(refresh);
});

at("pause").addEventListener("click", () => attempt(async () => {
  await ask("POST", paused ? "/v1/agents/resume" : "/v1/agents/pause");
  await refresh();
}));

attempt(refresh);
setInterval(() => attempt(refresh), 5000);
setInterval(() => attempt(look), 1000);
