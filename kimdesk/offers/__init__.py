"""The offer directory's model, its readers and its query grammar; pure, nothing here touches the vault."""
