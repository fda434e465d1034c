"use strict";
// Moves the count while the room votes.
const main = document.getElementById("content");
const list = document.getElementById("who");

async function look() {
  try {
    const state = await (await fetch("/room/state")).json();
    if (state.stamp !== main.dataset.stamp || (state.open ? "yes" : "no") !== main.dataset.open) { window.location.reload(); return; }
    document.getElementById("done").textContent = state.done;
    state.people.forEach((person, at) => {
      const row = list.children[at];
      row.className = person.phase;
      row.querySelector(".how").textContent = person.words;
    });
  } catch { /* the next look may find it */ }
}
if (list) window.setInterval(look, 1000);

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
