"""Hands bags over: packs them for partners, receives them, writes receipts, compares two. No network but stores."""
