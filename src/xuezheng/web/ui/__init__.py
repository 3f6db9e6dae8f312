"""What pages of every kind share: forms, navigation, uploads and downloads, how a value is shown."""
