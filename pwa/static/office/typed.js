// What somebody typed and the server did not take in (their session had ended, or something was wrong with it) is in
// its form again, for the person who typed it and for nobody else.

const KEPT = "undercroft-typed";
/** Hidden fields beside what is typed. */
const UNTYPED = /^(seen|back|page|once|was\..*)$/;

/** The hidden field that names whose page a form was filled in on (server/office/kept.py). */
const WRITER = "writer";

/** `said`: why it was not taken in; `writer`: who typed it. */
/** @typedef {{action: string, page: string, fields: [string, string][], said: string[], writer?: string}} Kept */

/** Every form that is sent says whose page it was: somebody else may have signed in beside it meanwhile. */
export function nameWriter() {
  document.addEventListener("formdata", ({ target, formData }) => {
    const writer = document.body.dataset.person;
    const isPosted = target instanceof HTMLFormElement && target.method === "post";
    if (isPosted && writer && !formData.has(WRITER)) formData.set(WRITER, writer);
  });
}

/** On the page of what was not taken in: on to the page that the form is on, which then finds what was typed. */
export function carryTyped() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-kept]"));
  if (!form) return;
  const fields = [...new FormData(form)]
    .filter(([name]) => name !== WRITER)
    .map(([name, value]) => [name, String(value)]);
  const page = form.dataset.kept ?? "";
  const said = [...document.querySelectorAll(".said .message.bad")].map((told) => told.textContent?.trim() ?? "");
  try {
    sessionStorage.setItem(
      KEPT,
      JSON.stringify({ action: form.getAttribute("action"), page, fields, said, writer: form.dataset.reader }),
    );
  } catch {
    return; // The page itself shows it, and sends it.
  }
  location.replace(page);
}

/** On that page: fill the form as it was; where it is not there any more, show what was typed. */
export function fillTyped() {
  const told = /** @type {HTMLElement | null} */ (document.querySelector("[data-typed]"));
  const kept = told && waiting();
  if (!kept) return;
  sessionStorage.removeItem(KEPT);
  told.hidden = false;
  tellWhy(told, kept);
  const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("form[method=post]")]);
  const same = (/** @type {HTMLFormElement} */ form) => form.getAttribute("action") === kept.action;
  const form = forms.filter(same).sort((one, other) => alike(other, kept) - alike(one, kept))[0];
  if (form) {
    fill(form, kept);
    show(form);
  } else {
    showText(told, kept);
  }
}

function tellWhy(/** @type {HTMLElement} */ told, /** @type {Kept} */ { said }) {
  for (const text of said ?? []) {
    const message = document.createElement("p");
    message.className = "message bad";
    message.textContent = text;
    told.prepend(message);
  }
}

/** @returns {Kept | null} what belongs to this page and to who reads it */
function waiting() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    const isHere = kept?.page === location.pathname + location.search;
    return isHere && kept.writer === document.body.dataset.person ? kept : null;
  } catch {
    return null;
  }
}

/** Of several forms that go to one address the one is meant that says the same in its hidden fields. */
function alike(/** @type {HTMLFormElement} */ form, /** @type {Kept} */ { fields }) {
  return fields.filter(([name, value]) => {
    const field = form.elements.namedItem(name);
    return field instanceof HTMLInputElement && field.type === "hidden" && field.value === value;
  }).length;
}

function fill(/** @type {HTMLFormElement} */ form, /** @type {Kept} */ { fields }) {
  /** @type {Map<string, string[]>} */
  const left = new Map();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
      field.checked = left.get(field.name)?.includes(field.value) ?? false;
    } else if (isTyped(field)) {
      const value = left.get(field.name)?.shift();
      if (value !== undefined) field.value = value;
    } else {
      continue;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/**
 * @param {Element} field
 * @returns {field is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement}
 */
function isTyped(field) {
  if (field instanceof HTMLInputElement) return !["file", "password", "submit"].includes(field.type);
  return field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
}

function show(/** @type {HTMLFormElement} */ form) {
  for (let at = form.parentElement; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
  const first = form.querySelector("textarea, input:not([type=hidden])");
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  (first ?? form).scrollIntoView({ block: "center" });
}

function showText(/** @type {HTMLElement} */ told, /** @type {Kept} */ { fields }) {
  const [here, gone] = ["here", "gone"].map((name) => told.querySelector(`[data-typed-${name}]`));
  const texts = told.querySelector(".typed");
  if (!(here instanceof HTMLElement && gone instanceof HTMLElement && texts instanceof HTMLElement)) return;
  here.hidden = true;
  gone.hidden = false;
  texts.hidden = false;
  const typed = fields.filter(([name, value]) => !UNTYPED.test(name) && value.trim());
  texts.textContent = typed.map(([, value]) => value).join("\n");
}
