"""Documents: what people write goes one way, whatever it is about. A room for each type; pure."""
