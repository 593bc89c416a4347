// True full screen by a button or the key F; the keyboard into the ask bar when that opens, and for as long as it is open no
// shortcuts where a field or a button has the keyboard, for somebody types on. There, Tab leads from field to field: the button
// that empties a field is none of its stops, since a field whose text has been deleted is empty when it is left.
export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  const turn = () => document.fullscreenElement
    ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {});
  button.onclick = turn;
  const press = (event) => {
    const path = event.composedPath();
    const writes = path.some((e) => e.matches && e.matches("input, textarea, [role=combobox], [contenteditable=true]"));
    if (event.key.toLowerCase() === "f" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) turn();
  };
  document.addEventListener("keydown", press);
  const held = "input, textarea, select, button, a, [role=combobox], [role=listbox], [contenteditable=true]";
  const hold = (event) => {
    if (!data.focus || event.key === "Escape") return;
    if (event.composedPath().some((e) => e.matches && e.matches(held))) event.stopPropagation();
  };
  const leave = (event) => {
    if (!data.focus || event.key !== "Tab") return;
    for (const empties of document.querySelectorAll(`.st-key-${data.focus} input + button:not([aria-haspopup])`)) {
      empties.tabIndex = -1;
      const field = empties.previousElementSibling;
      if (field === event.target && !field.value) empties.click();
    }
  };
  // Before the field itself, which would put the text back.
  document.documentElement.addEventListener("keydown", leave, true);
  // Above all that draws, which has had the key by then, and below the document, where shortcuts are heard.
  document.documentElement.addEventListener("keydown", hold);
  const opened = data.focus && window.tilannekuvaFocus !== data.focus;
  window.tilannekuvaFocus = data.focus;
  // The fields may be drawn a moment later than this runs.
  const focus = (tries) => {
    const field = document.querySelector(`.st-key-${data.focus} input`);
    if (field) field.focus();
    else if (tries) setTimeout(() => focus(tries - 1), 50);
  };
  if (opened) setTimeout(() => focus(40), 0);
  return () => {
    document.removeEventListener("keydown", press);
    document.documentElement.removeEventListener("keydown", hold);
    document.documentElement.removeEventListener("keydown", leave, true);
  };
}
