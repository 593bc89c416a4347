// True full screen by a button or the key F; and the keyboard into the ask bar when that opens.
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
  const opened = data.focus && window.tilannekuvaFocus !== data.focus;
  window.tilannekuvaFocus = data.focus;
  // The fields may be drawn a moment later than this runs.
  const focus = (tries) => {
    const field = document.querySelector(`.st-key-${data.focus} input`);
    if (field) field.focus();
    else if (tries) setTimeout(() => focus(tries - 1), 50);
  };
  if (opened) setTimeout(() => focus(40), 0);
  return () => document.removeEventListener("keydown", press);
}
