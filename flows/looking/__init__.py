"""What people look at: explanations, dossiers and reports, made of the published snapshot."""
