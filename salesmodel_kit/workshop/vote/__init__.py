"""Votes in the room: a small web app on the consultant's machine, reached from the participants' phones."""
