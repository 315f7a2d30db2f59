// What is typed and not yet saved: sent when the page goes away, said beside the field when it could not be sent.
(() => {
  "use strict";
  const unsaved = new Set();
  const fieldOf = (element) => element?.closest?.("#entry form[data-fact]");
  const textOf = (form) => new URLSearchParams(new FormData(form)).toString();
  const statusOf = (form) => document.getElementById(`${form.id}-status`);

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = fieldOf(event.target);
      if (!form) return;
      unsaved.add(form);
      form.dataset.unsaved = "";
    }, true);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = fieldOf(event.detail.elt);
    if (form) form.sentText = textOf(form);
  });

  // Before the answer is swapped in: it may bring a box of its own.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = fieldOf(event.detail.requestConfig?.elt);
    if (!form || !event.detail.shouldSwap || event.detail.xhr.status !== 200) return;
    if (textOf(form) !== form.sentText) {
      // Sent by itself, and somebody has gone on typing: the answer would take that away.
      if (form.wentByItself) event.detail.shouldSwap = false;
      return;
    }
    unsaved.delete(form);
    delete form.dataset.unsaved;
  });

  const sendAgain = () => {
    for (const form of unsaved) form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  };

  // The page is about to lock, or out of sight. Nobody did anything, and the request says so.
  document.addEventListener("page:send", () => {
    for (const form of unsaved) form.byItself = true;
    sendAgain();
  });
  // Which page says it, for the how-many-th time: a request that is held up on its way never undoes a later one.
  const { page } = document.getElementById("entry").dataset;
  let turns = 0;
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "post") {
      event.detail.parameters.set("page", page);
      event.detail.parameters.set("turn", String(++turns));
    }
    const form = fieldOf(event.detail.elt);
    if (!form) return;
    form.wentByItself = form.byItself ?? false;
    form.byItself = false;
    if (form.wentByItself) event.detail.headers["Calcinosis-Background"] = "1";
  });

  // Record waits for the field that was left to press its button.
  let waiting;
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("#record") || !unsaved.size) return;
    event.preventDefault();
    waiting = event;
    sendAgain();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) waiting = undefined;
    if (!waiting || unsaved.size) return;
    const { target, submitter } = waiting;
    waiting = undefined;
    target.requestSubmit(submitter);
  });

  // Two versions of one field: mine is sent again by its own button; the other one comes with a new page.
  document.addEventListener("click", (event) => {
    const form = fieldOf(event.target);
    const mine = event.target.closest("[data-keep-mine]");
    if (!form || !(mine || event.target.closest("[data-take-theirs]"))) return;
    if (mine) {
      form.elements.seen.value = mine.dataset.keepMine;
      form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
      return;
    }
    unsaved.delete(form);
    delete form.dataset.unsaved;
    location.hash = form.id;
    location.reload();
  });

  const hasBoth = (event) => event.detail.xhr?.status === 409 && event.detail.xhr.getResponseHeader("HX-Reswap") === "innerHTML";
  const sayNotSaved = (event) => {
    const form = fieldOf(event.detail.elt);
    if (!form || hasBoth(event)) return;
    const said = document.createElement("p");
    said.className = "field__error";
    said.textContent = "Not saved. It is sent again as soon as there is a connection.";
    statusOf(form).replaceChildren(said);
  };
  document.addEventListener("htmx:sendError", sayNotSaved);
  document.addEventListener("htmx:responseError", (event) => {
    sayNotSaved(event);
    const said = !hasBoth(event) && fieldOf(event.detail.elt) && statusOf(fieldOf(event.detail.elt)).firstChild;
    if (said) said.textContent = "Not saved.";
  });
  addEventListener("online", sendAgain);

  // A page that is closed, left or put aside still sends what was typed and not left.
  addEventListener("pagehide", () => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const form of unsaved) {
      if (!form.isConnected) continue;
      const sent = new FormData(form);
      const day = document.getElementById("sample-day")?.value;
      if (day && form.matches("[data-result]") && sent.get("value") && !sent.get("date")) sent.set("date", day);
      sent.set("csrfmiddlewaretoken", token);
      sent.set("page", page);
      sent.set("turn", String(++turns));
      navigator.sendBeacon(form.getAttribute("hx-post"), sent);
    }
  });
})();
