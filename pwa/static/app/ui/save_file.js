// A file that the person keeps or hands over.

/** Long enough for a slow phone to have opened the file that it was given. */
const ADDRESS_KEPT_MS = 60_000;

/**
 * Give a file to the browser's downloads.
 * @param {Blob} file
 * @param {string} name
 * @returns {true}
 */
export function saveFile(file, name) {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), ADDRESS_KEPT_MS);
  return true;
}
