// True full screen by a button or the key F; the keyboard into the ask bar when that opens, and for as long as it is open no
// shortcuts where a field or a button has the keyboard: the button that empties a field comes after it, and somebody types on.
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
  };
}
