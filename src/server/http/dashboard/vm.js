"use strict";
// One VM: its screen to click and type into, what is on it, snapshots, a console, forwards.

let chosen = null;

function snapshot(found) {
  const made = element("li", `${found.name}${found.current ? " (here)" : ""} `);
  const named = `/snapshots/${encodeURIComponent(found.id)}`;
  const bar = element("span", "", "row");
  bar.append(button("Restore", async () => {
    if (confirm(`Put ${chosen.name} back to ${found.name}? What it is now is lost.`)) {
      await change(chosen.id, "POST", `${named}/restore`, { confirm: chosen.id });
    }
  }), button("Delete", async () => {
    if (confirm(`Delete the snapshot ${found.name}?`)) {
      await change(chosen.id, "DELETE", `${named}?confirm=${encodeURIComponent(chosen.id)}`);
    }
  }));
  made.append(bar);
  return made;
}

// Snapshots as a tree: each below the one on which it stands.
function tree(all, parent = null) {
  return all.filter((it) => it.parent === parent).map((it) => {
    const made = snapshot(it);
    const below = tree(all, it.id);
    if (below.length) {
      const list = element("ul");
      list.append(...below);
      made.append(list);
    }
    return made;
  });
}

async function showVm() {
  at("vm-name").textContent = `${chosen.name}: ${chosen.state}`;
  fill("vm-actions", [chosen], () => {
    const bar = element("span", "", "row");
    bar.append(...actions(chosen));
    return bar;
  });
  const status = (await json("GET", path(chosen.id))).items[0];
  fill("snapshots", [status.snapshots], (all) => {
    const list = element("ul");
    list.append(...tree(all));
    return list;
  });
  const forwards = (status.adapters || []).flatMap((it) => it.forwards);
  fill("forwards", forwards, (it) => row(it.name, `${it.host_address || "*"}:${it.host_port}`, String(it.guest_port)));
  const tasks = await json("GET", `/v1/tasks?limit=20&vm=${encodeURIComponent(chosen.name)}`);
  fill("vm-tasks", tasks.items, task);
  await look();
}

async function look() {
  at("screen").hidden = chosen?.state !== "running";
  if (chosen?.state === "running") await picture(at("screen"), chosen.id, "");
}

// What is on the screen, each with a frame around it; a click goes through to the screen.
async function overlay() {
  const frames = at("frames");
  if (frames.childElementCount) return frames.replaceChildren();
  const told = await json("GET", path(chosen.id, "/screen/elements"));
  const image = at("screen");
  const scale = image.clientWidth / image.naturalWidth;
  const elements = told.elements ?? told.items[0]?.elements ?? told.items[0]?.reading?.elements ?? [];
  frames.replaceChildren(...elements.map((it) => {
    const made = element("div", "", "frame");
    const { x, y, width, height } = it.box;
    made.title = `${it.kind} ${it.text}`;
    made.append(element("small", it.kind));
    Object.assign(made.style, {
      left: `${x * scale}px`, top: `${y * scale}px`, width: `${width * scale}px`, height: `${height * scale}px`,
    });
    return made;
  }));
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
  event.stopPropagation();
  const plain = event.key.length === 1 && !event.ctrlKey && !event.altKey;
  if (plain) {
    send("/keyboard/type", { text: event.key });
  } else {
    const held = [event.ctrlKey && "ctrl", event.altKey && "alt"].filter(Boolean);
    const chord = [...held, KEYS[event.key] || event.key.toLowerCase()].join("+");
    send("/keyboard/press", { chords: [chord] });
  }
});

at("elements").addEventListener("click", () => attempt(overlay));

at("take").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => change(chosen.id, "POST", "/snapshots", { name: at("snapshot").value }));
});

at("exec").addEventListener("submit", (event) => {
  event.preventDefault();
  const command = at("command").value;
  const login = { user: at("user").value || undefined, password: at("password").value || undefined };
  attempt(async () => {
    at("printed").textContent = `$ ${command}\n`;
    const told = (await json("POST", path(chosen.id, "/exec"), { command, login })).items[0];
    at("printed").textContent += `${told.stdout}${told.stderr}exit code ${told.exit_code}`;
  });
});
