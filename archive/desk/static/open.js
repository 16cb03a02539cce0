"use strict";
// Trades the code in the fragment for the cookie. The fragment never reaches the server by itself.
(async () => {
  const code = location.hash.slice(1);
  history.replaceState(null, "", "/open");
  const answer = await fetch("/open", { method: "POST", body: code }).catch(() => null);
  if (answer && answer.ok) {
    location.replace((await answer.json()).next);
  } else {
    document.getElementById("state").hidden = true;
    document.getElementById("used").hidden = false;
  }
})();
