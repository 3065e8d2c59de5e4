// A form keeps its id for as long as its place in the browser's history: who goes back and sends it again sends the
// same.

/** Give each form that is good for one sending the id that it had here before. */
export function keepOnce() {
  /** @type {Record<string, string>} */
  const known = { ...history.state?.once };
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name=once]"))) {
    const action = field.form?.getAttribute("action") ?? "";
    const place = seen.get(action) ?? 0;
    seen.set(action, place + 1);
    const key = `${action}#${place}`;
    known[key] ??= field.value;
    field.value = known[key];
  }
  if (seen.size > 0) history.replaceState({ ...history.state, once: known }, "");
}
