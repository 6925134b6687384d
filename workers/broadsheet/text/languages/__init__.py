"""What each language says: a file of tables a language, read by `broadsheet.text.tables`."""
