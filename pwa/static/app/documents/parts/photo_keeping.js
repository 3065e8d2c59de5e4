/** From bytes to a photo of the order: hashed, placed and recorded in one transaction with the bytes themselves. */
import { signal } from "@preact/signals";
import { takeIn } from "../../capture/photo.js";
import { countInMemory } from "../../store/in_memory.js";
import { isReadable, localPhoto } from "../../store/photos.js";
import { session } from "../../store/session.js";
import { measureStorage } from "../../store/storage.js";
import { codeOf } from "../../core/failure.js";
import { t } from "../../ui/language.js";
import { save, write } from "../../ui/save.js";
import { toast } from "../../ui/toast.js";

/**
 * A picture that was taken and is not on the phone's disk: its record as it was then, so that a later try says the same
 * moment and place; `why` is the code of what kept it from there, null where nothing was tried in another's hands.
 * @typedef {{person: string | undefined, order: string, purpose: string, why: string | null, operation:
 *   import("../../types.js").NewOperation, photo: import("../../types.js").NewPhoto}} Unkept
 */

const unkept = signal(/** @type {Unkept[]} */ ([]));
countInMemory(() => unkept.value);

/**
 * The tries that are under way, by the photo: it is written once, however often it is asked for.
 * @type {Map<string, Promise<boolean>>}
 */
const trying = new Map();

/** The pictures of whoever is signed in that are only on the screen. */
export function ownUnkept() {
  return unkept.value.filter(({ person }) => person === session.value?.person.id);
}

/**
 * @param {string} order
 * @param {Blob} source the camera's or the file's own bytes
 * @param {string} purpose
 * @param {string | undefined} caption
 * @param {{person: string | undefined, taken_at: string, position: import("../../types.js").Json | null}} moment who
 *   took it, when and where
 * @returns {Promise<boolean>} whether it is on the phone; where it could not be written, it waits among the unkept
 * @throws what keeps it from being a photo
 */
export async function keepPhoto(order, source, purpose, caption, { person, taken_at, position }) {
  const { photo, sha256, size, media_type, blob } = await takeIn(source);
  const data = {
    photo,
    sha256,
    size,
    media_type,
    purpose,
    taken_at,
    ...(caption?.trim() && { caption: caption.trim() }),
    ...(position && { position }),
  };
  const operation = { kind: "photo.add", target: order, data };
  return keepAgain({
    person,
    order,
    purpose,
    why: null,
    operation,
    photo: { sha256, blob, photo, target: order, media_type, size },
  });
}

/**
 * Whatever keeps it from the disk, the picture is not lost by it.
 * @param {Unkept} taken
 * @returns {Promise<boolean>} whether it is on the phone
 */
export function keepAgain(taken) {
  const { photo } = taken.photo;
  const begun = trying.get(photo) ?? tryToKeep(taken).finally(() => trying.delete(photo));
  trying.set(photo, begun);
  return begun;
}

/** @param {Unkept} taken @returns {Promise<boolean>} */
async function tryToKeep(taken) {
  // In another person's hands nothing is written: it waits for whoever took it.
  if (taken.person === undefined || taken.person !== session.peek()?.person.id) return hold(taken);
  try {
    await write([taken.operation], [taken.photo]);
  } catch (problem) {
    const why = codeOf(problem);
    if (why === "unexpected") console.error(problem);
    void measureStorage();
    return hold({ ...taken, why });
  }
  unkept.value = without(taken);
  toast(t("phone-photo-saved"));
  void measureStorage();
  return true;
}

/** @param {Unkept} taken @returns {false} */
function hold(taken) {
  unkept.value = [...without(taken), taken];
  return false;
}

/** All others, as they are now: more may have come while this one was tried. @param {Unkept} taken */
function without(taken) {
  return unkept.peek().filter(({ photo }) => photo.photo !== taken.photo.photo);
}

/** Lets a picture go that could not be stored, with a way to take that back. @param {Unkept} taken */
export function dropUnkept(taken) {
  unkept.value = without(taken);
  toast(t("phone-photo-removed"), {
    undo: () => {
      hold(taken);
    },
  });
}

/**
 * Hides a photo, with a way to take that back where its bytes can be read, or the server has them.
 * @param {string} order
 * @param {import("../work_order/work_order.js").PhotoRecord} photo
 */
export async function removePhoto(order, photo) {
  // Before: what cannot be sent goes from the phone as its record is removed.
  const blob = await localPhoto(photo.sha256).catch(() => null);
  const mayComeBack = photo.state === "stored" || (blob !== null && (await isReadable(blob)));
  const undo = mayComeBack ? () => restorePhoto(order, photo, blob) : undefined;
  await save([{ kind: "photo.remove", target: order, data: { photo: photo.id } }], {
    said: t("phone-photo-removed"),
    undo,
  });
}

/**
 * @param {string} order
 * @param {import("../work_order/work_order.js").PhotoRecord} photo
 * @param {Blob | null} blob
 */
async function restorePhoto(order, photo, blob) {
  const { id, sha256, size, media_type, purpose, taken_at, caption, position: where } = photo;
  const data = {
    photo: id,
    sha256,
    size,
    media_type,
    purpose,
    taken_at,
    ...(caption && { caption }),
    ...(where && { position: where }),
  };
  await save([{ kind: "photo.add", target: order, data }], {
    photos: blob === null ? [] : [{ sha256, blob, photo: id, target: order, media_type, size }],
  });
}
