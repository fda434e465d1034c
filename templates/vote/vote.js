"use strict";
// Saves without leaving the page, keeps what is typed through a reload, adds up, and follows the round.
const main = document.getElementById("content");
const text = main.dataset;
const forms = [...document.querySelectorAll("form.ballot")];
const keep = (form) => `draft ${text.state} ${text.stamp} ${form.dataset.axis}`;
const read = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "stamp" && name !== "axis"));
const store = (action) => { try { return action(window.sessionStorage); } catch { return null; } };

function say(form, words, kind) {
  const status = form.querySelector(".status");
  status.textContent = words;
  status.className = `status ${kind}`;
}

function add(form) {
  const output = form.querySelector("output");
  if (!output) return;
  let total = 0;
  for (const input of form.querySelectorAll("input[type=number]")) total += Number(input.value.replace(",", ".")) || 0;
  output.textContent = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(total);
}

function mark(form, wrong) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden") continue;
    const row = field.closest(".field");
    const id = `${field.id}-wrong`;
    document.getElementById(id)?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (!(field.name in wrong)) continue;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    const sentence = document.createElement("p");
    sentence.className = "wrong";
    sentence.id = id;
    sentence.textContent = wrong[field.name];
    row.append(sentence);
  }
}

function change(form) {
  add(form);
  say(form, text.changed, "");
  store((place) => place.setItem(keep(form), JSON.stringify(read(form))));
}

async function save(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const sent = JSON.stringify(read(form));
  try {
    const answer = await fetch(window.location.pathname, { method: "POST", body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" } });
    const found = await answer.json();
    mark(form, found.wrong);
    if (!found.saved) { say(form, found.message, "wrong"); return; }
    if (JSON.stringify(read(form)) !== sent) return;
    store((place) => place.removeItem(keep(form)));
    say(form, text.saved, "done");
  } catch {
    say(form, text.lost, "wrong");
  }
}

function step(input, sign) {
  const size = Number(input.dataset.step);
  const low = Number(input.min), high = input.max === "" ? Infinity : Number(input.max);
  const now = input.value === "" ? (sign > 0 ? low - (low > 0 ? size : 0) : low) : Number(input.value);
  input.value = String(Math.min(high, Math.max(low, Math.round((now + sign * size) * 100) / 100)));
  change(input.form);
}

for (const input of document.querySelectorAll("input[data-step]")) {
  const name = input.form.querySelector(`label[for="${input.id}"]`).textContent.trim();
  for (const [sign, sight, words] of [[-1, "−", text.less], [1, "+", text.more]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "step";
    button.textContent = sight;
    button.setAttribute("aria-label", `${name}: ${words}`);
    button.addEventListener("click", () => step(input, sign));
    if (sign < 0) input.before(button); else input.after(button);
  }
}

for (const form of forms) {
  const draft = JSON.parse(store((place) => place.getItem(keep(form))) || "null");
  if (draft) {
    for (const [name, value] of Object.entries(draft)) if (form.elements[name]) form.elements[name].value = value;
    change(form);
  }
  add(form);
  form.noValidate = true;
  form.addEventListener("input", () => change(form));
  form.addEventListener("submit", save);
}

window.setInterval(async () => {
  try {
    const state = await (await fetch(text.state)).json();
    if (state.stamp !== text.stamp || (state.open ? "yes" : "no") !== text.open) window.location.reload();
  } catch { /* the next look may find it */ }
}, 3000);
