"""What people see of a bag: the page inside it, the file that says how to check it."""
