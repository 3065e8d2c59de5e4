"""What the tests of keeping and delivering share: photos, and what the phone and the server have of them."""

from __future__ import annotations

import hashlib
import json
import random
from base64 import b64encode
from io import BytesIO

from apiflask import APIFlask
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import select

from server.database import reading
from server.models import Document
from tests.pwa.conftest import Job

TAKE = """async ([target, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const taken = await core.takeIn(new Blob([bytes]));
  const {photo, sha256, size, media_type} = taken;
  const data = {photo, sha256, size, media_type, purpose: 'before', taken_at: new Date().toISOString()};
  await core.record([{kind: 'photo.add', target, data}], [{...taken, target}]);
  return sha256;
}"""

HERE = "async (sha256) => (await core.localPhoto(sha256)) !== null"
# As if the server had said so many days later what time it is, and the phone's clock had moved as much.
LATER = """async (days) => {
  const store = await core.store();
  const clock = await store.get('meta', 'server_clock');
  const time = new Date(Date.parse(clock.time) + days * 86400e3).toISOString();
  await store.put('meta', {...clock, time}, 'server_clock');
}"""

AGE_GONE = """async (hours) => {
  const store = await core.store();
  const gone_at = new Date(Date.now() - hours * 3600e3).toISOString();
  for (const document of await store.getAllFromIndex('documents', 'gone')) {
    await store.put('documents', {...document, gone_at});
  }
}"""


def noisy_jpeg(side: int) -> bytes:
    """A picture that does not compress: several hundred kilobytes."""
    noise = random.Random(side).randbytes(side * side * 3)
    out = BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(out, "JPEG", quality=95)
    return out.getvalue()


def take(page: Page, job: Job, content: bytes) -> str:
    """Record a photo with these bytes; its hash."""
    sha256: str = page.evaluate(TAKE, [job.id, b64encode(content).decode()])
    assert sha256 == hashlib.sha256(content).hexdigest()
    return sha256


def states_at_server(app: APIFlask, job: Job) -> list[str]:
    """The states of the order's photo records."""
    with app.app_context(), reading() as connection:
        body = connection.execute(select(Document.body).where(Document.id == job.id)).scalar_one()
    return [photo["state"] for photo in (json.loads(body) if isinstance(body, str | bytes) else body)["photos"]]


def age_gone(page: Page, hours: float) -> None:
    """As if what has left the phone's person had left so long ago."""
    page.evaluate(AGE_GONE, hours)
