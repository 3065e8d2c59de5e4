"""A phone whose disk is really full: a bucket of the browser's storage with a quota that its database obeys.

The quota that the browser's own tools override is not what its database goes by.
"""

from __future__ import annotations

from playwright.sync_api import Page

SMALL = """async (quota) => {
  const bucket = await navigator.storageBuckets.open('small', {quota});
  Object.defineProperty(globalThis, 'indexedDB', {get: () => bucket.indexedDB, configurable: true});
  globalThis.bucket = bucket;
}"""
FILL = """async (spare) => {
  const opened = indexedDB.open('filler', 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore('bytes', {autoIncrement: true});
  globalThis.filler ??= await new Promise((resolve) => { opened.onsuccess = () => resolve(opened.result); });
  // A browser gives the room of what was deleted back a moment later.
  let {usage, quota} = await bucket.estimate();
  for (let before = -1; before !== usage;) {
    before = usage;
    await new Promise((resolve) => setTimeout(resolve, 150));
    ({usage} = await bucket.estimate());
  }
  const transaction = filler.transaction('bytes', 'readwrite', {durability: 'strict'});
  transaction.objectStore('bytes').add(new Blob([new Uint8Array(Math.max(0, quota - usage - spare))]));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}"""

EMPTY = """async () => {
  const transaction = filler.transaction('bytes', 'readwrite', {durability: 'strict'});
  transaction.objectStore('bytes').clear();
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
}"""


def shrink(page: Page, quota: int) -> None:
    """From now on what is opened has room for so many bytes in all; nobody is signed in yet."""
    page.evaluate(SMALL, quota)


def fill(page: Page, spare: int) -> None:
    """Something else takes all room but `spare` bytes."""
    page.evaluate(FILL, spare)


def make_room(page: Page) -> None:
    """What took the room has gone."""
    page.evaluate(EMPTY)
