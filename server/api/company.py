"""What anybody may know of the company before signing in."""

from __future__ import annotations

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean

from server.database import reading
from server.demo.public import public_accounts

blueprint = APIBlueprint("company", __name__, url_prefix="/api/v1", tag="Company")


class CompanyShown(Schema):
    """The company, as a stranger sees it."""

    is_demonstration = Boolean(metadata={"description": "Accounts here have a password that everybody knows."})


@blueprint.get("/company")
@blueprint.output(CompanyShown)
def show_company() -> dict[str, bool]:
    """The company

    Answers without a session: the sign-in page of a demonstration says that it is one.
    """
    with reading() as connection:
        return {"is_demonstration": bool(public_accounts(connection))}
