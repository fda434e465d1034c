// A list whose rows are put in order: dragged with mouse, pen or finger, or moved by the keyboard.
// Text comes from the client's data: it is set as text, never as markup.

const STEPS = { ArrowUp: (at) => at - 1, ArrowDown: (at) => at + 1, Home: () => 0, End: (at, n) => n - 1 };

function make(kind, settings, ...children) {
  const node = Object.assign(document.createElement(kind), settings);
  node.append(...children);
  return node;
}

function render({ model, el }) {
  const list = make("ol", { className: "smk-order" });
  const said = make("p", { className: "smk-order-said" });
  const hint = make("p", { className: "smk-sure smk-hint", textContent: model.get("hint"), id: `hint-${Math.random().toString(36).slice(2)}` });
  const rows = new Map(Object.entries(model.get("labels")).map(([name, label]) => [name, makeRow(name, label)]));
  let drag = null;
  said.setAttribute("role", "status");
  list.setAttribute("aria-label", model.get("question"));
  list.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrows for its own cells
  el.append(hint, list, said);

  function makeRow(name, label) {
    const button = make("button", { type: "button" }, make("span", { className: "smk-place" }),
      make("span", { textContent: label }));
    button.setAttribute("aria-describedby", hint.id);
    button.addEventListener("keydown", (event) => onKey(event, name));
    button.addEventListener("pointerdown", (event) => begin(event, name));
    const ours = (act) => (event) => { if (drag?.pointer === event.pointerId) act(event); };
    button.addEventListener("pointermove", ours(follow));
    button.addEventListener("pointerup", ours(drop));
    button.addEventListener("pointercancel", ours(abandon));
    button.addEventListener("lostpointercapture", ours(abandon));
    return make("li", {}, button);
  }

  function layOut() {
    const order = model.get("order");
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    drag = null;
    for (const row of rows.values()) row.firstChild.style.transform = row.firstChild.className = "";
    list.replaceChildren(...order.map((name) => rows.get(name)));
    order.forEach(number);
    focused?.focus();
  }

  function number(name, at) { rows.get(name).querySelector(".smk-place").textContent = `${at + 1}.`; }

  function put(name, place) {
    const order = model.get("order").filter((other) => other !== name);
    order.splice(place, 0, name);
    if (order.join("\n") === model.get("order").join("\n")) return;
    model.set("order", order);
    model.save_changes();
    said.textContent = model.get("place_words").replace("{n}", place + 1)
      .replace("{criterion}", () => model.get("labels")[name]);
  }

  function onKey(event, name) {
    const order = model.get("order");
    if (event.key === "Escape") { abandon(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = order.indexOf(name);
    const place = /^[1-9]$/.test(event.key) ? event.key - 1 : STEPS[event.key]?.(at, order.length);
    if (place === undefined) return;
    event.preventDefault();
    put(name, Math.min(Math.max(place, 0), order.length - 1));
  }

  function begin(event, name) {
    if (event.button !== 0 || drag) return; // a second finger moves nothing
    const order = model.get("order");
    const middles = order.map((other) => {
      const box = rows.get(other).getBoundingClientRect();
      return box.top + box.height / 2;
    });
    const at = order.indexOf(name);
    const { height } = rows.get(name).getBoundingClientRect();
    drag = { pointer: event.pointerId, at, place: at, order, middles, height, from: event.clientY, top: list.getBoundingClientRect().top };
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.className = "smk-dragged";
  }

  // The row goes with the hand; the others make room for it.
  function follow(event) {
    const { at, order, middles, height } = drag;
    const moved = event.clientY - drag.from - (list.getBoundingClientRect().top - drag.top);
    drag.place = middles.filter((middle, place) => place !== at && middle < middles[at] + moved).length;
    order.forEach((name, place) => {
      const steps = place < at && place >= drag.place ? 1 : place > at && place <= drag.place ? -1 : 0;
      rows.get(name).firstChild.style.transform = `translateY(${place === at ? moved : steps * height}px)`;
      number(name, place === at ? drag.place : place + steps);
    });
  }

  function drop() {
    const { order, at, place } = drag;
    layOut();
    put(order[at], place);
  }

  function abandon() { if (drag) layOut(); }

  model.on("change:order", layOut);
  layOut();
  return () => model.off("change:order", layOut);
}

export default { render };
