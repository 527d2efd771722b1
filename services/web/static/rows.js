// Rows never move under the pointer: new ones wait behind a bar unless the page is at the top or they are grave.
import { whenStill } from "./hands.js";

const rows = document.getElementById("rows"), bar = document.getElementById("new-rows");
const list = document.body.dataset.list, show = document.body.dataset.show;
const waiting = new Map(), pending = new Set();
let redraw = () => undefined, selected = "";

export function keepRows(after) {
  redraw = after;
  if (!rows) return;
  setInterval(flush, 200);
  bar.addEventListener("click", () => {
    for (const row of waiting.values()) put(row);
    waiting.clear(); bar.hidden = true; window.scrollTo(0, 0);
  });
}

export function changedRow(incident) {
  if (rows) pending.add(incident);
}

function flush() {
  for (const incident of [...pending].slice(0, 50)) { pending.delete(incident); refresh(incident); }
}

async function refresh(incident) {
  const answer = await fetch(`/rows/${incident}`).catch(() => null);
  const text = await answer?.text().catch(() => "");
  const id = `row-${incident}`;
  if (answer?.status === 204) whenStill(id, () => takeAway(id));
  else if (answer?.status === 200 && text) whenStill(id, () => draw(text.trim()));
}

function takeAway(id) {
  document.getElementById(id)?.remove();
  waiting.delete(id);
}

function draw(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const row = holder.content.firstElementChild, before = document.getElementById(row.id);
  row.classList.add("fresh");
  if (before) { keepFocus(before, row); before.replaceWith(row); }
  else if (list === "plain" && fits(row)) showNew(row);
  redraw();
}

// On a page of one state a new row of another has no place; the counters tell of it.
function fits(row) {
  if (show === "open" || show === "all") return !row.classList.contains("ended");
  return show === "unacknowledged" ? row.classList.contains("unacknowledged") : row.querySelector(`.state-${show}`) !== null;
}

function showNew(row) {
  if (window.scrollY < 50 || /grade-I\b|grade-II\b/.test(row.className)) { put(row); return; }
  waiting.set(row.id, row);
  bar.hidden = false;
  bar.textContent = `有 ${waiting.size} 条新事件，点击显示`;
}

function put(row) {
  document.getElementById(row.id)?.remove();
  rows.prepend(row);
  document.getElementById("empty")?.remove();
}

function keepFocus(before, row) {
  if (before.classList.contains("selected")) row.classList.add("selected");
  if (before.contains(document.activeElement)) setTimeout(() => row.querySelector("a").focus());
}

export const selectedRow = () => document.getElementById(selected);

export function selectRow(step) {
  if (!rows?.children.length) return;
  const all = [...rows.children], at = all.findIndex((row) => row.id === selected);
  const next = all[Math.min(Math.max(at < 0 ? 0 : at + step, 0), all.length - 1)];
  selectedRow()?.classList.remove("selected");
  next.classList.add("selected");
  selected = next.id;
  next.querySelector("a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
