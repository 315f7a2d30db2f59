// Passkeys: shows the buttons where the browser has them, and says in words what went wrong.
(() => {
  "use strict";
  const trouble = document.querySelector("[data-passkey-trouble]");
  const say = (text) => {
    trouble.textContent = text;
    trouble.hidden = false;
  };
  const able = Boolean(window.PublicKeyCredential);

  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = !able;
    if (!able) continue;
    const kind = button.dataset.passkey;
    const ids = { [kind]: button.id, credential: button.dataset.credential, data: button.dataset.options, passwordless: button.dataset.alone };
    const forms = window.allauth.webauthn.forms;
    ({ add: forms.addForm, authenticate: forms.authenticateForm, login: forms.loginForm })[kind]({ ids });
    button.addEventListener("click", () => { trouble.hidden = true; });
  }
  if (!able) for (const part of document.querySelectorAll("[data-passkey-only]")) part.hidden = true;

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const name = event.detail.exception?.name;
    if (name === "SecurityError") {
      say("This address cannot have passkeys: they need a name with https, or localhost on this machine; a number such as 127.0.0.1 is none.");
    } else if (name === "InvalidStateError") {
      say("This device is registered already. Use another one.");
    } else if (name === "NotAllowedError") {
      say("Nothing was confirmed: it was cancelled, took too long, or the device has no passkey for this place. Try again.");
    } else {
      say("The passkey did not answer. Try again, or use another way.");
    }
  });
})();
