"use strict";
// Which part of the page is shown, and when it is brought up to date.

const PLACES = { vms: "VMs", host: "Host", queue: "Queue", agents: "Agents", events: "Events", audit: "Audit" };
const place = () => location.hash.slice(1).split("/");

async function refresh() {
  const [name, id] = place();
  const vms = (await json("GET", "/v1/vms")).items;
  fill("vms", vms, card);
  at("host-name").textContent = `${vms.length} VMs`;
  const shown = name === "vm" ? "vm" : PLACES[name] ? name : "vms";
  chosen = shown === "vm" ? vms.find((it) => it.id === decodeURIComponent(id)) : null;
  for (const part of document.querySelectorAll("main > section")) part.hidden = part.id !== `at-${shown}`;
  for (const link of document.querySelectorAll("nav a")) {
    link.ariaCurrent = link.hash === `#${shown}` ? "page" : null;
  }
  await showAgents(vms);
  if (shown === "vms") showThumbnails(vms);
  if (shown === "vm" && !chosen) location.hash = "vms";
  if (chosen) await showVm();
  if (shown === "host") await sample();
  if (shown === "queue") await showQueue();
  if (shown === "events") await listen(vms);
  if (shown === "audit") await showAudit();
}

for (const [name, title] of Object.entries(PLACES)) {
  const link = element("a", title);
  link.href = `#${name}`;
  at("places").append(link);
}

// A digit leads to a part of the page, from everywhere but fields and the VM's screen.
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input") || event.ctrlKey || event.altKey || event.metaKey) return;
  const name = Object.keys(PLACES)[Number(event.key) - 1];
  if (name) location.hash = name;
});

addEventListener("hashchange", () => {
  at("frames").replaceChildren();
  at("printed").textContent = "";
  attempt(refresh);
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
setInterval(() => attempt(refresh), 3000);
setInterval(() => attempt(look), 1000);
