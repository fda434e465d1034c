"""What leaves the kit: exhibits and the client's report."""
