"""A ledger's signature and its key, by the example of RFC 7515, A.3."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from server.sync.ledgers.ledger import kept_key, public_key, sign, signature_der, signature_fits, spki_pem

JWK = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
       "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}  # fmt: skip
PRIVATE = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
LINE = (
    b"eyJhbGciOiJFUzI1NiJ9."
    b"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
SIGNATURE = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
TEXT = json.dumps(JWK)


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No server is needed."""


def number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=="), "big")


def test_a_signature_fits_its_line_and_key_alone() -> None:
    assert signature_fits(TEXT, SIGNATURE, LINE)
    assert not signature_fits(TEXT, SIGNATURE, LINE + b" ")
    assert not signature_fits(TEXT, SIGNATURE[1:] + "A", LINE)
    other = JWK | {"x": JWK["y"], "y": JWK["x"]}  # no point of the curve
    assert not signature_fits(json.dumps(other), SIGNATURE, LINE)


@pytest.mark.parametrize("none", [None, "", SIGNATURE[:-2], SIGNATURE + "AA", SIGNATURE[:-1], "é" * 86, "*" * 85])
def test_what_is_no_signature_fits_nothing(none: str | None) -> None:
    assert signature_der(none) is None
    assert not signature_fits(TEXT, none, LINE)


def test_a_signature_is_two_numbers_for_openssl() -> None:
    der = signature_der(SIGNATURE)
    assert der is not None
    whole = urlsafe_b64decode(SIGNATURE + "==")
    assert decode_dss_signature(der) == (int.from_bytes(whole[:32], "big"), int.from_bytes(whole[32:], "big"))


def test_what_the_server_signs_fits_in_as_many_signs_as_a_phone_writes() -> None:
    key = derive_private_key(number(PRIVATE), SECP256R1())
    # One in 128 has a number that begins with a zero byte, and must be as long as any.
    signatures = [sign(key, LINE) for _ in range(300)]
    assert {len(signature) for signature in signatures} == {86}
    assert all(signature_fits(TEXT, signature, LINE) for signature in signatures)


def test_a_key_is_kept_in_its_shortest_form_and_told_as_openssl_reads_it() -> None:
    kept = kept_key(JWK | {"key_ops": ["verify"], "ext": True})
    assert kept == '{"kty":"EC","crv":"P-256","x":"%s","y":"%s"}' % (JWK["x"], JWK["y"])  # noqa: UP031
    numbers = public_key(JWK).public_numbers()
    assert (numbers.x, numbers.y) == (number(JWK["x"]), number(JWK["y"]))
    pem = spki_pem(kept)
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert load_pem_public_key(pem.encode()).public_numbers() == numbers  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong",
    [JWK | {"kty": "RSA"}, JWK | {"crv": "P-384"}, JWK | {"d": PRIVATE}, JWK | {"x": None}, JWK | {"x": 7},
     JWK | {"y": "é"}, JWK | {"x": JWK["y"]}, {"kty": "EC", "crv": "P-256", "x": JWK["x"]}, {}],
)  # fmt: skip
def test_what_is_no_public_key_of_the_curve_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        public_key(wrong)
    with pytest.raises(ValueError):
        kept_key(wrong)


@pytest.mark.parametrize("wrong", [None, "EC", [JWK], 7])
def test_what_is_no_object_is_no_key(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^not a public P-256 key$"):
        kept_key(wrong)


def test_a_private_key_is_refused_for_what_it_is() -> None:
    for wrong in (JWK | {"d": PRIVATE}, JWK | {"x": 7}):
        with pytest.raises(ValueError, match=r"^not a public P-256 key$"):
            public_key(wrong)
    with pytest.raises(ValueError, match=r"^not base64url$"):
        public_key(JWK | {"y": "é"})
