// Locks a page that nobody touches: asks first, sends and keeps what was typed last, and comes back to the same place.
// The server counts by itself; this only sees to it that nobody is surprised, and that no field is left behind.
(() => {
  "use strict";
  const notice = document.getElementById("idle");
  const { left, stay, token } = notice.dataset;
  const whole = Number(notice.dataset.seconds) * 1000;
  const warning = Number(notice.dataset.warning) * 1000;
  const lockForm = notice.querySelector("[data-lock]");
  const PING_EVERY = Math.min(60000, whole / 4);
  const PATIENCE = 3000;

  let end = Date.now() + whole;
  let told = Date.now();   // when the server last heard of us
  let sending = 0;
  let locked = false;
  let asking = false;

  const heard = () => {
    told = Date.now();
    end = told + whole;
    notice.hidden = true;
  };

  const ping = async () => {
    told = Date.now();
    const answer = await fetch(stay, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" }).catch(() => null);
    if (answer?.status === 204) heard();
  };

  const touched = () => {
    if (locked || (notice.hidden && Date.now() - told < PING_EVERY)) return;
    ping();
  };

  const say = (what) => document.dispatchEvent(new Event(what));
  const sendAndKeep = () => {
    say("page:send");
    say("page:keep");
  };

  const lock = async () => {
    if (locked) return;
    locked = true;
    sendAndKeep();
    document.activeElement?.blur();            // a field is saved when it is left
    const until = Date.now() + PATIENCE;
    await new Promise((done) => setTimeout(done, 100));
    while (sending > 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 100));
    say("page:keep");                          // what arrived in the meantime is kept no longer
    lockForm.elements.next.value = location.pathname + location.search;
    lockForm.submit();
  };

  // Another tab may have been busy in the meantime: the server knows.
  const ask = async () => {
    if (asking) return;
    asking = true;
    const answer = await fetch(left).then((found) => found.json()).catch(() => null);
    if (answer) end = Date.now() + answer.seconds * 1000;
    asking = false;
    const remaining = end - Date.now();
    if (remaining <= 0) return lock();
    if (remaining > warning || !notice.hidden) return;
    notice.querySelector("[data-at]").textContent = new Date(end).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    sendAndKeep();
    notice.hidden = false;
  };

  const look = () => {
    if (locked) return;
    const remaining = end - Date.now();
    if (remaining <= 0 || (remaining <= warning && notice.hidden)) ask();
    else if (remaining > warning) notice.hidden = true;
  };

  for (const kind of ["keydown", "pointerdown", "input"]) addEventListener(kind, touched, { capture: true, passive: true });
  notice.querySelector("[data-stay-button]").addEventListener("click", ping);
  document.addEventListener("htmx:beforeSend", () => { sending += 1; });
  document.addEventListener("htmx:afterRequest", (event) => {
    sending = Math.max(0, sending - 1);
    const byItself = "Calcinosis-Background" in (event.detail.requestConfig?.headers ?? {});
    if (!locked && !byItself) heard();
  });
  let leaving = false;                         // then each page sends its fields in its own way
  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
    else if (!leaving) say("page:send");
  });
  setInterval(look, 1000);
})();
