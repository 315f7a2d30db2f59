// Working a list of reminders by keyboard: the focus goes where the work goes.
(() => {
  "use strict";
  const follows = (entry) => (other) => entry.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  // After a reminder is closed: the next one that is open; after the last one, what became of it.
  const next = (entry) =>
    [...document.querySelectorAll("[data-close]")].find(follows(entry)) ?? entry.querySelector("[data-outcome]");
  const wanted = (entry) => {
    if (entry.matches("[data-closed]")) return next(entry);
    if (entry.querySelector("[data-error-summary]")) return null;
    return entry.querySelector("input[type=radio]") ?? entry.querySelector("[data-close]");
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.matches(".reminder")) wanted(event.target)?.focus();
  });
})();
