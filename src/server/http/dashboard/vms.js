"use strict";
// The cards of all VMs.

const thumbnails = new Map();

async function change(vm, verb, rest, body) {
  await ask(verb, path(vm, rest), body);
  await refresh();
}

// What a VM's state allows; what loses something is asked about first.
function actions(vm) {
  const running = vm.state === "running";
  const live = running || vm.state === "paused";
  const all = [];
  const add = (text, verb, rest, body, question) => all.push(button(text, async () => {
    if (!question || confirm(question)) await change(vm.id, verb, rest, body);
  }));
  if (running) {
    add("Stop", "POST", "/stop", { way: "button" });
    add("Pause", "POST", "/pause");
    add("Save", "POST", "/stop", { way: "save" });
  }
  if (vm.state === "paused") add("Resume", "POST", "/resume");
  if (live) {
    add("Power off", "POST", "/stop", { way: "power_off" }, `Power off ${vm.name}? What its guest has not written is lost.`);
  } else {
    add("Start", "POST", "/start");
    add("Delete", "DELETE", `?confirm=${encodeURIComponent(vm.id)}`, null, `Delete ${vm.name} with its disks and snapshots?`);
  }
  return all;
}

function card(vm) {
  const made = element("article", "", "card");
  const image = element("img");
  image.alt = "";
  if (vm.state === "running") thumbnails.set(vm.id, image);
  const bar = element("div", "", "row");
  bar.append(element("span", vm.state, vm.state === "running" ? "running" : ""));
  const facts = [vm.cpus && `${vm.cpus} CPU`, vm.memory_mib && size(vm.memory_mib * 2 ** 20), vm.os_type ?? vm.os];
  bar.append(element("small", facts.filter(Boolean).join(", ")));
  const deeds = element("div", "", "row");
  deeds.append(button("Open", () => { location.hash = `vm/${encodeURIComponent(vm.id)}`; }), ...actions(vm));
  made.append(image, element("h3", vm.name), bar, deeds);
  return made;
}

function showThumbnails(vms) {
  const running = new Set(vms.filter((it) => it.state === "running").map((it) => it.id));
  thumbnails.forEach((image, id) => {
    // A screen that cannot be had now may be there the next time.
    if (running.has(id)) picture(image, id, "?scale=320x240").catch(() => {});
    else thumbnails.delete(id);
  });
}
