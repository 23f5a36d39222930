"use strict";
// Everything that the API tells is put in as text, never as markup.

const at = (id) => document.getElementById(id);
const path = (vm, rest = "") => `/v1/vms/${encodeURIComponent(vm)}${rest}`;
const pictures = new Map();
const filled = new Map();

function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = kind;
  return made;
}

function button(text, work, kind = "") {
  const made = element("button", text, kind);
  made.type = "button";
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

function row(...cells) {
  const made = element("tr");
  made.append(...cells.map((it) => {
    const cell = element("td", it instanceof Node ? "" : it ?? "-");
    if (it instanceof Node) cell.append(it);
    return cell;
  }));
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

const size = (bytes) => (bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`);
const clock = (moment) => (moment ? new Date(moment).toLocaleTimeString() : "-");
