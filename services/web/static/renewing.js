// The page of an incident follows its changes. Forms follow only while nobody is at them.
import { formInUse, sending, whenStill } from "./hands.js";

const READ = [".head", "#trouble", ".duties", "#ledger", "#posts"], FORMS = ["#candidates"], ACTS = ".acts";
const news = document.getElementById("news"), kept = news?.textContent;
const PATIENCE = 30000;
const path = `/incidents/${document.body.dataset.incident}`, shown = new Map();
let asking = false, again = false, behind = false, missed = false, soon = 0, after = () => undefined, signInAgain = () => undefined;

// `drawn` runs after every renewal, `ended` where the session is over.
export function keepRenewed(drawn, ended) {
  after = drawn; signInAgain = ended;
  for (const part of [...READ, ...FORMS]) shown.set(part, document.querySelector(part)?.outerHTML);
  for (const act of document.querySelector(ACTS).children) shown.set(act.className, act.outerHTML);
  setInterval(() => { if (!asking && !sending() && (missed || (behind && !formInUse()))) renew(); }, 1000);
}

export function renewSoon() {
  soon ||= setTimeout(() => { soon = 0; renew(); }, 200);
}

// One question at a time, however slow the line: what changes meanwhile is asked for after the answer, not instead.
async function renew() {
  if (asking) { again = true; return; }
  asking = true; again = false;
  const question = { headers: { accept: "text/html", "x-by-itself": "1" }, signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(path, question).catch(() => null);
  const text = await answer?.text().catch(() => "");
  asking = false;
  if (text) whenStill("renew", () => take(answer, new DOMParser().parseFromString(text, "text/html")));
  else missed = true;
  if (again) renewSoon();
}

function take(answer, page) {
  missed = sending();
  if (missed) return;
  if (answer.redirected) moved(new URL(answer.url).pathname);
  else if (answer.status === 200) steadily(() => draw(page));
  else if (answer.status === 404) tell("本事件已不由您办理，填写的内容请先另存。");
}

function moved(to) {
  if (!formInUse()) location.assign(path);
  else if (to === "/sign-in") signInAgain();
  else tell("本事件已并入另一事件，填写的内容请先另存：", to);
}

function tell(text, to) {
  news.textContent = text;
  if (to) {
    const link = document.createElement("a");
    link.href = to; link.textContent = "打开该事件";
    news.append(link);
  }
  news.hidden = false;
}

// The form somebody is at stays where it is on the screen, whatever grows or shrinks above it.
function steadily(change) {
  const form = document.activeElement?.closest("main form, .act") ?? document.querySelector(".act[open]");
  const before = form?.getBoundingClientRect().top;
  change();
  if (form?.isConnected) scrollBy(0, form.getBoundingClientRect().top - before);
}

function draw(page) {
  behind = formInUse();
  for (const part of behind ? READ : [...READ, ...FORMS]) {
    const fresh = page.querySelector(part);
    if (isNews(part, fresh)) replace(document.querySelector(part), fresh);
  }
  if (!behind) renewActs(document.querySelector(ACTS), page.querySelector(ACTS));
  if (behind) tell(kept);
  else news.hidden = true;
  after();
}

function isNews(name, fresh) {
  const html = fresh.outerHTML, before = shown.get(name);
  shown.set(name, html);
  return html !== before;
}

// Every act by itself: a report that adds a line to one form must not take another away from under the pointer.
function renewActs(old, fresh) {
  const there = new Map([...old.children].map((act) => [act.className, act]));
  old.replaceChildren(...[...fresh.children].map((act) => (isNews(act.className, act) ? act : there.get(act.className) ?? act)));
}

// What somebody has unfolded stays unfolded, and the focus stays where it was.
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused?.matches("summary") ? `#${focused.parentElement.id} > summary` : focused?.id && `#${focused.id}`;
  for (const one of old.querySelectorAll("details[id]")) {
    const same = fresh.querySelector(`#${one.id}`);
    if (same) same.open = one.open;
  }
  old.replaceWith(fresh);
  if (mark) fresh.querySelector(mark)?.focus({ preventScroll: true });
}
