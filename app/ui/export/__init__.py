"""Controls and controllers for saving, copying and dragging a result."""
