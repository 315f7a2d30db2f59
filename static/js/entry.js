// Case entry: links that lead to a field, answers by one key, and one day for a whole laboratory sheet.
(() => {
  "use strict";
  const focusable = "input:not([type=hidden]), select, textarea, button";

  const unfold = (element) => {
    for (let at = element; at; at = at.parentElement?.closest("details")) {
      if (at.tagName === "DETAILS") at.open = true;
    }
  };

  // The line of an analyte that still waits for a value: repeating a result must not overwrite the first one.
  const emptyLine = (fact) =>
    [...document.querySelectorAll(`[data-result][data-fact="${CSS.escape(fact)}"]`)].find((line) => !line.elements.value.value);

  const find = (id, exact) => {
    const field = document.getElementById(id);
    return field?.matches("[data-result]") && !exact ? emptyLine(field.dataset.fact) : field;
  };

  const goTo = (field) => {
    unfold(field.closest("details"));
    const inside = field.querySelector("input:checked") ?? field.querySelector(focusable);
    field.scrollIntoView({ block: "center" });
    (inside ?? field).focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-field], a[data-panel]");
    if (!link) return;
    const field = link.dataset.field ? find(link.dataset.field, "exact" in link.dataset) : document.querySelector(link.hash);
    if (!field) return;
    event.preventDefault();
    if (link.dataset.field) return goTo(field);
    field.open = true;
    field.scrollIntoView();
    field.querySelector("summary")?.focus({ preventScroll: true });
  });

  // What the address asks for: the line that corrects a recorded result, else a field.
  const corrects = new URLSearchParams(location.search).get("corrects");
  const asked = corrects
    ? document.querySelector(`input[name=corrects][value="${CSS.escape(corrects)}"]`)?.form
    : location.hash.startsWith("#f-") && (find(location.hash.slice(1)) ?? document.getElementById(location.hash.slice(1)));
  if (asked) addEventListener("load", () => requestAnimationFrame(() => goTo(asked)));

  // An answer pressed in the panel takes its button away; the panel's heading keeps the place.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "live" && document.activeElement === document.body) document.getElementById("live-title").focus();
  });

  // Y, N and U answer the question that has the focus.
  document.addEventListener("keydown", (event) => {
    const set = event.target.closest?.(".segments");
    const answer = { y: "yes", n: "no", u: "" }[event.key.toLowerCase()];
    if (!set || answer === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const choice = set.querySelector(`input[value="${answer}"]`);
    choice.focus();
    if (!choice.checked) choice.click();
  });

  // One day for all lines that have none. It is written into each line, where everybody sees it.
  const sampleDay = document.getElementById("sample-day");
  const fill = (line) => {
    const day = line.elements.date;
    if (!sampleDay.value || day.value || !line.elements.value.value) return false;
    day.value = sampleDay.value;
    return true;
  };
  sampleDay?.addEventListener("change", () => {
    for (const line of document.querySelectorAll("[data-result]")) {
      if (fill(line)) line.elements.date.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const line = event.detail.elt;
    if (sampleDay && line.matches("[data-result]") && fill(line)) event.detail.parameters.set("date", sampleDay.value);
  });
})();
