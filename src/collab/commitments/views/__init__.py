"""Pages of commitments: lists, the commitment itself, the liaison's work, the verification queue, and the forms."""
