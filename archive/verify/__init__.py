"""Checks a bag: six questions, six answers, and every finding. It writes nothing and uses no network."""
