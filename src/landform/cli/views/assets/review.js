"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const root = document.documentElement;
  const changes = [...document.querySelectorAll("details.c")].map((element) => ({
    element,
    head: element.firstElementChild,
    kind: element.dataset.kind,
    risk: element.dataset.risk,
    section: element.closest("section"),
    stack: element.closest("section").dataset.stack,
    text: null,
  }));
  const stacks = [...document.querySelectorAll("section.stack")];
  const buttons = [...document.querySelectorAll("button.act")];
  const query = find("q");

  /* Theme: as the system has it, until one is chosen. */
  const store = {
    get: () => { try { return localStorage.getItem("landform-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("landform-theme", value); } catch { /* a page may be denied it */ } },
  };
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const toggleTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    store.set(root.dataset.theme);
  };
  if (["dark", "light"].includes(store.get())) root.dataset.theme = store.get();

  /* Filter. */
  const textOf = (change) =>
    (change.text ??= `${change.stack}.${change.head.querySelector(".ad").textContent}`.toLowerCase());
  const shown = () => changes.filter((change) => !change.element.hidden);

  const filter = () => {
    const words = query.value.toLowerCase().replaceAll("module.", "").split(/\s+/).filter(Boolean);
    const kinds = new Set(buttons.filter((each) => each.ariaPressed === "true").map((each) => each.dataset.kind));
    const stack = find("stack").value;
    const risk = find("risk").value;
    const live = new Set();
    let count = 0;
    for (const change of changes) {
      const fits = (!kinds.size || kinds.has(change.kind)) && (!stack || change.stack === stack)
        && (!risk || change.risk === risk) && words.every((word) => textOf(change).includes(word));
      if (change.element.hidden === fits) change.element.hidden = !fits;
      count += fits;
      if (fits) live.add(change.section);
    }
    const filtered = words.length || kinds.size || stack || risk;
    for (const section of stacks) section.hidden = Boolean(filtered) && !live.has(section);
    find("none").hidden = count > 0 || !filtered;
    say(count);
  };
  const say = (count) => {
    const all = changes.length.toLocaleString("en");
    find("shown").textContent = count === changes.length ? all : `${count.toLocaleString("en")} of ${all}`;
  };
  const clear = () => {
    query.value = find("stack").value = find("risk").value = "";
    for (const each of buttons) each.ariaPressed = "false";
    filter();
  };

  /* Keys. */
  const step = (by) => {
    const list = shown();
    if (!list.length) return;
    const at = list.findIndex((change) => change.element.contains(document.activeElement));
    const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1);
    list[next].head.focus({ preventScroll: true });
    list[next].head.scrollIntoView({ block: "nearest" });
  };
  const toggleAll = () => {
    const list = shown();
    const open = list.some((change) => !change.element.open);
    for (const change of list) change.element.open = open;
    find("all").ariaPressed = String(open);
    find("all").textContent = open ? "close all" : "open all";
  };
  const help = find("help");
  const actions = {
    "/": () => { query.focus(); query.select(); },
    "j": () => step(1),
    "k": () => step(-1),
    "x": toggleAll,
    "t": toggleTheme,
    "?": () => help.showModal(),
    "Escape": clear,
  };
  const always = new Set(["t", "?"]);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const typing = event.target.matches("input, select, textarea");
    if (typing && event.key === "Enter") { event.preventDefault(); step(1); return; }
    if (typing && event.key !== "Escape") return;
    const action = actions[event.key];
    if (!action || (!query && !always.has(event.key))) return;
    event.preventDefault();
    if (typing) event.target.blur();
    action();
  });

  /* A link to a change opens it, even where the filter hides it. */
  const follow = () => {
    const target = location.hash && find(location.hash.slice(1));
    if (!target) return;
    if (query && target.closest("[hidden]")) clear();
    if (target.matches("details.c")) {
      target.open = true;
      target.firstElementChild.focus({ preventScroll: true });
    }
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", follow);

  find("theme").addEventListener("click", toggleTheme);
  find("keys").addEventListener("click", () => help.showModal());
  if (query) {
    find("filter").addEventListener("submit", (event) => event.preventDefault());
    query.addEventListener("input", filter);
    for (const id of ["stack", "risk"]) find(id).addEventListener("change", filter);
    for (const each of buttons) {
      each.addEventListener("click", () => {
        each.ariaPressed = String(each.ariaPressed !== "true");
        filter();
      });
    }
    find("all").addEventListener("click", toggleAll);
    find("clear").addEventListener("click", clear);
    say(changes.length);
  }
  follow();
  root.dataset.ready = "yes";
})();
