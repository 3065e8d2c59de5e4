"""Pages of work orders: the list, one order with its story, planning, photos, deciding on the order."""
