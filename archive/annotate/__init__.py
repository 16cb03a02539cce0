"""The report whose citations lead to the captured copies, and the exhibits."""
