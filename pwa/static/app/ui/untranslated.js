// What a browser's translator does to the page is undone. It puts elements of its own in the place of texts, and a
// screen whose texts are gone stands still: it would go on offering what has long been done. The app asks not to be
// translated and has languages of its own; a translator that does not listen finds every text back in its place.

/** By these a translator marks its own; nothing here is made of them. */
const FOREIGN = "FONT";

/**
 * Watch over everything below `root`.
 * @param {HTMLElement} root
 */
export function keepUntranslated(root) {
  new MutationObserver((records) => records.forEach(undo)).observe(root, { childList: true, subtree: true });
}

/**
 * Put the texts back that stood where a foreign element stands now. The element comes and the text goes in one change
 * or in two; what the text's own place is, the element's neighbours tell.
 * @param {MutationRecord} change
 * @param {number} _index
 * @param {MutationRecord[]} changes all of one moment
 */
function undo(change, _index, changes) {
  const texts = [...change.removedNodes].filter((node) => node.nodeType === Node.TEXT_NODE && !node.isConnected);
  if (texts.length === 0) return;
  const foreign =
    foreignIn(change) ??
    changes
      .filter(({ target }) => target === change.target)
      .map(foreignIn)
      .find((one) => one?.isConnected);
  if (!foreign?.isConnected) return;
  foreign.replaceWith(...texts);
}

/** @param {MutationRecord} change @returns {Element | undefined} */
function foreignIn({ addedNodes }) {
  return /** @type {Element | undefined} */ (
    [...addedNodes].find((node) => node.nodeName === FOREIGN && node.isConnected)
  );
}
