"use strict";
// What happens, told over a WebSocket as it happens. A server that goes is waited for.

const MOST_SHOWN = 200;
const happened = [];
let seen = 0;
let socket = null;
let pause = 0;
let again = null;

async function connect() {
  clearTimeout(again);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  try {
    const { ticket } = await json("POST", "/v1/tickets");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/v1/ws?ticket=${ticket}`);
    socket.addEventListener("open", () => {
      pause = 0;
      socket.send(JSON.stringify({ id: 1, method: "subscribe", params: { since: seen } }));
    });
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", reconnect);
  } catch {
    reconnect();
  }
}

// After the events of the last server: their numbers go on.
function reconnect() {
  pause = Math.min(pause * 2 || 500, 10000);
  again = setTimeout(connect, pause);
}

function hear(told) {
  if (!told.type || told.type === "hello") return;
  // That those from before the page are gone is nothing new.
  if (told.type === "gap" && seen === 0) return;
  seen = told.seq;
  happened.unshift(told);
  happened.length = Math.min(happened.length, MOST_SHOWN);
  refreshSoon();
}

function showEvents(vms) {
  fill("happened", happened, (it) => row(clock(it.ts), it.type, named(vms, it.vm?.name), JSON.stringify(it.data), it.actor));
}
