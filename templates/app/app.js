// What the browser alone can do: its title and language, full screen, and to say when the kernel no longer answers.
window.voila_heartbeat = () => {};

const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
const tools = document.getElementById("app-tools");
const lost = document.getElementById("app-lost");

function showPage(facts) {
  document.getElementById("loading").remove();
  document.documentElement.lang = facts.language;
  document.title = facts.title;
  tools.firstElementChild.textContent = facts.fullScreen;
  tools.hidden = false;
  lost.firstElementChild.textContent = facts.lost;
  lost.lastElementChild.textContent = facts.again;
  const side = document.querySelector(".app-side");
  side.setAttribute("role", "navigation");
  side.setAttribute("aria-label", facts.steps);
  document.querySelector(".app-main").setAttribute("role", "main");
}

// A list without words of its own takes those of the field before it.
function nameLists() {
  document.querySelectorAll(".smk-panel select:not([aria-label])").forEach((list) => {
    if (list.closest(".jupyter-widgets").querySelector("label")?.textContent.trim()) return;
    const before = [...list.closest(".smk-panel").querySelectorAll("label")].filter((label) =>
      label.textContent.trim() && label.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (before.length) list.setAttribute("aria-label", before.at(-1).textContent);
  });
}

function nameSliders() {
  document.querySelectorAll(".noUi-handle:not([aria-label])").forEach((handle) =>
    handle.setAttribute("aria-label", handle.closest(".jupyter-widgets").querySelector("label, .widget-label").textContent));
}

let shown = null;

function startAtTop() {
  const question = document.querySelector(".app-question");
  if (question && question !== shown) document.getElementById("rendered_cells").scrollTop = 0;
  shown = question;
}

function markSteps() {
  document.querySelectorAll(".app-step").forEach((step) => {
    const isCurrent = step.classList.contains("is-current");
    if (isCurrent && !step.hasAttribute("aria-current")) step.setAttribute("aria-current", "step");
    if (!isCurrent) step.removeAttribute("aria-current");
  });
}

new MutationObserver(() => {
  const facts = document.getElementById("app-facts");
  if (facts && document.getElementById("loading")) showPage(facts.dataset);
  markSteps();
  startAtTop();
  nameSliders();
  nameLists();
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });

tools.firstElementChild.addEventListener("click", () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
lost.lastElementChild.addEventListener("click", () => location.reload());

function showFailure(words) {
  document.getElementById("loading").remove();
  const told = document.createElement("pre");
  told.className = "app-error";
  told.textContent = words;
  document.getElementById("rendered_cells").prepend(told);
}

async function lookAfter() {
  const status = await fetch(`${config.baseUrl}workshop/status`).then((answer) => answer.json(), () => ({}));
  if (status.failure && document.getElementById("loading")) showFailure(status.failure);
  lost.hidden = Boolean(status.alive) && status.kernel === config.kernelId;
}
setInterval(lookAfter, 2000);
