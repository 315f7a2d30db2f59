// Says so when something could not be sent or was refused. Without it a field that is saved as it is
// left would look saved although it was not.
(() => {
  "use strict";
  const trouble = document.getElementById("trouble");
  const say = (text) => {
    trouble.querySelector("[data-say]").textContent = text;
    trouble.hidden = false;
  };
  document.addEventListener("htmx:sendError", () =>
    say("The server did not answer, so the last change is not saved. Check the connection, then change the field again."));
  document.addEventListener("htmx:responseError", (event) =>
    say(event.detail.xhr.status === 409
      ? "This was changed elsewhere in the meantime. Load the page again, then repeat the last change."
      : "The server refused the last change, so it is not saved. Load the page again; what was saved before is still there."));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) trouble.hidden = true;
  });
  // A list of errors that has just arrived is read first.
  document.addEventListener("htmx:afterSettle", (event) => {
    event.target.querySelector("[data-error-summary]")?.focus();
  });
})();
