// What was typed into a form that is not saved by itself outlives the lock: this tab keeps it, and puts it back when the same person
// is on the same page again. It is forgotten at sign-out, when somebody else signs in, and when it was not needed.
(() => {
  "use strict";
  const PLACE = "calcinosis.kept";
  const NOT_TEXT =
    "[type=hidden], [type=password], [type=file], [type=search], [type=submit], [type=button], [autocomplete=one-time-code], :disabled";
  const NOT_ABOUT = /^(csrfmiddlewaretoken|once|page|turn|shown.*|(.*_)?seen)$/;  // new on each page that is made
  const notice = document.getElementById("idle");
  const { person } = notice.dataset;
  const path = location.pathname;
  const main = document.getElementById("main");
  let leaving = false;

  const write = (pages) => {
    if (Object.keys(pages).length) sessionStorage.setItem(PLACE, JSON.stringify({ person, pages }));
    else sessionStorage.removeItem(PLACE);
  };
  const read = () => {
    const stored = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
    return stored.person === person ? stored.pages : {};
  };

  // --- which fields hold something that no server has
  const addressOf = (form) => form.getAttribute("hx-post") ?? form.getAttribute("action") ?? path;
  const fieldsOf = (form) =>
    [...form.querySelectorAll("input, select, textarea")].filter((field) => field.name && !field.matches(NOT_TEXT));
  const formsOf = () =>
    [...main.querySelectorAll("form")].filter((form) => form.hasAttribute("hx-post") || form.getAttribute("method") === "post");
  const savesItself = (form) => form.matches("[data-fact]");
  const isChoice = (field) => field.matches("[type=checkbox], [type=radio]");
  // Two forms of one page may have the same address: then what they are about tells them apart.
  const nameOf = (form) => {
    const about = [...form.querySelectorAll("input[type=hidden]")].filter(({ name }) => !NOT_ABOUT.test(name));
    return form.getAttribute("id") ?? [addressOf(form), ...about.map(({ name, value }) => `${name}=${value}`)].join(" ");
  };
  const changed = (field) => {
    if (isChoice(field)) return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  };
  // A form that came back with a mistake holds what was typed as if it were stored.
  const cameBack = (form) => form.querySelector("[aria-invalid=true], [data-error-summary]") !== null;
  const typedIn = (form) => {
    if (savesItself(form) && !("unsaved" in form.dataset)) return [];
    const whole = cameBack(form);
    return fieldsOf(form).filter((field) => changed(field) || (whole && (isChoice(field) ? field.checked : field.value)));
  };
  const labelOf = (field) => {
    const label = (isChoice(field) && field.closest("fieldset")?.querySelector("legend")) || field.labels?.[0];
    const copy = label?.cloneNode(true);
    copy?.querySelectorAll("input, select, textarea, p").forEach((one) => one.remove());
    return copy?.textContent.trim().replace(/\s+/g, " ") || field.getAttribute("aria-label") || "a field";
  };
  const collected = () => {
    const found = {};
    for (const form of formsOf()) {
      const fields = typedIn(form);
      if (!fields.length) continue;
      found[nameOf(form)] = {
        byItself: savesItself(form),
        labels: [...new Set(fields.map(labelOf))],
        fields: fields.map((field) => ({ name: field.name, value: field.value, checked: isChoice(field) ? field.checked : null })),
      };
    }
    return found;
  };

  // --- keeping
  let pending = {};  // what belongs to forms of this page that are not open yet
  const labelsIn = (forms) => [...new Set(Object.values(forms).flatMap((one) => one.labels))].join(", ");
  const explain = (found) => {
    const open = Object.fromEntries(Object.entries(found).filter(([, one]) => !one.byItself));
    const labels = labelsIn(open);
    notice.querySelector("[data-kept]").textContent = labels
      ? `Not saved by itself: ${labels}. Press Stay signed in and save it. If the page locks first, this tab keeps it until you have signed in again.`
      : "You come back to this place.";
  };
  const keep = () => {
    if (leaving) return;
    const found = collected();
    const forms = { ...pending, ...found };
    const pages = read();
    delete pages[path];
    if (Object.keys(forms).length) pages[path] = { forms, kept: Object.keys(pending).length > 0 };
    write(pages);
    explain(found);
  };

  // --- putting back
  const mark = (field) => {
    const said = document.createElement("p");
    said.className = "field__hint";
    said.textContent = "Restored, not saved yet.";
    const place = (isChoice(field) && field.closest("fieldset")) || field.closest("label") || field;
    place.after(said);
  };
  const say = (title, text) => {
    const box = document.createElement("div");
    box.className = "notice tone--warning";
    box.setAttribute("role", "status");
    const body = document.createElement("div");
    body.className = "notice__body";
    for (const [words, look] of [[title, "notice__title"], [text, ""]]) {
      const line = document.createElement("p");
      line.className = look;
      line.textContent = words;
      body.append(line);
    }
    box.append(...[notice.querySelector("svg")?.cloneNode(true)].filter(Boolean), body);
    main.prepend(box);
  };
  const fill = (form, kept) => {
    const marked = new Set();
    for (const { name, value, checked } of kept.fields) {
      const field = fieldsOf(form).find((one) => one.name === name && (checked === null || one.value === value));
      if (!field) continue;
      if (checked === null) field.value = value;
      else field.checked = checked;
      for (let at = field.closest("details"); at; at = at.parentElement?.closest("details")) at.open = true;
      if (!marked.has(name)) mark(field);
      marked.add(name);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const restore = () => {
    const back = {};
    for (const form of formsOf()) {
      const name = nameOf(form);
      if (!(name in pending)) continue;
      fill(form, pending[name]);
      back[name] = pending[name];
      delete pending[name];
    }
    if (!Object.keys(back).length) return;
    say(`Restored, not saved yet: ${labelsIn(back)}.`, "You were signed out before it was saved. Check it, then save it.");
    keep();
  };

  const needed = Object.fromEntries(Object.entries(read()).filter(([, page]) => page.kept));
  pending = needed[path]?.forms ?? {};
  write(needed);
  restore();
  if (Object.keys(pending).length) {
    say(`Kept, not saved yet: ${labelsIn(pending)}.`, "You were signed out before it was saved. It comes back when you open that form again.");
  }

  document.addEventListener("htmx:afterSettle", restore);
  document.addEventListener("page:keep", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  document.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.getResponseHeader("HX-Redirect")) keep(); });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-sign-out]")) {
      leaving = true;
      sessionStorage.removeItem(PLACE);
    } else {
      keep();
    }
  }, true);
})();
