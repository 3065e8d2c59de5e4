"""An inbox with everything that can wait in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.server.office.scene import Scene, new_id

PLACES = ("09:00", "11:00")
PART = {"part": None, "name": "机械密封 CR32", "unit": "套", "unit_price": 18500, "source": "van"}


@dataclass(frozen=True)
class Waiting:
    """Ids of orders by what is to be decided on them, and of held operations."""

    conflict: str
    contradicted: str
    cancelled: str
    opened: str
    strange: str
    held: list[str]


def everything_waits(scene: Scene, place: tuple[str, str, str]) -> Waiting:
    """Conflicts, a contradicted arrival, work after a cancellation, an order from the field, and held operations."""
    scene.person("chenjie", "陈杰", "technician")
    scene.at("8:02")
    conflict = scene.open("zhangmin", "地下室水泵漏水", place, "liwei", PLACES)
    contradicted = scene.open("zhangmin", "消防主机报警", place, "liwei", PLACES)
    cancelled = scene.open("zhangmin", "配电箱跳闸", place, "liwei", PLACES)
    strange = scene.open("zhangmin", "门禁故障", place, "chenjie", ("14:00", "15:00"))
    scene.at("8:44").contact("liwei")
    seen = 1
    line = new_id()
    scene.note("liwei", "9:00", "material.add", conflict, PART | {"line": line, "quantity": "2"}, seen)
    scene.at("9:05").contact("liwei")
    _both_sides(scene, conflict, line)
    arrival = {"arrival": new_id(), "position": scene.fix("9:20", -800, 0, 10, 0)}
    scene.note("liwei", "9:20", "arrival.record", contradicted, arrival, seen)
    scene.office(
        "zhangmin", "order.plan", cancelled, {"changes": {"disposition": {"was": "active", "now": "cancelled"}}}, 1
    )
    for stage in ("accepted", "working", "finished"):
        scene.note("liwei", "9:30", "order.stage", cancelled, {"to": stage}, seen)
    opened = new_id()
    scene.note("liwei", "9:40", "order.open", opened, {"kind": "repair", "fault": "楼上也漏水", "priority": "urgent"})
    scene.at("10:00").contact("liwei")
    held = [
        scene.note(
            "liwei", f"10:{minute:02}", "note.add", strange, {"note": new_id(), "text": f"顺路看了一眼 {minute}"}
        )
        for minute in range(7)
    ]
    held.append(scene.note("liwei", "10:10", "stock.dream", strange, {"anything": True}))
    scene.phones["liwei"].lines.append(b"not a line at all")
    scene.at("10:20").contact("liwei")
    scene.at("10:52")
    return Waiting(conflict, contradicted, cancelled, opened, strange, held)


def _both_sides(scene: Scene, order: str, line: str) -> None:
    """Office and field change the same things: a number, a quantity, a description."""
    changes: dict[str, Any] = {  # Any: JSON
        "contact.phone": {"was": "13811110000", "now": "13722222222"},
        "fault": {"was": "地下室水泵漏水", "now": "地下室水泵漏水，业主很急"},
    }
    scene.office("zhangmin", "order.edit", order, {"changes": changes}, 2)
    quantity = {"line": line, "changes": {"quantity": {"was": "2", "now": "3"}}}
    scene.office("zhangmin", "material.change", order, quantity, 2)
    scene.note(
        "liwei",
        "9:10",
        "order.edit",
        order,
        {
            "changes": {
                "contact.phone": {"was": "13811110000", "now": "13911111111"},
                "fault": {"was": "地下室水泵漏水", "now": "泵房水泵漏水"},
            }
        },
        2,
    )
    mine = {"line": line, "changes": {"quantity": {"was": "2", "now": "4"}}}
    scene.note("liwei", "9:11", "material.change", order, mine, 2)
