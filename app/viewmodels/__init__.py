"""View models: the state that the window shows, without widgets or tensor math."""
