"use strict";
// The desk's one script: files that are dropped or chosen, the live view of a capture, and buttons that copy.
// It writes text alone, never markup. The server renders everything else.
(() => {
  const base = document.querySelector(".home").getAttribute("href");

  // Files. The bytes are sent by PUT to an address of their own; the form then names what was sent.
  const send = (file, form) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    const bar = form.querySelector("progress.sending");
    request.open("PUT", `${base}upload?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => { bar.hidden = false; bar.value = 100 * event.loaded / (event.total || 1); };
    request.onload = () => (request.status === 200 ? done(JSON.parse(request.response).upload) : failed(request.status));
    request.onerror = () => failed(0);
    request.send(file);
  });
  const showProblem = (form, key) => {
    const line = form.querySelector(".problem");
    line.textContent = line.dataset[key] || "";
    line.hidden = false;
    for (const bar of form.querySelectorAll("progress.sending")) bar.hidden = true;
  };
  const sendThenSubmit = async (form, files, button) => {
    // A server that refuses a body closes the connection, which a page cannot tell from a cut: so this is said before.
    const size = [...files].reduce((sum, file) => sum + file.size, 0);
    if (size > Number(document.body.dataset.room)) { showProblem(form, "large"); return; }
    try {
      const sent = [];
      for (const file of files) sent.push(await send(file, form));
      form.elements.upload.value = sent.join(" ");
    } catch (status) {
      showProblem(form, status === 413 || status === 507 ? "large" : "cut");
      return;
    }
    if (button) {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = button.name; field.value = button.value;
      form.append(field);
    }
    form.submit();
  };
  for (const input of document.querySelectorAll("[data-upload][data-submit]")) {
    input.addEventListener("change", () => input.files.length && sendThenSubmit(input.form, input.files));
  }
  for (const form of document.querySelectorAll("[data-with-file]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = form.querySelector("[data-upload]"), files = input ? input.files : [];
      if (!files.length && !("optional" in form.dataset)) { showProblem(form, "none"); input.focus(); return; }
      for (const button of form.querySelectorAll("button")) button.disabled = true;
      sendThenSubmit(form, files, event.submitter).finally(() => {
        for (const button of form.querySelectorAll("button")) button.disabled = false;
      });
    });
  }
  const drop = document.querySelector("[data-drop]");
  if (drop) {
    for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
    addEventListener("dragenter", () => drop.classList.add("over"));
    addEventListener("dragleave", (event) => event.relatedTarget || drop.classList.remove("over"));
    addEventListener("drop", (event) => {
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) sendThenSubmit(drop, event.dataTransfer.files);
    });
  }

  // A capture, live. The browser reconnects by itself and says up to where it has read.
  const live = document.querySelector("#live[data-events]");
  if (live) {
    const stream = new EventSource(live.dataset.events);
    const said = document.getElementById("said");
    stream.addEventListener("source", (event) => {
      const shown = JSON.parse(event.data), card = live.querySelector(`[data-source="${CSS.escape(shown.id)}"]`);
      if (!card) return;
      const before = card.className;
      card.className = `card ${shown.status}`;
      for (const name of ["label", "size", "detail"]) card.querySelector(`.${name}`).textContent = shown[name];
      card.querySelector(".detail").dir = shown.address ? "ltr" : "auto";
      if (before !== card.className && shown.status !== "at-work") said.textContent = `${shown.id}: ${shown.label}`;
    });
    stream.addEventListener("totals", (event) => {
      document.getElementById("totals").textContent = JSON.parse(event.data);
    });
    stream.addEventListener("stage", (event) => {
      const stage = document.getElementById("stage"), text = JSON.parse(event.data);
      if (stage.textContent !== text) stage.textContent = text;
    });
    stream.addEventListener("waits", (event) => {
      const lines = JSON.parse(event.data).map((text) => {
        const line = document.createElement("li");
        line.textContent = text;
        return line;
      });
      document.getElementById("waits").replaceChildren(...lines);
    });
    stream.addEventListener("end", () => { stream.close(); location.reload(); });
    addEventListener("pagehide", () => stream.close());
  }

  // The desk ends by itself when no tab is open: this one is. Where the desk has ended, the page says so.
  const gone = document.getElementById("gone");
  const look = async () => {
    try {
      gone.hidden = (await fetch(`${base}alive`)).status === 204;
    } catch {
      gone.hidden = false;
    }
  };
  if (gone) setInterval(look, 20000);

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
  for (const link of document.querySelectorAll("[data-back]")) {
    link.hidden = history.length < 2;
    link.addEventListener("click", (event) => { event.preventDefault(); history.back(); });
  }
})();
