// The option that an address names is unfolded and gets the focus, once the browser has gone to it itself.
(() => {
  "use strict";
  const option = location.hash.startsWith("#option-") && document.getElementById(location.hash.slice(1));
  if (!option) return;
  for (let at = option; at; at = at.parentElement?.closest("details")) at.open = true;
  addEventListener("load", () => requestAnimationFrame(() => option.querySelector("summary").focus()));
})();
