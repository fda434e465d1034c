"""Live panels for the room: a panel changes the model on the screen and writes decisions, never results."""
