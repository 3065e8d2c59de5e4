// What a window means is said while it is chosen: until when over night, and that it begins after the deadline.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Fields of a window, marked `data-window` with the sentence about its end. */
export function tellWindows() {
  for (const fields of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-window]"))) {
    const tell = () => tellWindow(fields);
    fields.closest("form")?.addEventListener("input", tell);
    tell();
  }
}

/** @param {HTMLElement} fields */
function tellWindow(fields) {
  const [day, start, end] = ["window_day", "window_start", "window_end"].map(
    (name) => field(fields, name)?.value ?? "",
  );
  const overnight = fields.querySelector(".overnight");
  const said = fields.querySelector("[data-window-said]");
  if (!(overnight instanceof HTMLElement && said)) return;
  const isOvernight = start !== "" && end !== "" && end <= start;
  overnight.hidden = !isOvernight;
  const texts = [];
  if (day && isOvernight) texts.push(untilText(fields.dataset.window ?? "", day, start, end));
  const due = dueOf(fields);
  if (day && start && due?.dataset.due && `${day}T${start}` > due.dataset.due) texts.push(due.dataset.late ?? "");
  said.textContent = texts.join(" ");
  said.classList.toggle("claimed", texts.length > 0);
}

/** The element that says by when somebody has to arrive: the chosen priority, or the window's own. */
function dueOf(/** @type {HTMLElement} */ fields) {
  const chosen = fields.closest("form")?.querySelector("input[name=priority][data-due]:checked");
  return chosen instanceof HTMLElement ? chosen : fields;
}

/**
 * @param {string} text with `{end}` and `{hours}`
 * @param {string} day as 2026-11-30, like the others of the company's zone
 * @param {string} start as 18:00
 * @param {string} end
 */
function untilText(text, day, start, end) {
  const from = Date.parse(`${day}T${start}Z`);
  const until = Date.parse(`${day}T${end}Z`) + DAY_MS;
  if (Number.isNaN(from + until)) return "";
  const said = new Intl.DateTimeFormat(document.documentElement.lang, {
    ...{ month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    timeZone: "UTC",
  });
  const hours = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return text.replace("{end}", said.format(until)).replace("{hours}", hours.format((until - from) / HOUR_MS));
}

/** @param {HTMLElement} fields @param {string} name */
function field(fields, name) {
  const found = fields.querySelector(`[name=${name}]`);
  return found instanceof HTMLInputElement ? found : null;
}
