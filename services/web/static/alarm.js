// The alarm: who is called, why, for what. A call of grade I sounds again every minute until somebody answers.
import { whenStill } from "./hands.js";

const bar = document.getElementById("alarm"), title = document.title;
const MARKS = { I: "Ⅰ 特别重大", II: "Ⅱ 重大", III: "Ⅲ 较大", IV: "Ⅳ 一般", "": "非突发" };
const TIMES = { I: 5, II: 4, III: 2, IV: 2, "": 1 };
const REPEAT = 60000;
let waiting = [], number = 0, heard = new Set(), soundedAt = 0, shownAt = 0, audio = null, hushed = "";

// Browsers allow sound only after a click, so there is a button to try it.
export function soundGate(button) {
  button?.addEventListener("click", () => {
    audio ??= new AudioContext();
    audio.resume();
    beep(2);
    button.textContent = "声音已开";
    button.setAttribute("aria-pressed", "true");
  });
}

function beep(times) {
  document.body.dataset.beeps = Number(document.body.dataset.beeps || 0) + 1;
  if (!audio) return;
  for (let i = 0; i < times; i += 1) {
    const tone = audio.createOscillator(), level = audio.createGain(), at = audio.currentTime + i * 0.35;
    tone.frequency.value = 880; level.gain.value = 0.2;
    tone.connect(level).connect(audio.destination);
    tone.start(at); tone.stop(at + 0.2);
  }
}

// What waits for this person now, the gravest first; `all` names every such call, for in a storm they are more than are
// listed: a new one sounds all the same, one that only moves up into the list does not.
export function calls(list, all) {
  const fresh = new Set(all.filter((entry) => !heard.has(entry)));
  waiting = list; number = all.length;
  fresh.forEach((entry) => heard.add(entry));
  document.title = number ? `(${number}) ${title}` : title;
  if (!fresh.size) return;
  hushed = "";
  sound(list.find((call) => fresh.has(call.entry))?.grade ?? "");
}

function sound(grade) {
  soundedAt = Date.now();
  beep(TIMES[grade] ?? 1);
}

function waited(now, since) {
  const minutes = Math.max(0, Math.floor((now / 1000 - since) / 60));
  return minutes < 60 ? `${minutes} 分钟` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`;
}

export function showCalls(now) {
  const call = waiting[0];
  shownAt = now;
  if (call?.grade === "I" && call.again && Date.now() - soundedAt >= REPEAT) sound("I");
  const hidden = !call || hushed === call.entry;
  if (hidden !== bar.hidden || (call && !hidden && bar.dataset.entry !== call.entry)) whenStill("alarm", show);
  else if (!hidden) tellWait(call, now);
}

function show() {
  const call = waiting[0];
  bar.hidden = !call || hushed === call.entry;
  if (!bar.hidden && bar.dataset.entry !== call.entry) write(call);
}

function tellWait(call, now) {
  const more = number > 1 ? `；另有 ${number - 1} 件待处理` : "";
  const text = `已等 ${waited(now, call.since)}${more}`;
  const said = bar.querySelector(".waited");
  if (said.textContent !== text) said.textContent = text;
}

function write(call) {
  bar.dataset.entry = call.entry;
  bar.className = `alarm grade-${call.grade || "none"}`;
  const link = document.createElement("a"), who = document.createElement("span");
  link.href = `/incidents/${call.incident}`;
  link.textContent = call.title;
  who.textContent = ` ${call.again ? "呼叫" : "提醒"} ${call.who} · 事由：${call.why} · `;
  const mark = document.createElement("b"), since = document.createElement("span"), hush = document.createElement("button");
  mark.textContent = `⚠ ${MARKS[call.grade]} `;
  since.className = "waited"; since.setAttribute("aria-live", "off");
  hush.type = "button"; hush.textContent = "收起";
  hush.addEventListener("click", () => { hushed = call.entry; bar.hidden = true; });
  bar.replaceChildren(mark, link, who, since, hush);
  tellWait(call, shownAt);
}
