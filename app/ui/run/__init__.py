"""The run bar, the timeline, and the controller that starts and stops a run."""
