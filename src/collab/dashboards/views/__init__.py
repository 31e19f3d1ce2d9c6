"""Pages of figures, and figures inside other pages."""
