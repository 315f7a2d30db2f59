// What an address names is unfolded and gets the focus, once the browser has gone to it itself.
// What was recorded there is said there, not at the top of the page, where nobody looks then.
(() => {
  "use strict";
  const named = () => /^#(option|settle)-/.test(location.hash) && document.getElementById(location.hash.slice(1));
  const unfold = (place) => {
    for (let at = place.closest("details"); at; at = at.parentElement?.closest("details")) at.open = true;
    requestAnimationFrame(() => place.querySelector("summary")?.focus());
  };

  addEventListener("hashchange", () => {
    const place = named();
    if (place) unfold(place);
  });
  const place = named();
  if (place) {
    place.querySelector("summary").after(...document.querySelectorAll("#main > .notice:has(~ .page-header)"));
    addEventListener("load", () => unfold(place));
  }

  // The button says how many questions its no would answer: those that are not answered yet.
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-in-bulk]");
    if (!list) return;
    list.closest("form").querySelector("[data-count]").textContent =
      list.querySelectorAll("input[type=radio][value='']:checked").length;
  });
})();
