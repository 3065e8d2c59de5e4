"""A small company, what people type to find things in it, and what they should find: on the phone and in the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from uuid_utils import uuid7

from server.imports.known import read_known
from server.imports.rows import AssetRow, CustomerRow, PartRow, SiteRow
from server.imports.store_company import store_part
from server.imports.store_masters import store_asset, store_customer, store_site
from server.services import services
from server.sync.exchange.office_ledger import NewOperation, write


@dataclass(frozen=True)
class Place:
    """A customer with a site, an asset there, and a fault that was reported."""

    customer: str
    site: str
    address: str
    contact: str
    phone: str
    asset: str
    model: str
    serial: str
    fault: str


PLACES: Final = {
    "river": Place(
        "漓江花园业委会", "漓江花园3栋", "桂林市七星区漓江路２１号", "王志强", "0773-2810009",
        "生活水泵", "CR32-4", "SN-8842/01", "水泵漏水",
    ),
    "garden": Place(
        "疊彩苑物業", "疊彩苑", "叠彩区中山北路8号", "欧阳喆", "13977312345",
        "配電箱", "ＸＬ－２１", "GZ0917", "配電箱跳閘",
    ),
    "tower": Place(
        "重庆大厦", "重庆大厦B座", "象山区翠竹路5号", "Lisa Chen", "+86 137 0000 8842",
        "冷水机组", "30XA-0452", "3017Q", "车位被桂Ｃ·１２３４５占用，门禁故障",
    ),
    "green": Place(
        "绿园小区", "绿园小区东门", "雁山区", "覃芳", "1.3600001111E+10", "道闸", "DZ-1", "A7", "道闸不抬杆",
    ),
    "school": Place(
        "长安小学", "长安小学", "临桂区", "韦老师", "13500002222、(0773)2822222", "直饮水机", "RO-5", "RO500", "不出水",
    ),
}  # fmt: skip

# What is typed; whose order is found; which customers are found in the file, where that is not the same.
SEARCHES: Final[tuple[tuple[str, str, str | None], ...]] = (
    ("漓江", "river", None),
    ("业委会 3栋", "river", None),
    ("３栋　漓江", "river", None),
    ("ljhy", "river", None),
    ("ＬＪＨＹ", "river", None),
    ("lijianghuayuan", "river", None),
    ("lijhy", "river", None),
    ("漓江路21号", "river", None),
    ("cr324", "river", None),
    ("ｃｒ３２", "river", None),
    ("sn8842", "river", None),
    ("884201", "river", None),
    ("8842", "river tower", None),
    ("0773 2810009", "river", None),
    ("07732810009", "river", None),
    ("+86 773 2810009", "river", None),
    ("２８１０００９", "river", None),
    ("0772 2810009", "", None),
    ("13700008842", "tower", None),
    ("137 0000 8842", "tower", None),
    ("+86-137-0000-8842", "tower", None),
    ("00861370000", "tower", None),
    ("13977312345", "garden", None),
    ("+86 139 7731 2345", "garden", None),
    ("13600001111", "green", None),
    ("07732822222", "school", None),
    ("0773 2822222", "school", None),
    ("+86 135 0000 2222", "school", None),
    ("0773-2822222 长安", "school", None),
    ("0773-2822222 漓江", "", None),
    ("22220773", "", None),
    ("wangzhiqiang", "river", None),
    ("叠彩苑", "garden", None),
    ("疊彩苑", "garden", None),
    ("dcy", "garden", None),
    ("diecaiyuan", "garden", None),
    ("diecaiyuanwu", "garden", None),
    ("物业 叠彩", "garden", None),
    ("XL21", "garden", None),
    ("zhongshan", "garden", None),
    ("配电箱", "garden", None),
    ("配電箱", "garden", None),
    ("跳闸", "garden", ""),
    ("oyzhe", "garden", None),
    ("chongqing", "tower", None),
    ("zhongqing", "tower", None),
    ("大厦 象山", "tower", None),
    ("b座", "tower", None),
    ("桂C12345", "tower", ""),
    ("桂c·12345", "tower", ""),
    ("menjin", "tower", ""),
    ("LISA chen", "tower", None),
    ("30xa", "tower", None),
    ("lvyuan", "green", None),
    ("lü yuan", "green", None),
    ("changan", "school", None),
    ("changanxiaoxue", "school", None),
    ("dacy", "", None),
    ("漓江 大厦", "", None),
    ("ijiang", "", None),
    ("%", "", None),
    ("[a-z]", "", None),
)

PARTS: Final = {"PJ-0101": "铝合金门锁", "PJ-0102": "機械密封 CR32", "PJ-0103": "ＰＰＲ弯头 DN25"}
PARTS_FOUND: Final = (
    ("lv", "PJ-0101"),
    ("lvhejin", "PJ-0101"),
    ("机械", "PJ-0102"),
    ("機械", "PJ-0102"),
    ("jxmf", "PJ-0102"),
    ("ｃｒ３２", "PJ-0102"),
    ("cr32 密封", "PJ-0102"),
    ("ppr", "PJ-0103"),
    ("ｄｎ２５ 弯头", "PJ-0103"),
    ("0103", "PJ-0103"),
    ("pj0103", "PJ-0103"),
    ("pj", "PJ-0101 PJ-0102 PJ-0103"),
    ("密封圈", ""),
)


def make(connection: Connection, office: str, technician: str) -> dict[str, str]:
    """Take the company in as a spreadsheet does, and open the orders for `technician`; the order's id by its name."""
    running = services()
    orders = {}
    for name, place in PLACES.items():
        number = name.upper()
        customer = CustomerRow(number, place.customer, None, place.contact, place.phone, None, None, None)
        store_customer(connection, customer)
        site = SiteRow(f"DD{number}", number, place.site, place.address, None, None, None)
        store_site(connection, site, read_known(connection))
        asset = AssetRow(
            f"SB{number}", f"DD{number}", place.asset, None, place.model, place.serial, None, None, None
        )  # fmt: skip
        store_asset(connection, asset, read_known(connection))
        known = read_known(connection)
        orders[name] = str(uuid7())
        data: dict[str, Any] = {  # Any: JSON of an operation
            "kind": "repair", "fault": place.fault, "assignees": [technician],
            "customer": known.customers[number].id, "site": known.sites[f"DD{number}"].id,
            "asset": known.assets[f"SB{number}"].id, "contact": {"name": place.contact, "phone": place.phone},
        }  # fmt: skip
        [outcome] = write(
            connection, running.pen, office, [NewOperation("order.open", orders[name], data)], running.now()
        )
        assert outcome.status == "applied", outcome
    for part, called in PARTS.items():
        store_part(connection, PartRow(part, called, "个", 1250, None), running.now())
    return orders
