// Whoever is sent to the door from a page comes back to it: what this tab keeps of it waits. Whoever left by hand wants nothing kept.
(() => {
  "use strict";
  const PLACE = "calcinosis.kept";
  const stored = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  if (!stored) return;
  const pages = Object.values(stored.pages);
  if (!new URLSearchParams(location.search).has("next") && !pages.some((page) => page.kept)) return sessionStorage.removeItem(PLACE);
  for (const page of pages) page.kept = true;
  sessionStorage.setItem(PLACE, JSON.stringify(stored));
})();
