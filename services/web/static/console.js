// The console: what every page does. Countdowns and clock by the server's time, the connection, the session, keys.
import { calls, showCalls, soundGate } from "./alarm.js";
import { whenFree, whenStill } from "./hands.js";
import { keepRenewed, renewSoon } from "./renewing.js";
import { changedRow, keepRows, selectRow, selectedRow } from "./rows.js";

const body = document.body, data = body.dataset;
const speed = Number(data.speed || 1);   // the demo's hours pass in minutes
let base = Number(data.now) * 1000, learntAt = Date.now();
const serverNow = () => base + (Date.now() - learntAt) * speed;
const byId = (id) => document.getElementById(id);

function learnTime(seconds) {
  base = seconds * 1000;
  learntAt = Date.now();
}

function span(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60000);
  if (minutes < 10 && speed === 1) return `${minutes}:${String(Math.floor(Math.abs(ms) / 1000) % 60).padStart(2, "0")} 分`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

const shanghai = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});

const tick = () => whenFree("tick", draw);
function draw() {
  const now = serverNow();
  for (const chip of document.querySelectorAll(".countdown")) {
    const due = chip.dataset.due * 1000, start = chip.dataset.start * 1000, left = due - now;
    const share = left / (due - start);
    chip.classList.toggle("over", left <= 0);
    chip.classList.toggle("quarter", left > 0 && share < 0.25);
    chip.classList.toggle("half", left > 0 && share >= 0.25 && share < 0.5);
    chip.textContent = left > 0 ? `剩 ${span(left)}` : `⚠ 已超时 ${span(left)}`;
  }
  if (byId("clock")) byId("clock").textContent = shanghai.format(now);
  if (lastBeat && Date.now() - lastBeat > 30000) whenStill("connection", lost);
  showCalls(now);
  watchIdle();
}

// The connection. Two heartbeats missed: what is on the screen may be old, and the banner says how old.
let lastBeat = 0, heardAt = "";
function alive() {
  lastBeat = Date.now();
  heardAt = shanghai.format(serverNow());
  whenStill("connection", connected);
}
function connected() {
  if (byId("connection")) byId("connection").textContent = "已连接";
  byId("lost").hidden = true;
}
function lost() {
  if (!byId("lost").hidden) return;
  byId("connection").textContent = "";
  byId("lost").textContent = `连接中断，数据截至 ${heardAt || shanghai.format(serverNow())}，正在重连……`;
  byId("lost").hidden = false;
}

let after = data.after;
function connect() {
  const stream = new EventSource(`/live${after ? `?after=${after}` : ""}`);
  stream.addEventListener("time", (event) => { learnTime(Number(event.data)); alive(); });
  stream.addEventListener("stir", (event) => { after = event.lastEventId; alive(); pulseSoon(); });
  stream.addEventListener("change", (event) => {
    after = event.lastEventId;
    alive();
    changed(JSON.parse(event.data));
  });
  stream.addEventListener("error", () => {
    whenStill("connection", lost);
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  });
}

// A change: the row, the counters, the page of the incident and the alarm follow.
let due = 0, moreDue = false;
function changed(change) {
  changedRow(change.incident);
  if (data.incident === change.incident) renewSoon();
  pulseSoon();
}
// One question at a time, however slow the server is in a storm.
function pulseSoon() {
  moreDue = true;
  due ||= setTimeout(() => {
    moreDue = false;
    pulse().finally(() => { due = 0; if (moreDue) pulseSoon(); });
  }, 300);
}
async function pulse() {
  const answer = await fetch("/pulse", { signal: AbortSignal.timeout(30000) }).catch(() => null);
  if (answer?.status === 401) { whenStill("session", signInAgain); return; }
  if (answer?.status !== 200) return;
  const told = await answer.json();
  whenFree("counts", () => showCounts(told));
  if (told.idle) whenStill("session", signInAgain);
  calls(told.calls, told.waiting);
  tick();
}
function showCounts(told) {
  for (const counter of document.querySelectorAll("[data-count]")) {
    const number = told.counts[counter.dataset.count];
    if (number === undefined && told.idle) continue;
    counter.textContent = number ?? 0;
    const link = counter.closest(".counter"), name = counter.dataset.count;
    link.classList.toggle("hot", number > 0 && /overdue|unacknowledged|troubled/.test(name));
    link.hidden = name === "troubled" && !number;
  }
}

// The session: what the page does by itself is not use. A key or a move is, told once a minute.
let usedAt = Date.now(), toldAt = Date.now(), ended = false;
function used() {
  usedAt = Date.now();
  if (ended || usedAt - toldAt < 60000) return;
  toldAt = usedAt;
  byId("news-session")?.remove();
  fetch("/still-here").then((answer) => { if (answer.status === 401) signInAgain(); }).catch(() => null);
}
function watchIdle() {
  if (!data.idle || ended) return;
  if (Date.now() - toldAt > (Number(data.idle) - 60) * 1000) session("即将因闲置退出登录：动一动鼠标或按任意键继续。");
}
function session(text) {
  let note = byId("news-session");
  if (!note) {
    note = document.createElement("div");
    note.id = "news-session"; note.className = "lost"; note.setAttribute("role", "status");
    byId("lost").after(note);
  }
  if (note.textContent !== text) note.textContent = text;
}
function signInAgain() {
  ended = true;
  session("登录已过期，提醒仍会响铃；办理前请重新登录：");
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`; link.textContent = "重新登录";
  byId("news-session").append(link);
}

// Single keys, which can be switched off (WCAG 2.1.4).
const keys = {
  "/": () => byId("search")?.focus(),
  "?": () => byId("help").showModal(),
  j: () => selectRow(1),
  k: () => selectRow(-1),
  g: () => location.assign("/"),
  Enter: () => selectedRow()?.querySelector("a").click(),
  a: answerCall,
};
function answerCall() {
  const button = document.querySelector("[data-key=a]");
  if (button) button.click();
  else selectedRow()?.querySelector("a").click();
}
document.addEventListener("keydown", (event) => {
  used();
  const focused = document.activeElement, own = /^(INPUT|SELECT|TEXTAREA|BUTTON|A|SUMMARY)$/.test(focused.tagName);
  if (event.ctrlKey || event.altKey || event.metaKey || localStorage.getItem("keys") === "off" || byId("help")?.open) return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(focused.tagName) || (event.key === "Enter" && own) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
const off = byId("keys-off");
if (off) {
  off.checked = localStorage.getItem("keys") === "off";
  off.addEventListener("change", () => localStorage.setItem("keys", off.checked ? "off" : "on"));
}

if (data.person) {
  document.addEventListener("pointermove", used, { passive: true });
  soundGate(byId("sound"));
}
if ("live" in data) {
  keepRows(tick);
  if (data.incident) keepRenewed(tick, signInAgain);
  connect();
  pulse();
  setInterval(pulse, 60000);
}
document.addEventListener("visibilitychange", tick);
setInterval(tick, 1000);
tick();
