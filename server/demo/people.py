"""The accounts of the demonstration company. Their password is known to everybody: nothing real goes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.passwords import PUBLIC

PASSWORD: Final = PUBLIC


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in, with one of the roles of server.models.ROLES."""

    username: str
    name: str
    role: str


ACCOUNTS: Final = (
    Account("liwei", "李伟", "technician"),
    Account("wanggang", "王刚", "technician"),
    Account("chenjie", "陈杰", "technician"),
    Account("zhaomin", "赵敏", "technician"),
    Account("zhangmin", "张敏", "supervisor"),
    Account("liuna", "刘娜", "service_desk"),
    Account("sunlei", "孙磊", "inspector"),
    Account("zhoufang", "周芳", "manager"),
    Account("admin", "管理员", "admin"),
)
