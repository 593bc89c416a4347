// Runs before Streamlit's own code. `data` comes from html_language.py: languages, [words] and [patterns] of streamlit_words.toml.
function (data) {
  const ATTRIBUTES = ["aria-label", "aria-roledescription", "title", "placeholder", "alt"];
  const TAGS = { fi: "fi-FI", sv: "sv-FI", en: "en-GB" };
  // Texts that are never Streamlit's own: those inside charts and tables, and icons, whose text is the name of a glyph.
  const OWN = "script, style, svg.marks, table, [data-testid='stIconMaterial']";
  const root = document.documentElement;
  const words = new Map(Object.entries(data.words));
  const patterns = data.patterns.map((p) => ({ ...p, re: new RegExp("^" + p.en + "$") }));
  const originals = new WeakMap(); // node -> {slot: [English, what we wrote]}
  let language = root.lang;

  // Date and number fields ask the browser, not the page, for the language.
  Object.defineProperty(Navigator.prototype, "language", { get: () => TAGS[language], configurable: true });
  Object.defineProperty(Navigator.prototype, "languages", { get: () => [TAGS[language]], configurable: true });

  function translated(english) {
    if (language === "en") return english;
    const text = english.trim();
    const word = words.get(text);
    if (word) return english.replace(text, () => word[language]);
    // A chart's buttons are called after it: "Show data: title of the chart".
    const head = words.get(text.split(": ", 1)[0]);
    if (head) return english.replace(text.split(": ", 1)[0], () => head[language]);
    for (const p of patterns) if (p.re.test(text)) return english.replace(text, () => text.replace(p.re, p[language]));
    return english;
  }

  function translate(node, slot, now, write) {
    if (!now || now.length > 400) return;
    const slots = originals.get(node) || {};
    const known = slots[slot];
    // What stands there is either our own last text, or a new English one from Streamlit.
    const english = known && known[1] === now ? known[0] : now;
    const text = translated(english);
    if (text === english && !known) return;
    slots[slot] = [english, text];
    originals.set(node, slots);
    if (text !== now) write(text);
  }

  function translateText(node) {
    if (node.parentElement && !node.parentElement.closest(OWN))
      translate(node, "text", node.data, (text) => { node.data = text; });
  }

  function translateElement(element) {
    for (const name of ATTRIBUTES)
      if (element.hasAttribute(name))
        translate(element, name, element.getAttribute(name), (text) => element.setAttribute(name, text));
  }

  function translateTree(node) {
    if (node.nodeType === Node.TEXT_NODE) return translateText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let n = node; n; n = walker.nextNode())
      n.nodeType === Node.TEXT_NODE ? translateText(n) : translateElement(n);
  }

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") translateText(change.target);
      else if (change.type === "attributes") translateElement(change.target);
      else {
        change.addedNodes.forEach(translateTree);
        if (change.target.closest("[data-testid='stSidebar']")) markOpenPage();
      }
    }
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });

  // Streamlit shows by colour alone which page is open; assistive technology needs it said.
  function markOpenPage() {
    for (const link of document.querySelectorAll("[data-testid='stPageLink-NavLink']"))
      if (new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
  }

  // The address says the language, to the app and to this script alike; no ?lang= means the first of them.
  function follow() {
    markOpenPage();
    const wanted = new URLSearchParams(location.search).get("lang");
    const next = data.languages.includes(wanted) ? wanted : data.languages[0];
    if (next === language) return;
    language = root.lang = next;
    translateTree(root);
  }
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...args) { original.apply(this, args); follow(); };
  }
  addEventListener("popstate", follow);
}
