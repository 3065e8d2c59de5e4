"""What pages and routes share of HTTP: who asks and may, signing in, what is refused, errors, files that are sent."""
