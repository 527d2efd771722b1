// The console: countdowns by the server's clock, live changes, the alarm.
const body = document.body;
const speed = Number(body.dataset.speed || 1);   // the demo's hours pass in minutes
let base = Number(body.dataset.now) * 1000, learntAt = Date.now();
const serverNow = () => base + (Date.now() - learntAt) * speed;

function learnTime(seconds) {
  base = seconds * 1000;
  learntAt = Date.now();
}

function span(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

function tick() {
  const now = serverNow();
  for (const chip of document.querySelectorAll(".countdown")) {
    const due = chip.dataset.due * 1000, start = chip.dataset.start * 1000, left = due - now;
    const share = left / (due - start);
    chip.classList.toggle("over", left <= 0);
    chip.classList.toggle("quarter", left > 0 && share < 0.25);
    chip.classList.toggle("half", left > 0 && share >= 0.25 && share < 0.5);
    chip.textContent = left > 0 ? `剩 ${span(left)}` : `⚠ 已超时 ${span(left)}`;
  }
  const clock = document.getElementById("clock");
  if (clock) clock.textContent = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  }).format(now);
  if (lastBeat && Date.now() - lastBeat > 30000) lost();
}

let lastBeat = 0;
const connection = document.getElementById("connection");
function alive() {
  lastBeat = Date.now();
  if (connection) { connection.textContent = "已连接"; connection.classList.remove("lost"); }
}
function lost() {
  if (!connection || connection.classList.contains("lost")) return;
  connection.textContent = `连接中断，数据截至 ${document.getElementById("clock")?.textContent ?? ""}`;
  connection.classList.add("lost");
}

// Sound: browsers allow it only after a click, so there is a button to try it.
let audio = null;
function beep(times) {
  if (!audio) return;
  for (let i = 0; i < times; i += 1) {
    const tone = audio.createOscillator(), level = audio.createGain(), at = audio.currentTime + i * 0.35;
    tone.frequency.value = 880; level.gain.value = 0.2;
    tone.connect(level).connect(audio.destination);
    tone.start(at); tone.stop(at + 0.2);
  }
}
document.getElementById("sound")?.addEventListener("click", (event) => {
  audio ??= new AudioContext();
  audio.resume(); beep(2);
  event.target.textContent = "声音已开";
});

const alarm = document.getElementById("alarm");
let unanswered = 0;
function raiseAlarm(change) {
  unanswered += 1;
  document.title = `(${unanswered}) ${document.title.replace(/^\(\d+\) /, "")}`;
  alarm.hidden = false;
  alarm.textContent = "";
  const link = document.createElement("a");
  link.href = `/incidents/${change.incident}`;
  link.textContent = `新提醒：事件 ${change.incident}，点击查看`;
  const close = document.createElement("button");
  close.textContent = "知道了";
  close.addEventListener("click", () => { alarm.hidden = true; });
  alarm.append(link, close);
  alarm.dataset.incident = change.incident;
  beep(3);
}

// Rows never move under the pointer: new ones wait behind a bar unless the page is at the top.
const rows = document.getElementById("rows"), bar = document.getElementById("new-rows");
const waiting = new Map();
async function refresh(incident) {
  const answer = await fetch(`/rows/${incident}`);
  if (answer.status !== 200) return;
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.text()).trim();
  const row = holder.content.firstElementChild, old = document.getElementById(row.id);
  row.classList.add("fresh");
  if (old) old.replaceWith(row);
  else if (window.scrollY < 50 || /grade-I\b|grade-II\b/.test(row.className)) rows.prepend(row);
  else {
    waiting.set(row.id, row);
    bar.hidden = false;
    bar.textContent = `有 ${waiting.size} 条新事件，点击显示`;
  }
  document.getElementById("empty")?.remove();
  tick();
}
bar?.addEventListener("click", () => {
  for (const row of waiting.values()) rows.prepend(row);
  waiting.clear(); bar.hidden = true; window.scrollTo(0, 0);
});

const pending = new Set();
function changed(change) {
  if (rows && new URLSearchParams(location.search).get("q") === null) {
    pending.add(change.incident);
  }
  if (change.kind === "level_alerted") raiseAlarm(change);
  if (body.dataset.incident === change.incident) document.dispatchEvent(new CustomEvent("incident-changed"));
}
setInterval(() => {
  const some = [...pending].slice(0, 50);
  for (const incident of some) { pending.delete(incident); refresh(incident); }
}, 200);

document.addEventListener("incident-changed", () => {
  // A form that is being filled in is never taken away.
  if (document.querySelector(".act[open]")) { connection.textContent = "本事件有新变化，完成填写后刷新"; return; }
  location.reload();
});

function connect() {
  const stream = new EventSource(`/live${body.dataset.after ? `?after=${body.dataset.after}` : ""}`);
  stream.addEventListener("time", (event) => { learnTime(Number(event.data)); alive(); });
  stream.addEventListener("change", (event) => { alive(); changed(JSON.parse(event.data)); });
  stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 3000); lost(); });
}
if (document.querySelector(".who") && !("noLive" in body.dataset)) connect();

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) {
    document.getElementById("search")?.focus(); event.preventDefault();
  }
});
document.addEventListener("visibilitychange", tick);
setInterval(tick, 1000);
tick();
