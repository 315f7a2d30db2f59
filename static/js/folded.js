// A link may name a row that is folded away: its section is opened, and the row shown.
(() => {
  "use strict";
  const show = () => {
    const row = document.getElementById(location.hash.slice(1));
    const fold = row?.closest("details:not([open])");
    if (!fold) return;
    fold.open = true;
    row.scrollIntoView();
  };
  window.addEventListener("hashchange", show);
  show();
})();
