// The key K leads to the field for questions, unless something is being typed or the field is not to be seen.
export default function (component) {
  const { data } = component;
  const press = (event) => {
    const writes = event.composedPath().some((e) =>
      e.matches && e.matches("input, textarea, select, [role=combobox], [role=listbox], [contenteditable=true]"));
    if (event.key.toLowerCase() !== "k" || writes || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const field = document.querySelector(`.st-key-${data.field} input`);
    if (!field || !field.offsetParent) return;
    event.preventDefault();
    field.focus();
    field.select();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
