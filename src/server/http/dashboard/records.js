"use strict";
// The host, the queue, agents, what happened, who changed what.

const samples = [];
let seen = 0;
let paused = false;
const happened = [];

function task(it) {
  const ended = ["done", "failed", "canceled"].includes(it.state);
  const cancel = ended ? "" : button("Cancel", () => ask("DELETE", `/v1/tasks/${encodeURIComponent(it.id)}`));
  const took = it.took_ms == null ? "-" : `${(it.took_ms / 1000).toFixed(1)} s`;
  const state = it.error ? `${it.state}: ${it.error.message ?? it.error.code}` : it.state;
  return row(clock(it.queued_at), it.type, it.vm, it.priority, String(it.attempts), state, took, cancel);
}

// A line of shares from 0 to 1, the newest at the right.
function chart(id, label, shares, text) {
  at(`${id}-text`).textContent = `${label}: ${text}`;
  const canvas = at(id);
  const { width, height } = canvas;
  const brush = canvas.getContext("2d");
  brush.clearRect(0, 0, width, height);
  brush.strokeStyle = getComputedStyle(canvas).color;
  brush.lineWidth = 2;
  brush.beginPath();
  const step = width / 119;
  shares.forEach((share, place) => brush.lineTo(width - (shares.length - 1 - place) * step, height - 2 - share * (height - 4)));
  brush.stroke();
}

async function sample() {
  const { host, hypervisor, limits } = await json("GET", "/v1/system");
  samples.push({
    cpu: host.cpu_usage_percent / 100,
    memory: 1 - host.memory_available_bytes / host.memory_bytes,
    disk: 1 - host.disk_free_bytes / host.disk_bytes,
  });
  if (120 < samples.length) samples.shift();
  const of = (name) => samples.map((it) => it[name]);
  chart("cpu", "CPU", of("cpu"), `${Math.round(host.cpu_usage_percent)}% of ${host.cpus}`);
  chart("memory", "Memory", of("memory"), `${size(host.memory_bytes - host.memory_available_bytes)} of ${size(host.memory_bytes)}`);
  chart("disk", "Disk", of("disk"), `${size(host.disk_free_bytes)} free of ${size(host.disk_bytes)}`);
  at("hypervisor").textContent = `${hypervisor.kind} ${hypervisor.version}; ${limits.max_concurrent_vms} VMs at once at most`;
}

// Who names a VM by its identity means its name.
const named = (vms, id) => vms.find((it) => it.id === id)?.name ?? id;

async function listen(vms) {
  const told = await json("GET", `/v1/events?since=${seen}`);
  seen = told.last;
  happened.unshift(...told.items.reverse());
  happened.length = Math.min(happened.length, 200);
  fill("happened", happened, (it) => row(clock(it.ts), it.type, named(vms, it.vm?.name), JSON.stringify(it.data), it.actor));
}

async function showAgents(vms) {
  // Who reaches some VMs only is not told of agents.
  const told = await json("GET", "/v1/agents").catch(() => ({ agents: [], leases: [] }));
  paused = Boolean(told.paused_since);
  at("pause").textContent = paused ? "Let agents go on" : "Stop all agents";
  const has = ({ name }) => told.leases.filter((it) => it.holder === name).map((it) => named(vms, it.vm));
  const agents = told.agents.map((it) => [it.name, it.kind, has(it).join(", ") || "-", clock(it.seen_at)]);
  fill("told-agents", agents, (texts) => row(...texts));
}

const showQueue = async () => fill("tasks", (await json("GET", "/v1/tasks?limit=100")).items, task);

async function showAudit() {
  const told = await json("GET", "/v1/audit?limit=100");
  fill("changes", told.items, (it) => row(clock(it.at), it.who, it.action, it.vm, it.outcome, it.from));
}
