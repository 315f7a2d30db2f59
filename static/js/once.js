// A form that makes something carries a key by which the server knows it again (core/once.py). A second press of its button is held
// back, and a page that is opened again by Back carries the keys that it had: what it made is found, not made once more.
(() => {
  "use strict";
  const PATIENCE = 5000;
  const keys = () => [...document.querySelectorAll("form input[type=hidden][name=once]")];
  const nameOf = (key, all) => {
    const action = (one) => one.form.getAttribute("action") ?? location.pathname;
    return `${action(key)} ${all.filter((one) => action(one) === action(key)).indexOf(key)}`;
  };

  const remember = () => {
    const all = keys();
    if (!all.length) return;
    const once = Object.fromEntries(all.map((key) => [nameOf(key, all), key.value]));
    history.replaceState({ ...history.state, once }, "");
  };
  const [arrived] = performance.getEntriesByType("navigation");
  const held = arrived?.type === "back_forward" ? history.state?.once ?? {} : {};
  const all = keys();
  for (const key of all) key.value = held[nameOf(key, all)] ?? key.value;
  remember();
  document.addEventListener("htmx:afterSettle", remember);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.querySelector("input[name=once]") || event.defaultPrevented) return;
    if ("sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, PATIENCE);
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
