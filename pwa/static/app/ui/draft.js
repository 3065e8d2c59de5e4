/** What a person has typed and not yet saved: kept on the disk with every keystroke, found again after a restart. */
import { useEffect, useRef, useState } from "preact/hooks";
import { unreadable } from "../store/connection.js";
import { dropDraft, readDraft } from "../store/drafts.js";
import { session } from "../store/session.js";
import { forget, keepText, unkept } from "./unkept_texts.js";

/**
 * A value that survives leaving the screen, a crash and a flat battery; on a full phone, where nothing could make way
 * for it, leaving the screen alone, and `isUnkept` says so.
 * @template Value
 * @param {string} key names the draft, for example `sign:<order>`
 * @param {Value} initial
 * @returns {{value: Value, isKept: boolean, isUnkept: boolean, ready: boolean, restored: boolean, newest: () => Value,
 *   change: (value: Value) => void, drop: () => Promise<void>}}
 *   `ready` once the disk has been asked; `isKept` once the value is on it; `newest` is what was typed last, shown
 *   already or not; `drop` after the value was recorded
 */
export function useDraft(key, initial) {
  const [value, setValue] = useState(initial);
  const [state, setState] = useState({ ready: false, restored: false });
  const [kept, setKept] = useState(/** @type {Value | null} */ (null));
  const newest = useRef(value);
  const touched = useRef(false);
  useEffect(() => {
    let here = true;
    touched.current = false;
    const typed = unkept(key);
    const take = (/** @type {unknown} */ found) => {
      if (!here) return;
      const restored = found !== undefined && found !== null && !touched.current;
      if (restored) {
        newest.current = /** @type {Value} */ (found);
        setValue(newest.current);
        if (typed === undefined) setKept(newest.current);
      }
      setState({ ready: true, restored });
    };
    // A draft that cannot be read is none that is empty: it is read once the database answers again.
    let again = () => {};
    const read = () =>
      readDraft(key).then(take, () => {
        take(undefined);
        again();
        if (here)
          again = unreadable.subscribe((isSo) => {
            if (!isSo && here && !touched.current) void readDraft(key).then(take, () => {});
          });
      });
    if (typed === undefined) void read();
    else take(typed);
    return () => {
      here = false;
      again();
    };
  }, [key]);
  return {
    value,
    isKept: value !== null && kept === value,
    isUnkept: unkept(key) !== undefined,
    ...state,
    newest: () => newest.current,
    change(next) {
      touched.current = true;
      newest.current = next;
      setValue(next);
      void keepText(key, next).then((isThere) => {
        if (isThere) setKept(next);
      });
    },
    async drop() {
      touched.current = false;
      await dropTyped(key);
    },
  };
}

/** What was typed there is not found again. @param {string} key */
export async function dropTyped(key) {
  forget(key);
  await dropDraft(key).catch(() => {});
}

/**
 * What the person saw when they began to type, and what they have made of it.
 * @typedef {{was: string, now: string}} Edit
 */

/**
 * A text that is edited in place: a draft while it is typed, recorded when the person leaves the field or the screen.
 * What is typed while an earlier value is on its way to the disk stays, and is recorded after it.
 * @param {string} key names the draft
 * @param {string} current what stands now
 * @param {(edit: Edit) => Promise<boolean>} record whether it is on the phone; otherwise the draft stays
 * @param {(typed: string) => string | null} [clean] what is meant by what was typed; null where it cannot be recorded
 * @returns {{text: string, isKept: boolean, isUnkept: boolean, type: (text: string) => void, commit: () =>
 *   Promise<void>}}
 */
export function useEdit(key, current, record, clean = (typed) => typed) {
  const draft = useDraft(key, /** @type {Edit | null} */ (null));
  const means = useRef({ current, record });
  means.current = { current, record };
  const writer = useRef(session.peek()?.person.id);
  const saving = useRef(Promise.resolve());

  async function keep() {
    const typed = draft.newest();
    const now = typed && clean(typed.now);
    // In another person's hands nothing is written: the draft waits in the store of whoever typed it.
    if (typed === null || now === null || session.peek()?.person.id !== writer.current) return;
    const { was } = typed;
    if (now !== was && now !== means.current.current && !(await means.current.record({ was, now }))) return;
    if (session.peek()?.person.id !== writer.current) return;
    const newest = draft.newest();
    if (newest !== null && newest.now !== typed.now) return draft.change({ was: now, now: newest.now });
    draft.change(null);
    await draft.drop();
  }
  const commit = () => (saving.current = saving.current.then(keep));
  useEffect(() => () => void commit(), []);

  return {
    text: draft.value?.now ?? current,
    isKept: draft.isKept && draft.value?.now !== current,
    isUnkept: draft.isUnkept,
    type: (text) => draft.change({ was: draft.newest()?.was ?? means.current.current, now: text }),
    commit,
  };
}
