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
  // A conflict says itself what happened. With both versions it has taken the form's place, where it is read.
  const conflict = (xhr) => {
    if (xhr.getResponseHeader("HX-Reswap") === "innerHTML") return "";
    const told = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-say]");
    return told?.textContent ?? "This was changed elsewhere in the meantime. Load the page again, then repeat the last change.";
  };
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const text = xhr.status === 409 ? conflict(xhr)
      : "The server refused the last change, so it is not saved. Load the page again; what was saved before is still there.";
    if (text) say(text);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) trouble.hidden = true;
  });
  // A list of errors that has just arrived is read first.
  document.addEventListener("htmx:afterSettle", (event) => {
    event.target.querySelector("[data-error-summary]")?.focus();
  });
})();
