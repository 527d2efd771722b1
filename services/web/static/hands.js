// What a person is doing with the page. What the page does by itself waits for it: a click belongs to the element that
// lay under both its press and its release, so nothing may move or be replaced between the two.
const CLICK = 100, LONGEST = 10000, SENDING = 30000, AIM = 500, AIMING = 3000;
const held = new Map(), waiting = new Map(), main = document.getElementById("main");
let down = false, holding = false, ending = 0, sentAt = 0, movedAt = 0;

// Carry out a change of the page once no button, finger or space bar is down; a newer change of the same name replaces it.
export function whenFree(name, change) {
  if (holding) held.set(name, change);
  else change();
}

// Carry out a change that moves what lies below it, or replaces what can be pressed: not while the pointer is on its way
// either, for what it aims at must still be there when it arrives. Nothing waits longer than AIMING for that.
export function whenStill(name, change) {
  waiting.set(name, { change, since: waiting.get(name)?.since ?? Date.now() });
  settle();
}
function settle() {
  const now = Date.now(), still = now - movedAt >= AIM;
  for (const [name, { change, since }] of waiting) {
    if (!still && now - since < AIMING) continue;
    waiting.delete(name);
    whenFree(name, change);
  }
}
setInterval(settle, 100);

function press(event) {
  if (event.button) return;
  down = holding = true;
  letGo(LONGEST);
}
function lift() {
  if (!down) return;
  down = false;
  letGo(CLICK);
}
function letGo(wait) {
  clearTimeout(ending);
  ending = setTimeout(() => {
    down = holding = false;
    const changes = [...held.values()];
    held.clear();
    changes.forEach((change) => change());
  }, wait);
}
addEventListener("pointerdown", press, true);
addEventListener("keydown", (event) => { if (event.key === " ") press(event); }, true);
for (const end of ["pointerup", "pointercancel", "keyup"]) addEventListener(end, lift, true);
addEventListener("pointermove", (event) => {
  movedAt = Date.now();
  if (!event.buttons) lift();
}, { capture: true, passive: true });

// A form that is being filled in: open, in focus, or typed into.
addEventListener("input", (event) => event.target.form?.classList.add("touched"));
export const formInUse = () => Boolean(
  document.querySelector(".act[open], .problem, main form.touched") || document.activeElement?.closest("main form, .act"));

// A form on its way: it is sent once, and nothing is typed into a page that is about to go.
export const sending = () => Date.now() - sentAt < SENDING;
function sent(moment) {
  sentAt = moment;
  main.inert = moment > 0;
}
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (sending()) { event.preventDefault(); return; }
  const mine = Date.now();
  sent(mine);
  setTimeout(() => { if (sentAt === mine) sent(0); }, SENDING);
});
addEventListener("keydown", (event) => { if (event.key === "Escape") sent(0); });
addEventListener("pageshow", (event) => { if (event.persisted) sent(0); });
